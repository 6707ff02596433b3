"""The calm page while the whole class pauses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.decorators import seat_required
from lessons.queries import lesson_now

BAY = {"place": "harbour", "who": [], "thing": "none"}


@seat_required
@require_safe
def seat_pause(request: HttpRequest) -> HttpResponse:
    """Asks again by itself; without JavaScript, the link does."""
    onward = request.GET.get("next", "")
    if not onward.startswith("/") or not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("lessons:seat_home")
    if not lesson_now(request.seat.classroom).is_paused:
        return HttpResponseClientRedirect(onward) if request.htmx else redirect(onward)
    if request.htmx:
        return HttpResponse(status=204)
    context = {"here": request.get_full_path(), "picture": BAY, "picture_alt": _("Boats rest in a calm bay.")}
    return render(request, "lessons/seat_pause.html", context)
