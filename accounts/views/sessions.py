"""One's own account: where one is signed in, and the second factor that some must have."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.operations import end_sessions
from accounts.permissions import lacks_second_factor
from accounts.queries import sessions_of


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    context = {"sessions": sessions_of(request.user), "current": request.session.session_key}
    return render(request, "accounts/session_list.html", context)


@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """Signs out everywhere else; this browser stays."""
    end_sessions(user=request.user, but=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:session_list")


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why an administrator goes no further yet, and the two ways to go on."""
    if not lacks_second_factor(request.user):
        return redirect("accounts:staff_home")
    return render(request, "accounts/second_factor.html")
