"""The list of modules of a class: in which order, until when, for which seats."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import teacher_required
from accounts.models import Classroom
from accounts.operations import Undo
from accounts.views.onward import confirm
from lessons import operations
from lessons.forms import AssignmentForm, CopyForm, DueForm, SeatsForm
from lessons.models import Assignment, Module
from lessons.permissions import can_assign, is_within_band
from lessons.queries import assignments_of, modules_for_copy, staff_gate, year_plan


def _assignment(request: HttpRequest, assignment_id: UUID) -> Assignment:
    assignments = Assignment.objects.visible_to(request.user).select_related("classroom__school", "module")
    return get_object_or_404(assignments, pk=assignment_id)


@teacher_required
@require_safe
def assignment_list(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """What a class is taught, in order, and what comes next."""
    classroom = get_object_or_404(Classroom.objects.visible_to(request.user).select_related("school"), pk=classroom_id)
    return _list(request, classroom)


def _list(request: HttpRequest, classroom: Classroom, status: int = 200) -> HttpResponse:
    plan = year_plan(classroom)
    parts = {one.module.pk: one.part for one in plan}
    assignments = assignments_of(classroom)
    for one in assignments:
        one.part = parts.get(one.module_id)
    context = {
        "classroom": classroom,
        "assignments": assignments,
        "sensitive_count": sum(one.module.is_sensitive for one in assignments),
        "neutral": next((one.module for one in assignments if not one.module.is_sensitive), None),
        "plan": plan,
        "plan_left": sum(one.module.pk not in {other.module_id for other in assignments} for one in plan),
        "gate": staff_gate(),
    }
    return render(request, "lessons/assignment_list.html", context, status=status)


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
    with operations.list_changes(classroom) as undo:
        operations.assign_module(classroom=classroom, module=module, due_on=form.cleaned_data["due_on"])
    text = _("%(module)s is on the list of %(classroom)s.")
    confirm(request, text % {"module": module, "classroom": classroom}, undo)
    return redirect("lessons:assignment_list", classroom.pk)


@teacher_required
@require_POST
def assignment_delete(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Takes a module off a class's list; what seats have done stays."""
    assignment = _assignment(request, assignment_id)
    with operations.list_changes(assignment.classroom) as undo:
        operations.remove_assignment(assignment=assignment)
    confirm(request, _("The module is off the list. What was done stays counted."), undo)
    return redirect("lessons:assignment_list", assignment.classroom_id)


@teacher_required
@require_POST
def assignment_move(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = _assignment(request, assignment_id)
    operations.move_assignment(assignment=assignment, places=-1 if request.POST.get("to") == "up" else 1)
    return redirect("lessons:assignment_list", assignment.classroom_id)


@teacher_required
@require_POST
def assignment_due(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = _assignment(request, assignment_id)
    form = DueForm(request.POST, instance=assignment)
    if form.is_valid():
        with operations.list_changes(assignment.classroom) as undo:
            form.save()
        confirm(request, _("The day is saved.") if assignment.due_on else _("The due day is removed."), undo)
    else:
        messages.error(request, _("Choose a day that exists, or none."))
    return redirect("lessons:assignment_list", assignment.classroom_id)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_seats(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """For which seats a module is meant, and what the others find instead. Nobody is asked why."""
    assignment = _assignment(request, assignment_id)
    form = SeatsForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if request.method != "POST" or not form.is_valid():
        context = {"assignment": assignment, "classroom": assignment.classroom, "form": form}
        return render(request, "lessons/assignment_seats.html", context, status=422 if form.is_bound else 200)
    with operations.list_changes(assignment.classroom) as undo:
        operations.choose_seats(assignment=assignment, **form.cleaned_data)
    confirm(request, _("Saved. Pupils see it on their next page."), undo)
    return redirect("lessons:assignment_list", assignment.classroom_id)


@teacher_required
@require_POST
def plan_adopt(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """All modules of the band in order, in one click; sensitive ones for who is ready to teach them."""
    classroom = get_object_or_404(Classroom.objects.visible_to(request.user).select_related("school"), pk=classroom_id)
    modules = [one.module for one in year_plan(classroom)]
    allowed = [module for module in modules if can_assign(request.user, module)]
    with operations.list_changes(classroom) as undo:
        count = operations.assign_modules(classroom=classroom, modules=allowed)
    text = ngettext("%(count)s module is new on the list.", "%(count)s modules are new on the list.", count)
    confirm(request, text % {"count": count}, undo)
    if len(allowed) < len(modules):
        messages.warning(
            request, _("Sensitive modules were left out: take the staff module first, then adopt the plan again.")
        )
    return redirect("lessons:assignment_list", classroom.pk)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_copy(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """The class of next year: name, age and modules; new seats and cards, and nothing of this year's seats."""
    classroom = get_object_or_404(Classroom.objects.visible_to(request.user).select_related("school"), pk=classroom_id)
    form = CopyForm(request.POST if request.method == "POST" else None, classroom=classroom)
    if not form.is_valid():
        context = {"classroom": classroom, "form": form}
        return render(request, "lessons/classroom_copy.html", context, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    grown = Classroom(school=classroom.school, age_of_youngest=data["age_of_youngest"])
    modules = modules_for_copy(classroom, grown, data.pop("modules"))
    allowed = [module for module in modules if can_assign(request.user, module)]
    copy = operations.copy_classroom(classroom=classroom, teacher=request.user, modules=allowed, **data)
    undo = Undo("make", {"classroom": copy.pk})
    confirm(request, _("The class of next year is made. Print its cards when it begins."), undo)
    return redirect("accounts:classroom_detail", copy.pk)
