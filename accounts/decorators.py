"""Who may call a view. Login is required by default; these say otherwise, or more."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.middleware import load_seat
from accounts.operations.sitting import keep_awake
from accounts.permissions import is_administrator, is_authority_administrator, is_teacher

View = Callable[..., HttpResponse]
public = login_not_required


def seat_required(view: View) -> View:
    """For pupils: needs a sitting, not an account. Without one, the way to sit down; after a pause, "Not you?"."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if load_seat(request) is None:
            received = request.seat_cookie.as_received
            has_ended = bool(received and received[2])  # time, or the class's end, has ended a sitting of this device
            return redirect(reverse("accounts:sit_down") + ("?ended" if has_ended else ""))
        if request.seat_cookie.has_paused and request.method in ("GET", "HEAD"):
            request.keeps_pause = True
            return redirect(f"{reverse('accounts:not_you')}?{urlencode({'next': request.get_full_path()})}")
        if request.method == "POST":
            keep_awake(sitting=request.sitting)
        return view(request, *args, **kwargs)

    return wrapped


def _requires(predicate: Callable) -> Callable[[View], View]:
    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not predicate(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorator


teacher_required = _requires(is_teacher)
administrator_required = _requires(is_administrator)
figures_required = _requires(lambda user: is_administrator(user) or is_authority_administrator(user))
staff_required = _requires(lambda user: is_teacher(user) or is_administrator(user) or is_authority_administrator(user))
content_required = _requires(
    lambda user: user.is_staff or is_teacher(user) or is_administrator(user) or is_authority_administrator(user)
)
