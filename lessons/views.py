from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import public, seat_required, staff_required, teacher_required
from accounts.enums import Band, Territory
from accounts.middleware import load_seat
from accounts.models import Classroom
from lessons.forms import AssignmentForm, TerritoryForm
from lessons.models import Assignment, GlossaryTerm, Helpline, Module
from lessons.operations import assign_module, finish_step
from lessons.permissions import can_assign, is_within_band
from lessons.queries import furthest_step, modules_of, shown_steps

PAPERS = {"worksheet", "easy-read", "letter"}


def _territory(request: HttpRequest) -> str:
    """Asked for, or the school's, or France: never guessed from an address."""
    asked = request.GET.get("territory", "")
    if asked in Territory.values:
        return asked
    seat = load_seat(request)
    if seat is not None:
        return seat.classroom.school.territory
    if request.user.is_authenticated:
        membership = request.user.memberships.current().select_related("school").first()
        if membership is not None:
            return membership.school.territory
    return Territory.FR


@public
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Where help is, child's words first. Needs no sign-in, and is never logged."""
    territory = _territory(request)
    lines = Helpline.objects.for_territory(territory)
    context = {
        "territory": Territory(territory),
        "form": TerritoryForm(initial={"territory": territory}),
        "for_pupils": [line for line in lines.for_pupils() if not line.is_emergency],
        "emergency": [line for line in lines if line.is_emergency],
        "for_adults": list(lines.filter(is_for_pupils=False, is_staff_page_only=False)),
    }
    return render(request, "lessons/help_index.html", context)


@public
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Words for everybody; a pupil sees those of the class's age, staff all of them, visitors those of eleven."""
    seat = load_seat(request)
    age = seat.classroom.age_of_youngest if seat else 18 if request.user.is_authenticated else 11
    terms = sorted(GlossaryTerm.objects.for_age(age), key=lambda term: term.term.casefold())
    return render(request, "lessons/glossary.html", {"terms": terms, "is_for_staff": request.user.is_authenticated})


@seat_required
@require_safe
def seat_home(request: HttpRequest) -> HttpResponse:
    modules = modules_of(request.seat, is_home=request.sitting.is_home)
    return render(request, "lessons/seat_home.html", {"modules": modules})


def _open_module(request: HttpRequest, slug: str) -> Module:
    return get_object_or_404(Module.objects.open_to(request.seat, is_home=request.sitting.is_home), slug=slug)


@seat_required
@require_safe
def module_start(request: HttpRequest, slug: str) -> HttpResponse:
    module = _open_module(request, slug)
    steps = shown_steps(request.seat.classroom, module)
    furthest = furthest_step(request.seat, module)
    context = {
        "module": module,
        "steps": steps,
        "next_number": min(furthest + 1, len(steps)),
        "furthest": furthest,
        "objectives": module.objectives.order_by("position"),
    }
    return render(request, "lessons/module_start.html", context)


@seat_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A step. Going on is a POST; nobody skips ahead of what was finished."""
    module = _open_module(request, slug)
    steps = shown_steps(request.seat.classroom, module)
    if not 1 <= number <= len(steps):
        raise Http404
    if request.method == "POST":
        finish_step(seat=request.seat, sitting=request.sitting, module=module, number=number)
        if number == len(steps):
            return redirect("quizzes:quiz_take", slug, "after")
        return redirect("lessons:step_detail", slug, number + 1)
    reached = furthest_step(request.seat, module) + 1
    if number > reached:
        return redirect("lessons:step_detail", slug, reached)
    step = steps[number - 1]
    scenes = step.scenes.prefetch_related("replies__next_scene").order_by("position")
    context = {"module": module, "step": step, "number": number, "total": len(steps), "scenes": scenes}
    return render(request, "lessons/step_detail.html", context)


@seat_required
@require_safe
def module_end(request: HttpRequest, slug: str) -> HttpResponse:
    module = _open_module(request, slug)
    lines = Helpline.objects.for_territory(request.seat.classroom.school.territory).for_pupils()
    context = {"module": module, "objectives": module.objectives.order_by("position"), "lines": lines}
    return render(request, "lessons/module_end.html", context)


@staff_required
@require_safe
def confide(request: HttpRequest) -> HttpResponse:
    """What to do now when a child confides, by territory. Nothing of it is ever typed into the platform."""
    territory = _territory(request)
    context = {
        "territory": Territory(territory),
        "form": TerritoryForm(initial={"territory": territory}),
        "lines": Helpline.objects.for_territory(territory),
    }
    return render(request, "lessons/confide.html", context)


@staff_required
@require_safe
def module_list(request: HttpRequest) -> HttpResponse:
    """The catalogue: a class's own band first when one is named, all bands otherwise."""
    classroom = None
    if wanted := request.GET.get("classroom"):
        classroom = next((c for c in Classroom.objects.visible_to(request.user) if str(c.pk) == wanted), None)
    modules = Module.objects.published().prefetch_related("topics", "steps")
    if classroom is not None:
        modules = [module for module in modules if is_within_band(module, classroom)]
    bands = [(band, [module for module in modules if module.band == band]) for band in Band]
    if classroom is not None:
        bands.sort(key=lambda pair: pair[0] != classroom.band)
    context = {"bands": [pair for pair in bands if pair[1]], "classroom": classroom}
    return render(request, "lessons/module_list.html", context)


@staff_required
@require_safe
def module_detail(request: HttpRequest, slug: str) -> HttpResponse:
    module = get_object_or_404(Module.objects.published(), slug=slug)
    classrooms = [c for c in Classroom.objects.visible_to(request.user) if is_within_band(module, c)]
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
        "gate": Module.objects.published().filter(opens_sensitive=True).first(),
    }
    return render(request, "lessons/module_detail.html", context)


@staff_required
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
        "is_preview": True,
        "band": module.band,
    }
    return render(request, "lessons/step_detail.html", context)


@staff_required
@require_safe
def module_paper(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    module = get_object_or_404(Module.objects.published(), slug=slug)
    if kind not in PAPERS or not module.paper:
        raise Http404
    return render(request, f"lessons/paper_{kind.replace('-', '_')}.html", {"module": module, "paper": module.paper})


@teacher_required
@require_POST
def assignment_create(request: HttpRequest, slug: str) -> HttpResponse:
    module = get_object_or_404(Module.objects.published(), slug=slug)
    form = AssignmentForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose one of your classes, and a day that exists."))
        return redirect("lessons:module_detail", slug)
    classroom = form.cleaned_data["classroom"]
    if not can_assign(request.user, module):
        raise PermissionDenied
    if not is_within_band(module, classroom):
        messages.error(request, _("This module is for older pupils than the youngest of this class."))
        return redirect("lessons:module_detail", slug)
    assign_module(classroom=classroom, module=module, due_on=form.cleaned_data["due_on"])
    messages.success(
        request, _("%(module)s is on the list of %(classroom)s.") % {"module": module, "classroom": classroom}
    )
    return redirect("accounts:classroom_detail", classroom.pk)


@teacher_required
@require_POST
def assignment_delete(request: HttpRequest, assignment_id) -> HttpResponse:
    """Takes a module off a class's list; what seats have done stays."""
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user), pk=assignment_id)
    classroom_id = assignment.classroom_id
    assignment.delete()
    messages.success(request, _("The module is off the list. What was done stays counted."))
    return redirect("accounts:classroom_detail", classroom_id)
