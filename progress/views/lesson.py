"""The lesson: the class as it sits now, and what the teacher does with it."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import teacher_required
from accounts.models import Classroom
from accounts.operations import open_classroom
from accounts.views.classrooms import back_to
from accounts.views.onward import confirm
from lessons.models import Module
from lessons.operations import bring_class_to, mark_took_part, set_class_lesson
from lessons.queries import classroom_now, kept_steps, lesson_of, listed_modules
from progress import queries
from progress.forms import ReopenForm, StepForm, TookPartForm
from progress.views.reports import classroom_of


def _cockpit_url(classroom: Classroom) -> str:
    return reverse("progress:cockpit", args=[classroom.pk])


@teacher_required
@require_safe
def cockpit(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """The class as it sits now; htmx asks for the room again every three seconds, with the mark of what it has."""
    classroom = classroom_now(request.user, classroom_id)
    if classroom is None:
        raise Http404
    lesson, sittings = lesson_of(classroom), queries.sittings_now(classroom)
    listed = listed_modules(classroom)
    asked, brought = request.GET.get("module", ""), lesson.module_id
    module = next((one for one in listed if one.slug == asked), None) or next(
        (one for one in listed if one.pk == brought), queries.module_now(sittings, list(listed))
    )
    steps = kept_steps(classroom, module) if module else []
    class_step = lesson.step_number if module is not None and module.pk == brought else 0
    assignment = listed.get(module)
    now = queries.cockpit(
        classroom=classroom, assignment=assignment, steps=steps, sittings=sittings, class_step=class_step
    )
    mark = queries.room_mark(now, lesson, class_step=class_step)
    if request.htmx and request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    context = {
        "classroom": classroom,
        "modules": list(listed),
        "module": module,
        "steps": steps,
        "lesson": lesson,
        "class_step": class_step,
        "is_hidden": module is not None and module.is_sensitive and not classroom.opens_sensitive,
        "now": now,
        "mark": mark,
        "here": f"{request.path}?{urlencode({'module': asked})}" if asked else request.path,
    }
    return render(request, "progress/cockpit.html" + ("#room" if request.htmx else ""), context)


def open_classroom_of(request: HttpRequest, classroom_id: UUID) -> Classroom | None:
    """The class, if it is open now; otherwise the page says so."""
    classroom = classroom_of(request, classroom_id)
    if not classroom.is_open:
        messages.error(request, _("Open the class first."))
        return None
    return classroom


@teacher_required
@require_POST
def lesson_pause(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Everybody pauses at their next page, or goes on."""
    if classroom := open_classroom_of(request, classroom_id):
        set_class_lesson(classroom=classroom, is_paused=request.POST.get("pause") == "1")
    return back_to(request, reverse("progress:cockpit", args=[classroom_id]))


@teacher_required
@require_POST
def lesson_step(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Brings everybody who is not there yet to a step; skipped ones count as shown, skipped questions as nothing."""
    if classroom := open_classroom_of(request, classroom_id):
        form = StepForm(request.POST, classroom=classroom)
        if form.is_valid():
            undo = bring_class_to(classroom=classroom, **form.cleaned_data)
            text = _("Everybody comes to step %(number)s on their next page.")
            confirm(request, text % {"number": form.cleaned_data["step_number"]}, undo)
        else:
            messages.error(request, _("Choose a step of a module that is on the list of the class."))
    return back_to(request, reverse("progress:cockpit", args=[classroom_id]))


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def took_part(request: HttpRequest, classroom_id: UUID, slug: str) -> HttpResponse:
    """Marks a module done for pupils who shared a tablet or had none."""
    classroom = classroom_of(request, classroom_id)
    module = get_object_or_404(Module.objects.assigned_to(classroom), slug=slug)
    form = TookPartForm(request.POST if request.method == "POST" else None, classroom=classroom, module=module)
    if not form.is_valid():
        context = {"classroom": classroom, "module": module, "form": form}
        return render(request, "progress/took_part.html", context, status=422 if form.is_bound else 200)
    undo = mark_took_part(classroom=classroom, module=module, seats=form.cleaned_data["seats"])
    text = ngettext("%(count)s seat took part.", "%(count)s seats took part.", undo.count)
    confirm(request, text % {"count": undo.count}, undo)
    return redirect(f"{_cockpit_url(classroom)}?module={slug}")


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_reopen(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Opens the class for chosen seats only: pupils who were absent catch up."""
    classroom = classroom_of(request, classroom_id)
    form = ReopenForm(request.POST if request.method == "POST" else None, classroom=classroom)
    if not form.is_valid():
        context = {"classroom": classroom, "form": form}
        return render(request, "progress/lesson_reopen.html", context, status=422 if form.is_bound else 200)
    open_classroom(classroom=classroom, actor=request.user, **form.cleaned_data)
    return redirect(_cockpit_url(classroom))
