from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.decorators import public
from accounts.enums import Band

AGES = [
    (
        Band.SIX,
        _("Pictures, a voice, three gestures: close, move away, tell."),
        ("beach", ["otter", "turtle"], "heart"),
    ),
    (Band.NINE, _("Good secrets and heavy ones, private things, saying no."), ("pier", ["fox", "squirrel"], "message")),
    (
        Band.TWELVE,
        _("Pressure, images, groups: notice, step back, stand by a friend."),
        ("bus", ["heron", "hare"], "phone"),
    ),
    (
        Band.FIFTEEN,
        _("Consent, power, rights and the law; how to help, and be helped."),
        ("library", ["lynx", "swan"], "book"),
    ),
]


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:home")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Doors for who has a card, teaches, is a parent or wonders; and the four ages."""
    ages = [
        (band.value, band.label, text, {"place": place, "who": who, "thing": thing})
        for band, text, (place, who, thing) in AGES
    ]
    return render(request, "accounts/home.html", {"ages": ages})


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/about.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tried and what is weak; every page leads here, as the law asks."""
    return render(request, "accounts/accessibility.html")


@public
@require_safe
def seat_leave(request: HttpRequest) -> HttpResponse:
    """Where "quick exit" leads: a page like any other, which says nothing of where one comes from. Nobody stands up."""
    if settings.QUICK_EXIT_URL:
        return redirect(settings.QUICK_EXIT_URL)
    return render(request, "accounts/seat_leave.html", {"numbers": range(2, 11), "factors": range(1, 11)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
