from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.decorators import public

SHORE = {"place": "beach", "who": ["otter", "fox"], "thing": "compass"}


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:home")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three doors: I have a card, I teach, What is this?"""
    return render(request, "accounts/home.html", {"picture": SHORE})


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/about.html")


@public
@require_safe
def seat_leave(request: HttpRequest) -> HttpResponse:
    """Where "quick exit" leads: a page like any other, which says nothing of where one comes from. Nobody stands up."""
    if settings.QUICK_EXIT_URL:
        return redirect(settings.QUICK_EXIT_URL)
    return render(request, "accounts/seat_leave.html", {"numbers": range(2, 11), "factors": range(1, 11)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
