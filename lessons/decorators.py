"""Pupils follow the lesson: they pause or vote when the teacher says so, and go where she has brought the class."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lessons.models import Module
from lessons.queries import furthest_step, lesson_now, open_vote_for, step_places

View = Callable[..., HttpResponse]
KEEP = "X-Balise-Keep"  # a page that the device stores for later is not where the pupil is now


def follows_class(view: View) -> View:
    """Below `seat_required`. Sets `request.class_step`. Only reading waits for a pause: nothing sent is lost."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.class_step = 0
        if request.sitting.is_home:
            return view(request, *args, **kwargs)
        lesson = lesson_now(request.seat.classroom)
        reads = request.method in ("GET", "HEAD") and KEEP not in request.headers
        if reads and lesson.is_paused:
            return redirect(f"{reverse('lessons:seat_pause')}?{urlencode({'next': request.path})}")
        if reads and open_vote_for(request.seat, lesson.vote_key) is not None:
            return redirect(f"{reverse('lessons:seat_vote')}?{urlencode({'next': request.path})}")
        if lesson.module is not None and lesson.module.slug == kwargs.get("slug"):
            request.class_step = _step_for(request, lesson.module, lesson.step_number)
        if reads and request.class_step and _is_behind(request, lesson.module, **kwargs):
            return redirect("lessons:step_detail", lesson.module.slug, request.class_step)
        return view(request, *args, **kwargs)

    return wrapped


def _step_for(request: HttpRequest, module: Module, step_number: int) -> int:
    """A group of its own age may be shown fewer steps than the class."""
    return min(step_number, len(step_places(request.seat, module)))


def _is_behind(request: HttpRequest, module: Module, number: int | None = None, moment: str = "before", **_) -> bool:
    """Whether this is the start, the questions before or a step that the class has left; who was there may go back."""
    is_early = moment == "before" and (number or 0) < request.class_step
    return is_early and furthest_step(request.seat, module) < request.class_step - 1
