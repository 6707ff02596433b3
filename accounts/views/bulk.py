"""Several classes at once: a few at each step, so that it is seen how far it is, and can go on after a break."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import operations
from accounts.decorators import teacher_required
from accounts.forms import several_classrooms
from accounts.queries import classes_to_make

AT_ONCE = 4
TO_MAKE = "classes_to_make"  # in the session of staff: names and ages of classes, no pupil's


def work_page(request: HttpRequest, **context: object) -> HttpResponse:
    """How far long work is, and the button that does the next of it; see the template for what it wants."""
    return render(request, "accounts/work.html" + ("#work" if request.htmx else ""), context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_create_several(request: HttpRequest) -> HttpResponse:
    lines = 40 if request.GET.get("lines") == "40" else 6
    data = request.POST if request.method == "POST" else None
    formset = several_classrooms(lines)(data, teacher=request.user)
    if request.method != "POST" or not formset.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/classroom_create_several.html", {"formset": formset}, status=status)
    request.session[TO_MAKE] = [
        [str(row["school"].pk), row["label"], row["age_of_youngest"], row["seat_count"]] for row in formset.rows()
    ]
    return _step(request)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_make(request: HttpRequest) -> HttpResponse:
    """How far it is; a POST makes the next ones."""
    if request.method == "POST":
        return _step(request)
    rows = request.session.get(TO_MAKE, [])
    waiting = classes_to_make(request.user, rows)
    if not waiting:
        return redirect("accounts:classroom_list")
    done, total = len(rows) - len(waiting), len(rows)
    return work_page(
        request,
        title=_("Classes are being made"),
        doing=_("%(done)s of %(total)s classes are made") % {"done": done, "total": total},
        done=done,
        total=total,
        action=reverse("accounts:classroom_make"),
    )


def _step(request: HttpRequest) -> HttpResponse:
    rows = request.session.get(TO_MAKE, [])
    waiting = classes_to_make(request.user, rows)
    operations.create_classrooms(teacher=request.user, rows=waiting[:AT_ONCE])
    if len(waiting) <= AT_ONCE and request.session.pop(TO_MAKE, None):
        text = ngettext("%(count)s class is made.", "%(count)s classes are made.", len(rows))
        messages.success(request, text % {"count": len(rows)})
    return redirect("accounts:classroom_make")  # which leads on where nothing is left
