"""A pupil's way through a module."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import seat_required
from accounts.views.shared import render_shared
from lessons.decorators import follows_class
from lessons.models import Helpline, Module, Reading, Step
from lessons.operations import finish_step
from lessons.permissions import booster_day, can_take_booster
from lessons.queries import furthest_step, modules_of, open_module, scenes_of, shown_steps, step_places
from lessons.views.offline import is_kept, keepable

SHORE = {"place": "lighthouse", "who": ["otter", "gull"], "thing": "star"}


@seat_required
@follows_class
@require_safe
def seat_home(request: HttpRequest) -> HttpResponse:
    modules = modules_of(request.seat, is_home=request.sitting.is_home)
    return render(request, "lessons/seat_home.html", {"modules": modules})


def _open_module(request: HttpRequest, slug: str) -> Module:
    module = open_module(request.seat, slug, is_home=request.sitting.is_home)
    if module is None:
        raise Http404
    return module


@seat_required
@follows_class
@require_safe
def module_start(request: HttpRequest, slug: str) -> HttpResponse:
    module = _open_module(request, slug)
    steps = shown_steps(request.seat, module)
    furthest = furthest_step(request.seat, module)
    context = {
        "module": module,
        "steps": steps,
        "next_number": min(furthest + 1, len(steps)),
        "furthest": furthest,
        "is_done": _done(request, module) is not None,
        "objectives": module.objectives.order_by("position"),
    }
    return keepable(render(request, "lessons/module_start.html", context), is_kept(request, module))


@gzip_page  # the same bytes for everybody who reads it: what is compressed tells nothing of anybody
@seat_required
@follows_class
@require_http_methods(["GET", "HEAD", "POST"])
def step_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A step. Going on is a POST; nobody skips ahead of what was finished."""
    module = _open_module(request, slug)
    steps = step_places(request.seat, module)
    if not 1 <= number <= len(steps):
        raise Http404
    if request.method == "POST":
        where = {"module": module, "number": number, "class_step": request.class_step}
        finish_step(seat=request.seat, sitting=request.sitting, **where)
        if number == len(steps):
            return redirect("quizzes:quiz_take", slug, "after")
        return redirect("lessons:step_detail", slug, number + 1)
    reached = max(furthest_step(request.seat, module) + 1, request.class_step)
    place = steps[number - 1]
    keeps = is_kept(request, module) and not place.is_sensitive
    if number > reached and not keeps:
        return redirect("lessons:step_detail", slug, reached)
    age = request.seat.first_age
    context = {
        "module": module,
        "place": place,
        "number": number,
        "total": len(steps),
        "first_age": age,
        # read only when the words are not in the cache
        "step": SimpleLazyObject(partial(Step.objects.get, pk=place.pk)),
        "scenes": SimpleLazyObject(partial(scenes_of, place.pk)),
        "terms": SimpleLazyObject(lambda: module.glossary_terms.for_age(age)),
    }
    key = f"step:{place.pk}:{module.content_hash}:{number}:{len(steps)}:{age}"
    return keepable(render_shared(request, "lessons/step_detail.html", context, key=key), keeps)


@seat_required
@follows_class
@require_safe
def easy_read(request: HttpRequest, slug: str) -> HttpResponse:
    """The module in short sentences with pictograms, for whoever asks. Nothing is kept of who did."""
    module = _open_module(request, slug)
    if not module.paper.get("easy_read"):
        raise Http404
    return render(request, "lessons/easy_read.html", {"module": module, "easy": module.paper["easy_read"]})


def _done(request: HttpRequest, module: Module) -> Reading | None:
    return Reading.objects.of(request.seat).filter(module=module, done_on__isnull=False).first()


@seat_required
@require_safe
def module_end(request: HttpRequest, slug: str) -> HttpResponse:
    """What one can do now, who helps, and what comes later. No points, and nothing to win."""
    module = _open_module(request, slug)
    reading = _done(request, module)
    if reading is None:
        return redirect("lessons:module_start", slug)
    lines = Helpline.objects.for_territory(request.seat.classroom.school.territory).for_pupils()
    context = {
        "module": module,
        "objectives": module.objectives.order_by("position"),
        "lines": lines,
        "booster_day": booster_day(reading),
        "may_take_booster": can_take_booster(reading),
        "picture": SHORE,
    }
    return render(request, "lessons/module_end.html", context)


@seat_required
@require_safe
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """To print, with a line for a name that is written by hand. Of a sensitive module the paper says nothing."""
    module = _open_module(request, slug)
    if _done(request, module) is None:
        return redirect("lessons:module_start", slug)
    objectives = [] if module.is_sensitive else module.objectives.order_by("position")
    return render(request, "lessons/certificate.html", {"module": module, "objectives": objectives, "picture": SHORE})
