"""Pages for anybody: where help is, words explained, how pages are shown."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import public
from accounts.enums import Territory
from accounts.middleware import load_seat
from accounts.views.onward import onward_of
from config import rows
from lessons.forms import ReadingForm, TerritoryForm
from lessons.models import GlossaryTerm, Helpline


def territory_of(request: HttpRequest) -> str:
    """Asked for, or the school's, or France: never guessed from an address."""
    asked = request.GET.get("territory", "")
    if asked in Territory.values:
        return asked
    seat = load_seat(request)
    if seat is not None:
        return seat.classroom.school.territory
    if request.user.is_authenticated:
        rows.admit("person", request.user.pk)
        membership = request.user.memberships.current().select_related("school").first()
        if membership is not None:
            return membership.school.territory
    return Territory.FR


@public
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Where help is, child's words first. Needs no sign-in, and is never logged."""
    territory = territory_of(request)
    lines = Helpline.objects.for_territory(territory)
    context = {
        "territory": Territory(territory),
        "form": TerritoryForm(initial={"territory": territory}),
        "for_pupils": [line for line in lines.for_pupils() if not line.is_emergency],
        "emergency": [line for line in lines if line.is_emergency],
        "for_adults": list(lines.filter(is_for_pupils=False, is_staff_page_only=False)),
    }
    return render(request, "lessons/help_index.html", context)


@public
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Words for everybody; a pupil sees those of the class's age, staff all of them, visitors those of eleven."""
    seat = load_seat(request)
    age = seat.first_age if seat else 18 if request.user.is_authenticated else 11
    terms = sorted(GlossaryTerm.objects.for_age(age), key=lambda term: term.term.casefold())
    return render(request, "lessons/glossary.html", {"terms": terms, "is_for_staff": request.user.is_authenticated})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def reading_help(request: HttpRequest) -> HttpResponse:
    """Bigger letters, more room, a slower voice: kept in the pupil's cookie and nowhere else."""
    load_seat(request)
    onward = onward_of(request.POST if request.method == "POST" else request.GET)
    form = ReadingForm(request.POST or None, initial=request.seat_cookie.preferences)
    context = {"form": form, "next": onward}
    if request.method != "POST":
        return render(request, "lessons/reading_help.html", context)
    if not form.is_valid():
        return render(request, "lessons/reading_help.html", context, status=422)
    request.seat_cookie.preferences = form.preferences()
    if "try" in request.POST or not onward:
        return redirect(f"{request.path}?{urlencode({'next': onward})}" if onward else request.path)
    return redirect(onward)
