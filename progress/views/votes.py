"""The class votes: on its tablets, a tap each; or by hands that the teacher counts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import teacher_required
from lessons.operations import VoteRefusedError, close_vote, open_vote, put_votes_away
from lessons.queries import lesson_now, listed_modules, votable_scenes, vote_now, vote_state
from progress import queries
from progress.forms import ClassVoteForm, VoteForm
from progress.views.lesson import open_classroom_of
from progress.views.reports import classroom_of


@teacher_required
@require_safe
def vote(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """What is asked now, or its result; else what can be asked. Hands live in the address and nowhere else."""
    classroom = classroom_of(request, classroom_id)
    hands = VoteForm(request.GET if "a" in request.GET else None)
    context = {"classroom": classroom, "form": hands, "here": request.get_full_path(), "rows": [], "most": 0}
    if hands.is_bound:
        context |= hands.shown() if hands.is_valid() else {}
        return render(request, "progress/vote.html", context, status=422 if hands.errors else 200)
    if running := vote_now(classroom):
        context["vote"] = running
        if running.is_closed:
            return render(request, "progress/vote_shown.html", context | {"result": queries.vote_result(running)})
        context["state"] = vote_state(running, classroom)
        return render(request, "progress/vote_open.html" + ("#state" if request.htmx else ""), context)
    modules = list(listed_modules(classroom))
    asked = request.GET.get("module", "")
    module = next((one for one in modules if one.slug == asked), None) or lesson_now(classroom).module
    module = module if module in modules else next(iter(modules), None)
    scenes = votable_scenes(classroom, module) if module else []
    return render(request, "progress/vote.html", context | {"module": module, "modules": modules, "scenes": scenes})


@teacher_required
@require_POST
def vote_open(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Asks on the tablets: a page more for each seat that sits here."""
    if classroom := open_classroom_of(request, classroom_id):
        form = ClassVoteForm(request.POST, classroom=classroom)
        try:
            if form.is_valid():
                open_vote(classroom=classroom, scene=form.cleaned_data["scene"])
            else:
                messages.error(request, _("Choose a question of a module of the class that is not sensitive."))
        except VoteRefusedError:
            text = _("The class has voted on this in this lesson. A second vote would show what single pupils chose.")
            messages.error(request, text)
    return redirect("progress:vote", classroom_id)


@teacher_required
@require_POST
def vote_close(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    classroom = classroom_of(request, classroom_id)
    if not close_vote(classroom=classroom):
        messages.info(request, _("Fewer than five voted: nothing is shown, and nothing was kept."))
    return redirect("progress:vote", classroom.pk)


@teacher_required
@require_POST
def vote_away(request: HttpRequest, classroom_id: UUID) -> HttpResponse:
    """Forgets the sums that are shown, or drops the open vote."""
    classroom = classroom_of(request, classroom_id)
    put_votes_away(classroom=classroom)
    messages.success(request, _("Put away: the sums are erased."))
    return redirect("progress:cockpit", classroom.pk)
