"""Sitting down and standing up.

Whoever types pictures for a seat that does not exist, in a class that is closed or unknown, is treated like somebody
who typed wrong pictures: the same reads, the same number of derivations, the same rows written (under a made-up seat),
the same throttle. So neither the answer nor its time says what was wrong.
"""

import datetime
import uuid
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import secrets, throttling
from accounts.models import Classroom, Seat, Sitting, Throttle, WaitingSignIn
from accounts.queries import decoy_of, digests_of, newest_pepper
from config import rows

NO_SCHOOL = uuid.UUID(int=0)
NO_SCHOOL_YEAR = 0


class Outcome(Enum):
    SAT = "sat"
    WRONG = "wrong"
    THROTTLED = "throttled"
    WAITING = "waiting"


@dataclass(frozen=True)
class Claim:
    """What somebody typed: a class code, a handle and four pictures."""

    code: str
    animal: str
    colour: str
    pictures: tuple[int, ...]

    @property
    def place(self) -> str:
        return f"{self.code}\x00{self.animal}\x00{self.colour}"


class Claimed(NamedTuple):
    """What a try needs of a seat, be there one or not."""

    id: uuid.UUID
    school_id: uuid.UUID
    school_year: int
    card_version: int
    pepper_id: int

    @property
    def owner(self) -> dict[str, object]:
        return {"seat_id": self.id, "school_id": self.school_id, "school_year": self.school_year}


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    sitting: Sitting | None = None


WRONG = Answer(Outcome.WRONG)


@transaction.atomic
def sit_down_by_pictures(*, claim: Claim, device_key: str, leaving: str = "") -> Answer:
    """Code, handle and pictures: only while the class is open."""
    decoy = _decoy(claim)
    seat = _claimed(claim, decoy)
    is_right = _matches(seat, claim.pictures)
    device, day = _throttles(seat, device_key)
    now = timezone.now()
    if throttling.is_throttled(device.until, now):
        return Answer(Outcome.THROTTLED)
    waits = throttling.waits_for_teacher(day.count, is_known_device=device.has_sat, tries_of_device=device.count)
    if is_right and not waits:
        return Answer(Outcome.SAT, _sit(seat_id=seat.id, device_key=device_key, leaving=leaving, is_home=False))
    for throttle in (device, day):
        throttle.count = min(throttle.count + 1, 30_000)
    device.until = now + throttling.delay_after(device.count)
    Throttle.objects.bulk_update([device, day], ["count", "until", "has_sat", "day"])
    if waits:
        _wait(seat if is_right else decoy, device_key)
        return Answer(Outcome.WAITING)
    return WRONG


def _claimed(claim: Claim, decoy: Claimed) -> Claimed:
    """The seat that somebody says to have, if it may sit now, or a made-up one: by one read, one small row or none.

    Few columns, chosen by the database: to read a whole seat with its class took 0.1 ms more than to find none.
    """
    rows.admit_school(NO_SCHOOL)
    rows.admit("code", claim.code)
    found = (
        Seat.objects.may_sit_now()
        .filter(classroom__code=claim.code, animal=claim.animal, colour=claim.colour)
        .order_by("-school_year")
        .values_list(*Claimed._fields)
        .first()
    )
    return Claimed(*(found or decoy))


def _decoy(claim: Claim) -> Claimed:
    """Of no school; always the same for the same claim, so that it is throttled as a seat is."""
    pepper_id, pepper = newest_pepper()
    return Claimed(decoy_of(pepper, claim.place), NO_SCHOOL, NO_SCHOOL_YEAR, 1, pepper_id)


def _matches(seat: Claimed, typed: tuple[int, ...]) -> bool:
    """One derivation and one comparison, whether there is such a seat or not."""
    _pepper_id, newest = newest_pepper()
    pepper = settings.BALISE_PEPPERS.get(seat.pepper_id)
    expected = secrets.pictures(pepper or newest, seat.id, seat.card_version)
    return secrets.same_pictures(expected, typed) and seat.school_id != NO_SCHOOL and pepper is not None


def _throttles(seat: Claimed, device_key: str) -> tuple[Throttle, Throttle]:
    """The counts of this device and of the whole day on a seat, held until the transaction ends.

    Held before they are read: a hundred tries sent at once are counted one after the other.
    """
    owner = seat.owner
    Throttle.objects.bulk_create(
        [Throttle(**owner, device_key=""), Throttle(**owner, device_key=device_key)], ignore_conflicts=True
    )
    day, device = (
        Throttle.objects.select_for_update(no_key=True)
        .filter(**owner, device_key__in=["", device_key])
        .order_by("device_key")
    )
    today = _throttling_day()
    for throttle in (day, device):
        if throttle.day != today:
            throttle.count, throttle.until, throttle.has_sat = 0, None, False
            throttle.day = today
    return device, day


def _throttling_day() -> datetime.date:
    """The server's, for every seat and every request.

    A seat that does not exist has no school: counts of real seats that began anew at another hour would tell them
    apart. And a device that could choose whose day it is would begin anew whenever it likes.
    """
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _wait(seat: Claimed, device_key: str) -> None:
    WaitingSignIn.objects.bulk_create([WaitingSignIn(**seat.owner, device_key=device_key)], ignore_conflicts=True)


@transaction.atomic
def sit_down_by_token(*, token: str, device_key: str, leaving: str = "") -> Answer:
    """The QR code of a card: while the class is open, and for homework."""
    digests = digests_of("qr", token)
    rows.admit("card", *digests)
    return _sit_down_by_card(Q(qr_digest__in=digests), device_key, leaving)


@transaction.atomic
def sit_down_by_home_key(*, key: str, device_key: str, leaving: str = "") -> Answer:
    """The typed key of a card: valid wherever its QR code is."""
    digests = digests_of("home", secrets.typed(key))
    rows.admit("card", *digests)
    return _sit_down_by_card(Q(home_digest__in=digests), device_key, leaving)


def _sit_down_by_card(which: Q, device_key: str, leaving: str) -> Answer:
    """128 or 77 bits need no throttle, and no seat can be locked against its own card."""
    seat = Seat.objects.select_related("classroom__school").filter(which).first()
    if seat is None:
        return WRONG
    if not seat.may_sit_now and not seat.classroom.takes_homework:
        return WRONG
    sitting = _sit(seat_id=seat.pk, device_key=device_key, leaving=leaving, is_home=not seat.may_sit_now)
    return Answer(Outcome.SAT, sitting)


@transaction.atomic
def sit_down_when_approved(*, device_key: str, leaving: str = "") -> Answer:
    """Seats a device that waited, once the teacher has tapped; without a tap it goes on waiting."""
    rows.admit("device", device_key)
    waiting = (
        WaitingSignIn.objects.select_related("seat__classroom")
        .filter(device_key=device_key, is_approved=True)
        .order_by("-asked_at")
        .first()
    )
    if waiting is None or not waiting.seat.may_sit_now:
        return Answer(Outcome.WAITING)
    return Answer(Outcome.SAT, _sit(seat_id=waiting.seat_id, device_key=device_key, leaving=leaving, is_home=False))


@transaction.atomic
def sit_down_by_teacher(*, seat: Seat, device_key: str, leaving: str = "") -> Sitting | None:
    """For the youngest, who type nothing: the teacher seats the tablet in hand. Only while the class is open."""
    if not seat.may_sit_now:
        return None
    return _sit(seat_id=seat.pk, device_key=device_key, leaving=leaving, is_home=False)


def _sit(*, seat_id: uuid.UUID, device_key: str, leaving: str, is_home: bool) -> Sitting:
    """Puts this device on the seat: whoever sat there, or whoever this device was, stands up."""
    seat = Seat.objects.select_for_update(no_key=True, of=("self",)).select_related("school").get(pk=seat_id)
    stand_up(sitting_id=leaving, device_keys=[device_key])
    Sitting.objects.filter(seat=seat).delete()
    WaitingSignIn.objects.filter(device_key=device_key).delete()
    sitting = Sitting.objects.create(
        school_id=seat.school_id,
        school_year=seat.school_year,
        seat=seat,
        device_key=device_key,
        card_version=seat.card_version,
        is_home=is_home,
    )
    known = Throttle(
        seat=seat,
        school_id=seat.school_id,
        school_year=seat.school_year,
        device_key=device_key,
        has_sat=True,
        day=_throttling_day(),
    )
    Throttle.objects.bulk_create(
        [known],
        update_conflicts=True,
        unique_fields=["seat", "device_key", "school", "school_year"],
        update_fields=["count", "until", "has_sat", "day"],
    )
    if seat.last_used_on != (today := seat.school.today()):
        Seat.objects.filter(pk=seat.pk).update(last_used_on=today)
    return sitting


SELDOM = datetime.timedelta(minutes=5)


def keep_awake(*, sitting: Sitting) -> None:
    """Somebody is there: said once in five minutes, so that saving answers hardly costs a write more."""
    now = timezone.now()
    if sitting.last_post_at < now - SELDOM:
        Sitting.objects.filter(pk=sitting.pk).update(last_post_at=now)


def stand_up(*, sitting_id: str, device_keys: list[str]) -> None:
    """Ends the sitting of this device, if it is one."""
    if sitting_id:
        rows.admit("sitting", sitting_id)
        Sitting.objects.filter(pk=uuid.UUID(sitting_id), device_key__in=device_keys).delete()


@transaction.atomic
def end_sitting(*, seat: Seat) -> None:
    """“That is not you”: the teacher's tap. The device must be shown the card again."""
    Throttle.objects.filter(seat=seat, device_key__in=Sitting.objects.filter(seat=seat).values("device_key")).update(
        has_sat=False
    )
    Sitting.objects.filter(seat=seat).delete()


def approve_waiting(*, waiting: WaitingSignIn) -> None:
    waiting.is_approved = True
    waiting.save(update_fields=["is_approved"])


@transaction.atomic
def forget_times() -> int:
    """Deletes what was only for the day (throttles, waiting sign-ins) and sittings that have ended. Run it often."""
    today = _throttling_day()
    longest = datetime.timedelta(seconds=settings.SEAT_LONGEST_SECONDS)
    midnight = timezone.make_aware(datetime.datetime.combine(today, datetime.time.min), timezone.get_default_timezone())
    ended = Q(sat_down_at__lt=timezone.now() - longest) | Q(
        is_home=False, seat__classroom__in=Classroom.objects.exclude(pk__in=Classroom.objects.open_now().values("pk"))
    )
    deleted = Throttle.objects.filter(day__lt=today).delete()[0]
    deleted += WaitingSignIn.objects.filter(asked_at__lt=midnight).delete()[0]
    return deleted + Sitting.objects.filter(ended).delete()[0]
