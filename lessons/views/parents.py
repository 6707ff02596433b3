"""What parents may read without an account: what each band learns, and what it never sees."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.decorators import public
from accounts.enums import Band, Territory
from lessons.enums import ReviewState
from lessons.forms import TerritoryForm
from lessons.models import Helpline, Module, ModuleQuerySet
from lessons.permissions import BANDS_OF_PUPILS
from lessons.views.public import territory_of

PICTURES = {
    Band.SIX: {"place": "beach", "who": ["otter", "turtle"], "thing": "none"},
    Band.NINE: {"place": "schoolyard", "who": ["fox", "squirrel"], "thing": "none"},
    Band.TWELVE: {"place": "bus", "who": ["heron", "hare"], "thing": "none"},
    Band.FIFTEEN: {"place": "library", "who": ["lynx", "swan"], "thing": "none"},
}


def _taught() -> ModuleQuerySet:
    """What a school can open to pupils, with a letter that says what it shows."""
    modules = Module.objects.published().filter(band__in=BANDS_OF_PUPILS).order_by("position")
    return modules.filter(review_state=ReviewState.REVIEWED) if settings.WITHHOLD_UNREVIEWED else modules


@gzip_page  # the same for everybody
@public
@require_safe
def parents_index(request: HttpRequest) -> HttpResponse:
    """Which age? And what holds at every age: how to talk, how to listen, where help is."""
    modules = list(_taught())
    bands = [(band, PICTURES[band], [one for one in modules if one.band == band]) for band in BANDS_OF_PUPILS]
    return render(request, "lessons/parents_index.html", {"bands": bands})


@gzip_page
@public
@require_safe
def parents_band(request: HttpRequest, band: str) -> HttpResponse:
    """What a band learns and never sees, in the words of the modules' own letters."""
    if band not in BANDS_OF_PUPILS:
        raise Http404
    territory = territory_of(request)
    lines = Helpline.objects.for_territory(territory).filter(is_for_adults=True, is_staff_page_only=False)
    context = {
        "taught": Band(band),
        "bands": BANDS_OF_PUPILS,
        "modules": [module for module in _taught().filter(band=band) if module.paper.get("letter")],
        "territory": Territory(territory),
        "form": TerritoryForm(initial={"territory": territory}),
        "lines": [line for line in lines if not line.is_emergency],
        "emergency": [line for line in lines if line.is_emergency],
    }
    return render(request, "lessons/parents_band.html", context)
