import datetime
import json
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import public, seat_required, staff_required
from accounts.models import Seat
from config import rows
from lessons.decorators import follows_class
from lessons.models import Module, Reading
from lessons.operations import finish_step
from lessons.permissions import can_take_booster
from lessons.queries import next_unread
from lessons.secrets import unseal
from lessons.views.offline import TICKET_SALT, is_kept, keepable
from quizzes.enums import Moment, QuizKind
from quizzes.forms import QuizForm
from quizzes.grading import Response
from quizzes.models import Attempt, Quiz
from quizzes.operations import Saved, mark_ready_to_teach, save_responses, submit_attempt
from quizzes.queries import (
    QuizKeys,
    attempt_of,
    graded_share,
    keys_of,
    questions_of,
    quiz_for,
    resumable_responses,
)

UNPROCESSABLE = 422
CONFLICT = 409
GONE = 410
LATEST_ENTRY = datetime.timedelta(days=8)  # as long as an open attempt is kept
LARGEST_ENTRY = 64 * 1024


def _load(request: HttpRequest, slug: str, moment: str) -> tuple[Module, Quiz, Moment]:
    """What the address names, as far as this seat may open it; otherwise there is no such page."""
    if moment.upper() not in Moment.values or moment != moment.lower():
        raise Http404
    modules = Module.objects.open_to(request.seat, is_home=request.sitting.is_home)
    module = get_object_or_404(modules, slug=slug)
    quiz = quiz_for(request.seat.classroom, module, Moment(moment.upper()))
    if quiz is None:
        raise Http404
    quiz.module = module
    return module, quiz, Moment(moment.upper())


def _is_time_for(request: HttpRequest, module: Module, moment: Moment) -> bool:
    """Practice once the module is done, the booster two weeks later: sooner they would spoil what AFTER measures."""
    if moment not in (Moment.PRACTICE, Moment.LATER):
        return True
    reading = Reading.objects.of(request.seat).filter(module=module, done_on__isnull=False).first()
    return can_take_booster(reading) if moment == Moment.LATER else reading is not None


def _resumed(attempt: Attempt | None, quiz: Quiz, seat: Seat, keys: QuizKeys) -> dict[str, Response]:
    """What was answered in an open attempt."""
    if attempt is None:
        return {}
    attempt.quiz = quiz
    return resumable_responses(attempt, seat.classroom, keys)


def _onwards(module: Module, moment: Moment) -> HttpResponse:
    if moment == Moment.BEFORE:
        return redirect("lessons:step_detail", module.slug, 1)
    return redirect("lessons:module_end", module.slug)


@seat_required
@follows_class
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_take(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """The questions, and handing them in.

    A submission is answered with the explanations themselves, not with a redirect: the responses are gone from the
    server by then, and only this answer can still show which were chosen. Sending it again changes nothing.
    """
    module, quiz, moment = _load(request, slug, moment)
    seat = request.seat
    if not _is_time_for(request, module, moment):
        return redirect("lessons:module_end", slug)
    keeps = is_kept(request, module)
    if moment == Moment.AFTER and not keeps and (unread := next_unread(seat, module)):
        return redirect("lessons:step_detail", slug, unread)
    attempt = None if moment == Moment.PRACTICE else attempt_of(seat, quiz, moment)
    if request.method != "POST" and attempt is not None and attempt.is_submitted:
        return _onwards(module, moment)
    questions = questions_of(quiz)
    keys = keys_of(questions)
    kept = {} if keeps else _resumed(attempt, quiz, seat, keys)  # a page that stays on the device holds no answer
    form = QuizForm(request.POST or None, questions=questions, responses=kept)
    context = {"module": module, "moment": moment, "form": form, "is_resumed": bool(kept)}
    if request.method != "POST":
        return keepable(render(request, "quizzes/quiz_take.html", context), keeps)
    if not form.is_valid():
        return render(request, "quizzes/quiz_take.html", context | {"is_damaged": True}, status=UNPROCESSABLE)
    is_passed = "pass" in request.POST
    if not is_passed and form.unanswered_count() and "anyway" not in request.POST:
        return render(request, "quizzes/quiz_take.html", context | {"asks_again": True}, status=UNPROCESSABLE)
    responses = None if is_passed else form.responses()
    saved = submit_attempt(
        seat=seat,
        quiz=quiz,
        moment=moment,
        idempotency_key=form.cleaned_data["key"],
        keys=keys,
        responses=responses,
    )
    if moment == Moment.BEFORE:  # explanations now would spoil what the second form measures
        return _onwards(module, moment)
    return render(request, "quizzes/quiz_review.html", context | {"saved": saved, "answers": form.review(responses)})


@seat_required
@require_safe
def quiz_explained(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """The explanations once more, after handing in. What was answered is gone, so nothing of it is shown."""
    module, quiz, moment = _load(request, slug, moment)
    attempt = None if moment == Moment.BEFORE else attempt_of(request.seat, quiz, moment)
    if attempt is None or not attempt.is_submitted:
        return redirect("quizzes:quiz_take", slug, moment.lower())
    form = QuizForm(questions=questions_of(quiz), responses={})
    return render(request, "quizzes/quiz_review.html", {"module": module, "answers": form.review(None), "saved": None})


@seat_required
@require_POST
def quiz_save(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """Keeps what is answered so far. Answers 204, or 409 when the quiz was handed in before."""
    module, quiz, moment = _load(request, slug, moment)
    if not _is_time_for(request, module, moment):
        return HttpResponse(status=CONFLICT)
    questions = questions_of(quiz)
    form = QuizForm(request.POST, questions=questions, responses={})
    if not form.is_valid():
        return HttpResponse(status=UNPROCESSABLE)
    saved = save_responses(
        seat=request.seat,
        quiz=quiz,
        moment=moment,
        idempotency_key=form.cleaned_data["key"],
        responses=form.responses(),
    )
    return HttpResponse(status=204 if saved.accepted else CONFLICT)


def _late_entry(request: HttpRequest) -> tuple[dict, Seat, Module]:
    """What a device sealed, whose it is, and of which module. Raises ValueError for whatever is no entry of ours."""
    entry = json.loads(unseal(settings.BALISE_OUTBOX_KEY, request.body))
    ticket = signing.loads(entry["ticket"], salt=TICKET_SALT, max_age=LATEST_ENTRY)
    rows.admit("seat", ticket["seat"])
    seats = Seat.objects.select_related("classroom__school")
    seat = seats.get(pk=ticket["seat"], card_version=ticket["card"])
    return entry, seat, Module.objects.open_to(seat, is_home=True).get(slug=ticket["module"])


@public
@csrf_exempt
@require_POST
def late(request: HttpRequest) -> HttpResponse:
    """An entry that waited on a device for the network. No cookie speaks here: the ticket inside says whose it is.

    204: taken, or known already. 409: the quiz was handed in before. 410: it can be taken no more, or never could.
    """
    if not settings.BALISE_OUTBOX_KEY or int(request.headers.get("Content-Length") or 0) > LARGEST_ENTRY:
        return HttpResponse(status=GONE)
    try:
        entry, seat, module = _late_entry(request)
        if entry["kind"] == "step":
            finish_step(seat=seat, sitting=None, module=module, number=int(entry["number"]))
            return HttpResponse(status=204)
        moment = {"before": Moment.BEFORE, "after": Moment.AFTER}[entry["moment"]]
        fields = QueryDict(urlencode([(str(name), str(value)) for name, value in entry["fields"]]))
        is_submission = {"save": False, "submit": True}[entry["kind"]]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, signing.BadSignature, ObjectDoesNotExist):
        return HttpResponse(status=GONE)
    saved = _take_late(seat, module, moment, fields, is_submission=is_submission)
    if saved is None:
        return HttpResponse(status=GONE)
    return HttpResponse(status=204 if saved.accepted else CONFLICT)


def _take_late(seat: Seat, module: Module, moment: Moment, fields: QueryDict, *, is_submission: bool) -> Saved | None:
    quiz = quiz_for(seat.classroom, module, moment)
    questions = questions_of(quiz) if quiz is not None else []
    form = QuizForm(fields, questions=questions, responses={})
    if quiz is None or not form.is_valid():
        return None
    whose = {"seat": seat, "quiz": quiz, "moment": moment, "idempotency_key": form.cleaned_data["key"]}
    if not is_submission:
        return save_responses(**whose, responses=form.responses(), only_fills=True)
    responses = None if "pass" in fields else form.responses()
    return submit_attempt(**whose, keys=keys_of(questions), responses=responses, only_fills=True)


@staff_required
@require_safe
def quiz_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Both forms to print, for a class without devices; the key is on a page of its own."""
    module = get_object_or_404(Module.objects.published(), slug=slug)
    quizzes = module.quizzes.filter(kind__in=[QuizKind.A, QuizKind.B]).order_by("kind")
    forms = [(quiz.kind, QuizForm(questions=questions_of(quiz), responses={}).shown()) for quiz in quizzes]
    return render(request, "quizzes/quiz_paper.html", {"module": module, "forms": forms})


@staff_required
@require_safe
def quiz_projector(request: HttpRequest, slug: str) -> HttpResponse:
    """Form A for a class that answers by hands up; explanations open when the teacher says so. Nothing is kept."""
    module = get_object_or_404(Module.objects.published(), slug=slug)
    quiz = get_object_or_404(Quiz, module=module, kind=QuizKind.A)
    form = QuizForm(questions=questions_of(quiz), responses={})
    pairs = list(zip(form.shown(), form.review(None), strict=True))
    return render(request, "quizzes/quiz_projector.html", {"module": module, "pairs": pairs})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """A staff module's questions, graded in one request; nothing of the answers is kept."""
    module = get_object_or_404(Module.objects.published(), slug=slug, band="staff")
    quiz = get_object_or_404(Quiz, module=module, kind=QuizKind.STAFF)
    questions = questions_of(quiz)
    form = QuizForm(request.POST or None, questions=questions, responses={})
    context = {"module": module, "form": form}
    if request.method != "POST":
        return render(request, "quizzes/staff_quiz.html", context)
    if not form.is_valid() or form.unanswered_count():
        return render(request, "quizzes/staff_quiz.html", context | {"asks_again": True}, status=UNPROCESSABLE)
    is_done = mark_ready_to_teach(
        user=request.user, module=module, share=graded_share(keys_of(questions), form.responses())
    )
    review = {"answers": form.review(form.responses()), "is_done": is_done}
    return render(request, "quizzes/staff_quiz.html", context | review)
