"""The calm page while the whole class pauses, and the one on which it votes."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import seat_required
from accounts.views.onward import onward_of
from lessons.operations import take_turn
from lessons.queries import lesson_now, open_vote_for, replies_of

BAY = {"place": "harbour", "who": [], "thing": "none"}


def _onward(request: HttpRequest) -> str:
    """Where the pupil was going: a page of ours."""
    return onward_of(request.GET) or reverse("lessons:seat_home")


@seat_required
@require_safe
def seat_pause(request: HttpRequest) -> HttpResponse:
    """Asks again by itself; without JavaScript, the link does."""
    onward, lesson = _onward(request), lesson_now(request.seat.classroom)
    if not request.sitting.is_home and open_vote_for(request.seat, lesson.vote_key) is not None:
        onward = f"{reverse('lessons:seat_vote')}?{urlencode({'next': onward})}"
    elif lesson.is_paused:
        onward = ""
    if onward:
        return redirect(onward)
    if request.htmx:
        return HttpResponse(status=204)
    context = {"here": request.get_full_path(), "picture": BAY, "picture_alt": _("Boats rest in a calm bay.")}
    return render(request, "lessons/seat_pause.html", context)


@seat_required
@require_http_methods(["GET", "HEAD", "POST"])
def seat_vote(request: HttpRequest) -> HttpResponse:
    """One tap, or a pass; then on. Closed meanwhile, or tapped twice: simply on."""
    vote = None
    if not request.sitting.is_home:
        vote = open_vote_for(request.seat, lesson_now(request.seat.classroom).vote_key)
    if vote is None:
        return redirect(_onward(request))
    replies = replies_of(vote.scene)
    if request.method == "POST":
        choice = request.POST.get("reply")
        if choice in {"", *(reply.slug for reply in replies)}:
            take_turn(seat=request.seat, vote=vote, reply=choice)
            return redirect(_onward(request))
    context = {"scene": vote.scene, "replies": replies, "here": request.get_full_path()}
    return render(request, "lessons/seat_vote.html", context, status=422 if request.method == "POST" else 200)
