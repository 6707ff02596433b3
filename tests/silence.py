"""Listens to whatever the project writes down during the whole suite, and knows every secret that it makes meanwhile.

Canaries: tokens, home keys, pictures, class codes, devices and their digests as `accounts.secrets` makes them; keys of
seats; answers as the database holds them; staff invitations; every handle in both languages; and, for every test
client, one address and one browser. Sinks: log lines as production would write them, e-mails, the trail of adults, the
admin's trail, and what a test wrote to its error output (tracebacks). A canary in a sink fails the test in which it was
heard. A test that plants one says so: `with WATCH.planted("why") as found`.
"""

import itertools
import json
import logging
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from uuid import UUID

ADDRESS = "203.0.113.199"
AGENT = "CanaryOfTheSuite/9.9"
LOGGERS = ("", "django", "django.request", "django.security", "django.server")
TRAILS = {'INSERT INTO "django_admin_log"': "admin", 'INSERT INTO "accounts_auditline"': "trail"}
ATTEMPTS = ('INSERT INTO "quizzes_attempt"', 'UPDATE "quizzes_attempt"')
RUN = re.compile(r"[\w-]{7,}")
PICTURES = re.compile(r"(?<!\d)(\d{1,2})(, |,|-| )(\d{1,2})\2(\d{1,2})\2(\d{1,2})(?!\d)")
ALLOWED = {("invitation", "mail"): "the letter to whoever is invited; it says nothing of a pupil"}


class Watch:
    def __init__(self) -> None:
        self.known: dict[int, dict[str, str]] = defaultdict(dict)  # length -> canary -> its kind
        self.plain: dict[str, str] = {}  # the few that are written otherwise: an address, a browser
        self.handles: set[tuple[str, ...]] = set()  # two words, found however they are written
        self.answers: set[str] = set()
        self.pictures: set[tuple[int, ...]] = set()  # of this test: there are 65,536 in all
        self.found: list[tuple[str, str]] = []  # (sink, kind)
        self.counts: Counter = Counter()
        self.excused: set[str] = set()  # kinds that this test planted: the console writes its log line again
        self._planted: list[tuple[str, str]] | None = None

    def learn(self, canary: str, kind: str) -> None:
        if len(canary) >= 7:
            (self.known[len(canary)] if RUN.fullmatch(canary) else self.plain)[canary] = kind

    def hear(self, sink: str, text: str) -> None:
        """A canary is found wherever it stands, also inside a longer word."""
        self.counts["lines_searched"] += len(text.splitlines())
        for kind in self._kinds_in(text):
            if (kind, sink) in ALLOWED:
                continue
            if self._planted is not None:
                self._planted.append((sink, kind))
                self.excused.add(kind)
                self.counts["canaries_planted"] += 1
            elif sink != "output" or kind not in self.excused:
                self.found.append((sink, kind))
                self.counts["canaries_found"] += 1

    def _kinds_in(self, text: str) -> list[str]:
        kinds = {kind for canary, kind in self.plain.items() if canary in text}
        for run in RUN.findall(text):
            for length, canaries in self.known.items():
                for start in range(len(run) - length + 1):
                    if (window := run[start : start + length]) in canaries:
                        kinds.add(canaries[window])
        if not self.handles.isdisjoint(itertools.pairwise(re.findall(r"\w+", text.lower()))):
            kinds.add("handle")
        if '{"' in text and any(one in text for one in self.answers):
            kinds.add("answer")
        for four in PICTURES.finditer(text):
            if tuple(int(four[place]) for place in (1, 3, 4, 5)) in self.pictures:
                kinds.add("pictures")
        return sorted(kinds)

    @contextmanager
    def planted(self, why: str) -> Iterator[list[tuple[str, str]]]:
        """What is found meanwhile is what the test put there."""
        assert why
        before, self._planted = self._planted, []
        try:
            yield self._planted
        finally:
            self._planted = before

    def canary_count(self) -> int:
        return sum(map(len, self.known.values())) + len(self.handles) + len(self.answers)

    def taken(self) -> list[tuple[str, str]]:
        found, self.found = self.found, []
        return found


WATCH = Watch()


class Ear(logging.Handler):
    """Hears what production would write: by the formatter of the settings, but from INFO on."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        from config.logs import PlainFormatter

        self.setFormatter(PlainFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        WATCH.hear("log", self.format(record))


def begin() -> None:
    """Once for a process, after Django is ready."""
    global EAR
    from django.core.mail import EmailMessage
    from django.db import connection
    from django.db.backends.signals import connection_created
    from django.test import RequestFactory

    EAR = Ear()
    WATCH.learn(ADDRESS, "address")
    WATCH.learn(AGENT, "browser")
    _learn_handles()
    assert {len(handle) for handle in WATCH.handles} == {2}
    _learn_secrets()
    _around(RequestFactory, "__init__", _clients_have_an_address)
    _around(EmailMessage, "send", _mail)
    connection_created.connect(_listen_to, dispatch_uid="silence")
    _listen_to(connection=connection)
    for name in LOGGERS:  # the suite's settings are a developer's, whose log has details
        for handler in logging.getLogger(name).handlers:
            if hasattr(handler.formatter, "with_details"):
                handler.formatter.with_details = False


def attend() -> None:
    """Before each test: one may have set the loggers anew."""
    WATCH.pictures.clear()
    WATCH.excused.clear()
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if logger.level > logging.INFO or not logger.level:
            logger.setLevel(logging.INFO)
        if name in ("", "django", "django.server") and EAR not in logger.handlers:
            logger.addHandler(EAR)


def judge(report) -> None:
    """Fails the test of this report when something was heard."""
    for title, text in report.sections:
        if title == f"Captured stderr {report.when}":
            WATCH.hear("output", text)
    found = WATCH.taken()
    if not found:
        return
    said = ", ".join(sorted({f"{kind} in {sink}" for sink, kind in found}))
    if report.passed:
        report.outcome, report.longrepr = "failed", f"Not silent: {said}. See tests/silence.py."
    else:
        report.sections.append(("Not silent", said))


def note(worker: str) -> None:
    """The figures of this process, for `manage.py privacy_audit --proof`."""
    folder = os.environ.get("BALISE_FIGURES")
    if folder and WATCH.counts["lines_searched"]:
        Path(folder).mkdir(parents=True, exist_ok=True)
        figures = {"canaries": WATCH.canary_count(), "canaries_found": 0, "canaries_planted": 0} | WATCH.counts
        Path(folder, f"silence-{worker}.json").write_text(json.dumps(figures))


def _around(owner: object, name: str, wrapper: Callable) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def wrapped(*args, **kwargs):
        return wrapper(original, *args, **kwargs)

    setattr(owner, name, wrapped)
    for module in list(sys.modules.values()):  # whoever imported it by name
        if getattr(module, "__dict__", {}).get(name) is original:
            setattr(module, name, wrapped)


def _clients_have_an_address(original, self, *args, **kwargs) -> None:
    original(self, *args, **kwargs)
    self.defaults.setdefault("REMOTE_ADDR", ADDRESS)
    self.defaults.setdefault("HTTP_USER_AGENT", AGENT)


def _mail(original, self, *args, **kwargs):
    parts = [self.subject, self.body, *self.recipients(), *map(str, getattr(self, "alternatives", []))]
    WATCH.hear("mail", "\n".join(map(str, [*parts, *self.attachments, self.extra_headers])))
    return original(self, *args, **kwargs)


def _listen_to(*, connection, **_signal) -> None:
    if _hear_statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _hear_statement)  # whoever is in a `with` takes the last one away


def _hear_statement(execute, sql, params, many, context):
    if "quizzes_attempt" in sql and sql.startswith(ATTEMPTS):
        for value in _flat(params):
            if isinstance(value, str) and value.startswith("{"):
                WATCH.answers.add(value)
    elif sql.startswith("INSERT") and (sink := next((TRAILS[one] for one in TRAILS if sql.startswith(one)), "")):
        WATCH.hear(sink, "\n".join(map(str, _flat(params))))
    return execute(sql, params, many, context)


def _flat(params) -> Iterator[object]:
    for value in params or ():
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield value


def _learn_handles() -> None:
    from django.utils import translation

    from accounts.enums import Animal, Colour
    from accounts.models.classes import handle_of

    for language in ("fr", "en"):
        with translation.override(language):
            for animal in Animal:
                for colour in Colour:
                    WATCH.handles.add(tuple(re.findall(r"\w+", handle_of(animal, colour).lower())))


def _seat(original, pepper, seat_id, card_version):
    made = original(pepper, seat_id, card_version)
    if isinstance(seat_id, UUID):
        WATCH.learn(str(seat_id), "seat")
        WATCH.learn(seat_id.hex, "seat")
    if isinstance(made, tuple):
        WATCH.pictures.add(made)
    else:
        WATCH.learn(made, "card")
        WATCH.learn("-".join(made[start : start + 4] for start in range(0, len(made), 4)), "card")
    return made


def _learn_secrets() -> None:
    from accounts import secrets
    from accounts.operations import people

    def digest(original, pepper, purpose, secret):
        made = original(pepper, purpose, secret)
        WATCH.learn(made, f"digest of {purpose}")
        return made

    def device(original, pepper, device):
        if len(device) >= 16:
            WATCH.learn(device, "device")
        return original(pepper, device)

    def code(original):
        made = original()
        WATCH.learn(made, "class code")
        return made

    def invitation(original, token):
        if len(token) >= 16:
            WATCH.learn(token, "invitation")
        return original(token)

    for name, wrapper in {
        "qr_token": _seat, "home_key": _seat, "pictures": _seat, "lookup": digest, "keyed_device": device,
        "new_class_code": code,
    }.items():  # fmt: skip
        _around(secrets, name, wrapper)
    _around(people, "digest_of_invitation", invitation)
