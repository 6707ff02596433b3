"""The erasure ledger: an append-only file outside the database that it protects.

A line is a day, a kind and a keyed hash of what was erased, chained to the line before it. Who has the file without
the key learns how much was erased on which day. After a restore the lines are matched against the rows that came back.
"""

import datetime
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Classroom, School, Seat, User
from privacy.models import JobRun

MARKER = "ledger"
"""The name under which the database remembers that there is a ledger, and when it last grew."""
FIRST = "0" * 64
TAIL = 1024  # bytes: more than two lines
MODELS: dict[str, type[models.Model]] = {"seat": Seat, "classroom": Classroom, "school": School, "user": User}


class LedgerError(Exception):
    """The ledger is missing, damaged, or older than the database: nothing may be served."""


@dataclass(frozen=True)
class Line:
    day: datetime.date
    kind: str
    digest: str
    chain: str

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.kind} {self.digest} {self.chain}"


def _keyed(message: str) -> str:
    return hmac.new(settings.BALISE_LEDGER_KEY, message.encode(), hashlib.sha256).hexdigest()


def digest_of(kind: str, key: UUID) -> str:
    return _keyed(f"{kind} {key}")


def _line(day: datetime.date, kind: str, digest: str, before: str) -> Line:
    return Line(day, kind, digest, _keyed(f"{before} {day.isoformat()} {kind} {digest}"))


@contextmanager
def _locked() -> Iterator[BinaryIO]:
    """The file, held by this process alone; made readable to its owner only."""
    settings.BALISE_LEDGER.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.BALISE_LEDGER, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _parse(text: str) -> list[Line]:
    """Every line, each proved by the one before. A last line that a power cut broke off was never acted upon."""
    lines, before = [], FIRST
    for number, raw in enumerate(text.split("\n")[:-1], start=1):
        try:
            day, kind, digest, chain = raw.split(" ")
            line = _line(datetime.date.fromisoformat(day), kind, digest, before)
        except ValueError:
            raise LedgerError(f"The erasure ledger cannot be read at line {number}.") from None
        if not hmac.compare_digest(line.chain, chain):
            raise LedgerError(f"The erasure ledger was changed at line {number}, or its key is another one.")
        lines.append(line)
        before = chain
    return lines


def _last_chain(file: BinaryIO) -> str:
    """The chain to go on from; what a power cut broke off behind the last whole line is cut away."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    broken = len(tail) - (tail.rfind(b"\n") + 1)
    if broken:
        file.truncate(size - broken)
    lines = tail[: len(tail) - broken].split(b"\n")
    return lines[-2].split(b" ")[-1].decode() if len(lines) > 1 else FIRST


def record_erasures(*, kind: str, keys: Iterable[UUID]) -> None:
    """Writes erasures down, for good, before they are done: a restore must never bring back what was promised gone."""
    today = timezone.localdate()
    with _locked() as file:
        chain, text = _last_chain(file), []
        for key in keys:
            line = _line(today, kind, digest_of(kind, key), chain)
            chain = line.chain
            text.append(f"{line}\n")
        file.write("".join(text).encode())
        file.flush()
        os.fsync(file.fileno())
    JobRun.objects.update_or_create(name=MARKER, defaults={"ended_at": timezone.now()})


def read_ledger() -> list[Line]:
    """Raises LedgerError where the database remembers more than the file holds."""
    marker = JobRun.objects.filter(name=MARKER).first()
    try:
        lines = _parse(settings.BALISE_LEDGER.read_text())
    except FileNotFoundError:
        lines = []
    if marker is None:
        return lines
    if not lines:
        raise LedgerError("The database says that there is an erasure ledger, and there is none: put it back first.")
    if lines[-1].day < timezone.localdate(marker.ended_at):
        raise LedgerError("The erasure ledger is older than the database: put the newest one back first.")
    return lines
