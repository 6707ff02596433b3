"""The catalogue and what a teacher does with it; the words for when a child confides."""

from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.decorators import content_required, staff_required
from accounts.enums import Band, Territory
from accounts.models import Classroom
from lessons.forms import AssignmentForm, ComposerForm, TerritoryForm
from lessons.models import Assignment, Helpline, Module, Scene
from lessons.permissions import BANDS_OF_PUPILS, can_assign, is_within_band
from lessons.queries import shown_steps, staff_gate
from lessons.queries.composer import compose
from lessons.views.public import territory_of

PAPERS = {"worksheet", "easy-read", "letter", "story"}
ROOM = {"pupils": 28, "tablets": 10, "non_readers": 0, "minutes": 55}


@staff_required
@require_safe
def confide(request: HttpRequest) -> HttpResponse:
    """What to do now when a child confides, by territory. Nothing of it is ever typed into the platform."""
    territory = territory_of(request)
    context = {
        "territory": Territory(territory),
        "form": TerritoryForm(initial={"territory": territory}),
        "lines": Helpline.objects.for_territory(territory),
    }
    return render(request, "lessons/confide.html", context)


@gzip_page  # the curriculum, which is no secret
@staff_required
@require_safe
def module_list(request: HttpRequest) -> HttpResponse:
    """The catalogue: a class's own band first when one is named, all bands otherwise."""
    classroom = None
    if wanted := request.GET.get("classroom"):
        visible = Classroom.objects.visible_to(request.user).prefetch_related("groups")
        classroom = next((c for c in visible if str(c.pk) == wanted), None)
    modules = Module.objects.published().prefetch_related("topics", "steps")
    if classroom is not None:
        modules = [module for module in modules if is_within_band(module, classroom)]
    bands = [(band, [module for module in modules if module.band == band]) for band in BANDS_OF_PUPILS]
    if classroom is not None:
        bands.sort(key=lambda pair: pair[0] != classroom.band)
    context = {
        "bands": [pair for pair in bands if pair[1]],
        "for_you": [module for module in modules if module.band == Band.STAFF],
        "classroom": classroom,
    }
    return render(request, "lessons/module_list.html", context)


@staff_required
@require_safe
def module_detail(request: HttpRequest, slug: str) -> HttpResponse:
    module = get_object_or_404(Module.objects.published(), slug=slug)
    visible = Classroom.objects.visible_to(request.user).prefetch_related("groups")
    classrooms = [c for c in visible if is_within_band(module, c)]
    form = AssignmentForm(user=request.user, initial={"classroom": request.GET.get("classroom")})
    form.fields["classroom"].queryset = Classroom.objects.filter(pk__in=[c.pk for c in classrooms])
    context = {
        "module": module,
        "steps": module.steps.order_by("position"),
        "objectives": module.objectives.order_by("position"),
        "form": form,
        "has_classrooms": bool(classrooms),
        "assigned": Assignment.objects.visible_to(request.user).filter(module=module).select_related("classroom"),
        "may_assign": can_assign(request.user, module),
        "gate": staff_gate(),
    }
    return render(request, "lessons/module_detail.html", context)


@staff_required
@require_safe
def composer(request: HttpRequest, slug: str) -> HttpResponse:
    """The lesson for the room as it is, to print. The checklist is paper: nothing is ticked here."""
    module = get_object_or_404(Module.objects.published(), slug=slug)
    if not module.plan:
        raise Http404
    classrooms = Classroom.objects.visible_to(request.user).annotate(seat_count=Count("seats"))
    classroom = next((one for one in classrooms if str(one.pk) == request.GET.get("classroom")), None)
    room = ROOM | ({"pupils": max(1, classroom.seat_count)} if classroom else {})
    form = ComposerForm(request.GET if "minutes" in request.GET else room)
    plan = compose(plan=module.plan, **form.cleaned_data) if form.is_valid() else None
    context = {"module": module, "classroom": classroom, "form": form, "plan": plan}
    return render(request, "lessons/composer.html", context, status=200 if plan else 422)


@staff_required
@require_safe
def ready_to_teach(request: HttpRequest) -> HttpResponse:
    """To the staff module that opens sensitive ones, wherever a page says that it comes first."""
    gate = staff_gate()
    return redirect("lessons:module_detail", gate.slug) if gate else redirect("lessons:module_list")


@content_required
@require_safe
def step_preview(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A step as a pupil of the band sees it; nothing is counted."""
    module = get_object_or_404(Module.objects.published(), slug=slug)
    steps = list(module.steps.order_by("position"))
    if not 1 <= number <= len(steps):
        raise Http404
    step = steps[number - 1]
    context = {
        "module": module,
        "step": step,
        "number": number,
        "total": len(steps),
        "scenes": step.scenes.prefetch_related("replies__next_scene").order_by("position"),
        "terms": module.glossary_terms.all(),
        "is_preview": True,
        "band": module.band,
        "preview_before": reverse("lessons:step_preview", args=[slug, number - 1]) if number > 1 else "",
        "preview_after": reverse("lessons:step_preview", args=[slug, number + 1]) if number < len(steps) else "",
        "preview_end": reverse("lessons:module_detail", args=[slug]),
    }
    return render(request, "lessons/step_detail.html", context)


@staff_required
@require_safe
def projector(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A step for the whole class, big enough for the last row. Answers are hands up: nothing is sent or kept."""
    module = get_object_or_404(Module.objects.published(), slug=slug)
    wanted = request.GET.get("classroom", "")
    classroom = next((c for c in Classroom.objects.visible_to(request.user) if str(c.pk) == wanted), None)
    steps = shown_steps(classroom, module) if classroom else list(module.steps.order_by("position"))
    if not 1 <= number <= len(steps):
        raise Http404
    context = {
        "module": module,
        "step": steps[number - 1],
        "number": number,
        "total": len(steps),
        "scenes": steps[number - 1].scenes.prefetch_related("replies__next_scene").order_by("position"),
        "query": f"?classroom={classroom.pk}" if classroom else "",
    }
    return render(request, "lessons/projector.html", context)


@staff_required
@require_safe
def module_paper(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    module = get_object_or_404(Module.objects.published(), slug=slug)
    if kind not in PAPERS or not module.paper:
        raise Http404
    context = {"module": module, "paper": module.paper}
    if kind == "story":  # what a lesson without any device reads aloud
        scenes = Scene.objects.order_by("position").prefetch_related("replies__next_scene")
        context["steps"] = module.steps.order_by("position").prefetch_related(Prefetch("scenes", scenes))
    return render(request, f"lessons/paper_{kind.replace('-', '_')}.html", context)
