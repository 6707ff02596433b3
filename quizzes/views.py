import datetime
import json
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.gzip import GZipMiddleware
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
from lessons.queries import next_unread, open_module
from lessons.secrets import unseal
from lessons.views.offline import TICKET_SALT, is_kept, keepable
from quizzes.enums import Moment, QuizKind
from quizzes.forms import QuizForm, review
from quizzes.grading import DamagedError, Response
from quizzes.models import Attempt, Quiz
from quizzes.operations import Saved, mark_ready_to_teach, save_responses, submit_attempt
from quizzes.queries import (
    QuizContent,
    attempt_of,
    graded_share,
    keys_of,
    questions_of,
    quiz_content,
    resumable_responses,
    sheet_of,
)

_compressed = GZipMiddleware(lambda _request: None).process_response
UNPROCESSABLE = 422
CONFLICT = 409
GONE = 410
LATEST_ENTRY = datetime.timedelta(days=8)  # as long as an open attempt is kept
LARGEST_ENTRY = 64 * 1024


MOMENTS = {moment.lower(): Moment(moment) for moment in Moment.values}


def _load(request: HttpRequest, slug: str, moment: str) -> tuple[Module, QuizContent, Moment]:
    """What the address names, as far as this seat may open it; otherwise there is no such page."""
    if moment not in MOMENTS:
        raise Http404
    module = open_module(request.seat, slug, is_home=request.sitting.is_home)
    content = quiz_content(request.seat.classroom, module, MOMENTS[moment]) if module else None
    if content is None:
        raise Http404
    return module, content, MOMENTS[moment]


def _is_time_for(request: HttpRequest, module: Module, moment: Moment) -> bool:
    """Practice once the module is done, the booster two weeks later: sooner they would spoil what AFTER measures."""
    if moment not in (Moment.PRACTICE, Moment.LATER):
        return True
    reading = Reading.objects.of(request.seat).filter(module=module, done_on__isnull=False).first()
    return can_take_booster(reading) if moment == Moment.LATER else reading is not None


def _resumed(attempt: Attempt | None, content: QuizContent, seat: Seat) -> dict[str, Response]:
    """What was answered in an open attempt."""
    return resumable_responses(attempt, seat.classroom, content.keys) if attempt else {}


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
    module, content, moment = _load(request, slug, moment)
    seat = request.seat
    if not _is_time_for(request, module, moment):
        return redirect("lessons:module_end", slug)
    keeps = is_kept(request, module)
    if moment == Moment.AFTER and not keeps and (unread := next_unread(seat, module)):
        return redirect("lessons:step_detail", slug, unread)
    if request.method == "POST":
        return _hand_in(request, content, moment)
    attempt = None if moment == Moment.PRACTICE else attempt_of(seat, content.quiz, moment)
    if attempt is not None and attempt.is_submitted:
        return _onwards(module, moment)
    kept = {} if keeps else _resumed(attempt, content, seat)  # a page that stays on the device holds no answer
    form = QuizForm(questions=content.questions, responses=kept)
    context = {"module": module, "moment": moment, "form": form, "is_resumed": bool(kept)}
    page = keepable(render(request, "quizzes/quiz_take.html", context), keeps)
    return page if kept else _compressed(request, page)  # without an answer on it, its size tells nothing


def _hand_in(request: HttpRequest, content: QuizContent, moment: Moment) -> HttpResponse:
    module = content.quiz.module
    is_passed = "pass" in request.POST
    try:
        key, responses = content.sheet.read(request.POST)
    except DamagedError:
        return _asked_again(request, content, moment, is_damaged=True)
    unanswered = len(content.questions) - len(responses)
    if unanswered and not is_passed and "anyway" not in request.POST:
        return _asked_again(request, content, moment, unanswered=unanswered)
    responses = None if is_passed else responses
    whose = {"seat": request.seat, "quiz": content.quiz, "moment": moment, "idempotency_key": key}
    saved = submit_attempt(**whose, keys=content.keys, responses=responses)
    if moment == Moment.BEFORE:  # explanations now would spoil what the second form measures
        return _onwards(module, moment)
    answers = review(content.questions, content.keys, responses)
    return render(request, "quizzes/quiz_review.html", {"module": module, "saved": saved, "answers": answers})


def _asked_again(request: HttpRequest, content: QuizContent, moment: Moment, **why: object) -> HttpResponse:
    """The same page with everything that was sent, and why it was not taken."""
    form = QuizForm(request.POST, questions=content.questions, responses={})
    context = {"module": content.quiz.module, "moment": moment, "form": form, **why}
    return render(request, "quizzes/quiz_take.html", context, status=UNPROCESSABLE)


@seat_required
@require_safe
def quiz_explained(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """The explanations once more, after handing in. What was answered is gone, so nothing of it is shown."""
    module, content, moment = _load(request, slug, moment)
    attempt = None if moment == Moment.BEFORE else attempt_of(request.seat, content.quiz, moment)
    if attempt is None or not attempt.is_submitted:
        return redirect("quizzes:quiz_take", slug, moment.lower())
    answers = review(content.questions, content.keys, None)
    return render(request, "quizzes/quiz_review.html", {"module": module, "answers": answers, "saved": None})


@seat_required
@require_POST
def quiz_save(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """Keeps what is answered so far. Answers 204, or 409 when the quiz was handed in before."""
    module, content, moment = _load(request, slug, moment)
    if not _is_time_for(request, module, moment):
        return HttpResponse(status=CONFLICT)
    try:
        key, responses = content.sheet.read(request.POST)
    except DamagedError:
        return HttpResponse(status=UNPROCESSABLE)
    saved = save_responses(
        seat=request.seat, quiz=content.quiz, moment=moment, idempotency_key=key, responses=responses
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
    content = quiz_content(seat.classroom, module, moment)
    if content is None:
        return None
    try:
        key, responses = content.sheet.read(fields)
    except DamagedError:
        return None
    whose = {"seat": seat, "quiz": content.quiz, "moment": moment, "idempotency_key": key}
    if not is_submission:
        return save_responses(**whose, responses=responses, only_fills=True)
    responses = None if "pass" in fields else responses
    return submit_attempt(**whose, keys=content.keys, responses=responses, only_fills=True)


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
    questions = questions_of(quiz)
    form = QuizForm(questions=questions, responses={})
    pairs = list(zip(form.shown(), review(questions, keys_of(questions), None), strict=True))
    return render(request, "quizzes/quiz_projector.html", {"module": module, "pairs": pairs})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """A staff module's questions, graded in one request; nothing of the answers is kept."""
    module = get_object_or_404(Module.objects.published(), slug=slug, band="staff")
    quiz = get_object_or_404(Quiz, module=module, kind=QuizKind.STAFF)
    questions = questions_of(quiz)
    context = {"module": module, "form": QuizForm(request.POST or None, questions=questions, responses={})}
    if request.method != "POST":
        return render(request, "quizzes/staff_quiz.html", context)
    try:
        _key, responses = sheet_of(questions).read(request.POST)
    except DamagedError:
        responses = {}
    if len(responses) < len(questions):
        return render(request, "quizzes/staff_quiz.html", context | {"asks_again": True}, status=UNPROCESSABLE)
    keys = keys_of(questions)
    is_done = mark_ready_to_teach(user=request.user, module=module, share=graded_share(keys, responses))
    answers = {"answers": review(questions, keys, responses), "is_done": is_done}
    return render(request, "quizzes/staff_quiz.html", context | answers)
