"""Canaries go through the pages, errors included; none may be found in a log, a traceback, an e-mail or a trail."""

import logging
import traceback
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

from accounts import secrets
from accounts.models import AuditLine, Seat, Sitting
from accounts.operations import record_act
from accounts.queries import card_of
from accounts.secrets import keyed_device
from lessons.models import ModuleQuerySet
from privacy.operations import erase_classroom, erase_seat
from quizzes.models import Attempt
from tests.factories.accounts import ClassroomFactory, teacher_of
from tests.factories.quizzes import make_assigned_with_quiz
from tests.privacy.conftest import dump, note_figures
from tests.silence import ADDRESS as ADDRESS_OF_ALL
from tests.silence import AGENT as AGENT_OF_ALL
from tests.silence import WATCH, judge

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"
AGENT = "CanaryBrowser/7.7"
ANSWER = "canary-answer-4711"


class Listener(logging.Handler):
    """Writes down what production would: by the formatter of the settings, from INFO on."""

    def __init__(self):
        super().__init__(logging.INFO)
        named = project.LOGGING["handlers"]["console"]["formatter"]
        self.setFormatter(import_string(project.LOGGING["formatters"][named]["()"])())
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


LOGGERS = ("", "django", "django.request", "django.security", "django.server")


@pytest.fixture
def listener():
    """On every logger that the settings name: their levels are lowered, so that more is heard than in production."""
    assert set(project.LOGGING["loggers"]) < set(LOGGERS)
    handler = Listener()
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in ("", "django"):
        logging.getLogger(name).addHandler(handler)
    yield handler
    for name in LOGGERS:
        logging.getLogger(name).setLevel(levels[name])
        logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def classroom():
    return ClassroomFactory(is_open=True, seat_count=4, form="A")


@pytest.fixture
def canaries(classroom):
    """Everything of one pupil that could be said by mistake."""
    seat = classroom.seats.in_order()[0]
    card = card_of(seat)
    found = {ADDRESS, AGENT, ANSWER, classroom.code, card.token, card.home_key, card.home_key.replace("-", "")}
    found |= {separator.join(map(str, card.pictures)) for separator in (",", ", ", " ", "-")}
    found |= {str(seat.pk), seat.pk.hex, seat.qr_digest, seat.home_digest}
    for language in ("fr", "en"):
        with translation.override(language):
            found.add(str(seat.handle))
    return found


def sinks(listener) -> dict[str, str]:
    return {
        "log": "\n".join(listener.lines),
        "mail": "\n".join(f"{one.subject}\n{one.body}\n{one.alternatives}" for one in mail.outbox),
        "trail": "\n".join(f"{line.act} {line.subject} {line.actor_key}" for line in AuditLine.objects.all()),
        "admin": "\n".join(f"{one.object_id} {one.object_repr} {one.change_message}" for one in LogEntry.objects.all()),
    }


def leaks(listener, canaries) -> set[tuple[str, str]]:
    return {(sink, one) for sink, text in sinks(listener).items() for one in canaries if one.lower() in text.lower()}


def browser(**options) -> Client:
    return Client(raise_request_exception=False, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT, **options)


def test_a_leak_planted_in_each_sink_is_found(listener, canaries, classroom):
    seat = classroom.seats.in_order()[0]
    with WATCH.planted("to see that each sink is searched"):
        logging.getLogger("planted").warning(f"sat down: {seat.handle}")
        mail.send_mail("Hello", f"{ADDRESS} sat down", None, ["staff@example.org"])
        record_act(act="open_classroom", school=classroom.school, actor=None, subject=card_of(seat).token)
        LogEntry.objects.create(
            user=teacher_of(classroom), object_id=str(seat.pk), object_repr=classroom.code, action_flag=2
        )
    assert {sink for sink, _canary in leaks(listener, canaries)} == {"log", "mail", "trail", "admin"}


def plant_answer(seat):
    module = make_assigned_with_quiz(seat.classroom)
    attempt = Attempt.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, quiz=module.quizzes.first(),
        moment="BEFORE", idempotency_key=uuid.uuid4(), responses='{"a-one":"tell"}', opening=seat.classroom.opening,
    )  # fmt: skip
    return f"kept {attempt.responses}"


SECRETS = {
    "address": lambda seat: ADDRESS_OF_ALL,
    "browser": lambda seat: AGENT_OF_ALL,
    "answer": plant_answer,
    "card": lambda seat: f"of {card_of(seat).home_key}.",
    "class code": lambda seat: f"code={seat.classroom.code}!",
    "device": lambda seat: keyed_device(b"pepper", "the-device-of-one") and "the-device-of-one",
    "digest of qr": lambda seat: seat.qr_digest,
    "handle": lambda seat: f"« {str(seat.handle).upper()} »",
    "pictures": lambda seat: f"saw {list(card_of(seat).pictures)}",
    "seat": lambda seat: seat.pk.hex,
}


@pytest.mark.parametrize("kind", SECRETS)
def test_the_whole_suite_hears_every_kind_of_secret(kind, classroom):
    said = SECRETS[kind](classroom.seats.first())
    with WATCH.planted("to see that it is known") as found:
        logging.getLogger("planted").warning("%s", said)
    assert found == [("log", kind)]


def say_in_log(text, classroom):
    logging.getLogger("django").info(text)


def say_in_mail(text, classroom):
    message = mail.EmailMultiAlternatives("Hello", "", None, ["staff@example.org"])
    message.attach_alternative(f"<p>{text}</p>", "text/html")
    message.send()


def say_in_trail(text, classroom):
    record_act(act="open_classroom", school=classroom.school, actor=None, subject=text)


def say_in_admin(text, classroom):
    user = teacher_of(classroom)
    entries = [LogEntry(user=user, object_id="1", object_repr="x", change_message=text, action_flag=2)]
    LogEntry.objects.bulk_create(entries)


@pytest.mark.parametrize(
    ("sink", "say"), [("log", say_in_log), ("mail", say_in_mail), ("trail", say_in_trail), ("admin", say_in_admin)]
)
def test_the_whole_suite_listens_to_every_sink(sink, say, classroom):
    with WATCH.planted("to see that it is heard") as found:
        say("nothing of a pupil", classroom)
        assert found == []
        say(classroom.seats.first().qr_digest, classroom)
    assert found == [(sink, "digest of qr")]


def test_a_traceback_that_says_a_secret_fails_its_test(capsys, classroom):
    try:
        raise KeyError(card_of(classroom.seats.first()).token)
    except KeyError:
        traceback.print_exc()
    report = SimpleNamespace(when="call", passed=True, outcome="passed", sections=[], longrepr=None)
    report.sections = [("Captured stderr call", capsys.readouterr().err), ("Captured stdout call", classroom.code)]
    with WATCH.planted("to see that it is heard") as found:
        judge(report)
    assert (found, report.outcome) == ([("output", "card")], "passed")
    report.sections, WATCH.found = [], list(found)  # as if nobody had said that it is planted
    judge(report)
    assert report.outcome == "failed"
    assert report.longrepr == "Not silent: card in output. See tests/silence.py."


def test_the_usual_formatter_would_have_leaked(listener, canaries):
    listener.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    browser().get(f"/en/card/{card_token(canaries)}/")
    try:
        raise ValueError(ANSWER)
    except ValueError:
        logging.getLogger("planted").exception("broken")
    assert ANSWER in {canary for _sink, canary in leaks(listener, canaries)}
    assert card_token(canaries) in {canary for _sink, canary in leaks(listener, canaries)}


def card_token(canaries) -> str:
    return next(one for one in canaries if len(one) == 22)


def test_a_lesson_and_all_its_errors_say_nothing_of_a_pupil(listener, canaries, classroom, monkeypatch):
    seat = classroom.seats.in_order()[0]
    module = make_assigned_with_quiz(classroom)
    card = card_of(seat)
    client = browser()
    sit_down_wrongly(client, seat, card)
    sit_down(client, seat, card)
    assert Sitting.objects.filter(seat=seat).exists()
    take_the_lesson(client, module)
    ask_for_what_does_not_exist(client, seat, card)
    break_the_program(client, module, monkeypatch)
    erase_seat(seat=seat, actor=teacher_of(classroom))
    erase_classroom(classroom=classroom, actor=teacher_of(classroom))
    call_command("retain")
    assert len(listener.lines) > 15
    assert any("Internal Server Error" in line for line in listener.lines)
    found = leaks(listener, canaries)
    lines = sum(len(text.splitlines()) for text in sinks(listener).values())
    note_figures("silence", canaries=len(canaries), lines_searched=lines, canaries_found=len(found))
    assert found == set()


def typed(seat, card, **changes):
    data = {"code": seat.classroom.code, "animal": seat.animal, "colour": seat.colour}
    data |= {f"picture_{number}": picture for number, picture in enumerate(card.pictures, start=1)}
    return data | changes


def sit_down_wrongly(client, seat, card):
    wrong = (card.pictures[0] + 1) % 16
    for _try in range(7):
        client.post("/en/sit/", typed(seat, card, picture_1=wrong))
    client.post("/en/sit/", typed(seat, card, animal=ANSWER))
    client.post("/en/sit/", typed(seat, card, picture_1="x"))
    client.post("/en/card/", {"home_key": card.home_key[:-1]})
    client.post("/en/card/", {"token": ""})
    client.post("/en/sit/wait/")


def sit_down(client, seat, card):
    browser().post("/en/sit/", typed(seat, card))
    browser().post("/en/card/", {"home_key": card.home_key})
    client.post("/en/card/", {"token": card.token})


def take_the_lesson(client, module):
    base = f"/en/me/{module.slug}"
    for path in ("/en/me/", f"{base}/", f"{base}/1/", "/en/me/kept/", "/en/help/", "/en/not-me/"):
        client.get(path)
    client.post(f"{base}/1/")
    for moment in ("before", "after"):
        client.post(f"{base}/questions/{moment}/save/", {"key": ANSWER, "answer": ANSWER})
        client.post(f"{base}/questions/{moment}/save/", {"key": uuid.uuid4(), "answer": ANSWER})
        client.post(f"{base}/questions/{moment}/", {"key": uuid.uuid4(), "anyway": "1", "answer": ANSWER})
    client.post(f"{base}/questions/after/", {"key": "broken", "file": SimpleUploadedFile("a.txt", ANSWER.encode())})


def ask_for_what_does_not_exist(client, seat, card):
    for path in (f"card/{card.token}/", f"sit/{seat.classroom.code}/", f"me/{ANSWER}/", f"staff/join/{card.token}/"):
        client.get(f"/en/{path}")
        client.get("/en/nothing/", {"handle": seat.handle, "answer": ANSWER})
    client.get("/en/", HTTP_HOST=f"{ANSWER}.example.org")
    client.put("/en/sit/", data=ANSWER)
    client.post("/en/sit/", data=b"\xff\xfe" + ANSWER.encode(), content_type="multipart/form-data; boundary=x")
    client.post("/en/sit/", data={f"{ANSWER}{number}": 1 for number in range(1200)})
    strict = browser(enforce_csrf_checks=True)
    strict.post("/en/sit/", typed(seat, card))
    strict.cookies["balise_seat"] = ANSWER
    strict.get("/en/me/")


def break_the_program(client, module, monkeypatch):
    """A query that fails with everything in its exception, and in the one below it."""

    def fail(*_args, **_kwargs):
        seat = Seat.objects.select_related("classroom").first()
        try:
            raise KeyError(f"{ADDRESS} {card_of(seat).token} {seat.classroom.code}")
        except KeyError as error:
            raise RuntimeError(f"{seat.handle} {ANSWER} {card_of(seat).home_key} {seat.pk}") from error

    monkeypatch.setattr(ModuleQuerySet, "open_to", fail)
    monkeypatch.setattr("lessons.views.pupils.open_module", fail)
    assert client.get("/en/me/").status_code == 500
    assert client.post(f"/en/me/{module.slug}/1/", {"answer": ANSWER}).status_code == 500


def test_an_error_is_told_by_its_kind_and_place(listener, classroom, monkeypatch):
    client = browser()
    client.post("/en/card/", {"token": card_of(classroom.seats.first()).token})
    break_the_program(client, make_assigned_with_quiz(classroom), monkeypatch)
    text = "\n".join(listener.lines)
    assert "Internal Server Error" in text
    assert "builtins.RuntimeError" in text
    assert "test_silence.py" in text


def test_no_secret_of_a_card_stands_in_the_database(classroom, canaries):
    seat = classroom.seats.in_order()[0]
    card = card_of(seat)
    hidden = {card.token, card.home_key, card.home_key.replace("-", ""), secrets.typed(card.home_key)}
    text = str(dump())
    assert not [one for one in hidden if one in text]
