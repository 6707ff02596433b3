"""Sheets to print for the school's own protocol: filled in by hand, and never typed here."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import staff_required
from accounts.enums import Territory
from lessons.forms import TerritoryForm
from lessons.models import Helpline
from lessons.queries.poster import poster_lines
from lessons.views.public import territory_of

POSTER_PICTURE = {"place": "lighthouse", "who": ["otter", "fox", "turtle"], "thing": "none"}


def _of_territory(request: HttpRequest) -> dict[str, object]:
    territory = territory_of(request)
    return {"territory": Territory(territory), "form": TerritoryForm(initial={"territory": territory})}


@staff_required
@require_safe
def sheet_protocol(request: HttpRequest) -> HttpResponse:
    """Whom to see in this school when a child confides: names are written on the paper, by hand."""
    context = _of_territory(request)
    lines = Helpline.objects.for_territory(context["territory"]).filter(territory=context["territory"])
    context["emergency"] = lines.filter(is_emergency=True)
    context["advice"] = lines.filter(is_emergency=False, is_for_adults=True)
    return render(request, "lessons/sheet_protocol.html", context)


@staff_required
@require_safe
def sheet_disclosure(request: HttpRequest) -> HttpResponse:
    """A blank sheet for a child's exact words. It has lines for a pen, and no field."""
    return render(request, "lessons/sheet_disclosure.html")


@staff_required
@require_safe
def sheet_poster(request: HttpRequest) -> HttpResponse:
    """Who helps, for the wall: the territory's numbers, and who is there at school."""
    context = _of_territory(request)
    address = request.build_absolute_uri(f"{reverse('lessons:help_index')}?territory={context['territory'].value}")
    context |= {
        "picture": POSTER_PICTURE,
        "lines": poster_lines(context["territory"]),
        "address": request.get_host() + reverse("lessons:help_index"),
        "code": segno.make_qr(address, error="m").svg_inline(border=1, omitsize=True, svgclass=None, lineclass=None),
    }
    return render(request, "lessons/sheet_poster.html", context)
