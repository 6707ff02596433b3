from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.decorators import public


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:home")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/home.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
