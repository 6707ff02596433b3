"""Predicates of lessons."""

import datetime

from django.utils import timezone

from accounts.enums import Band
from accounts.models import Classroom, User
from accounts.permissions import can_teach_sensitive
from lessons.models import Module, Reading

BOOSTER_AFTER = datetime.timedelta(weeks=2)
BANDS_OF_PUPILS = [Band.SIX, Band.NINE, Band.TWELVE, Band.FIFTEEN]


def is_within_band(module: Module, classroom: Classroom) -> bool:
    """A class is never taught a module above its band, or above that of its oldest group."""
    if module.band == Band.STAFF:
        return False
    bands = [classroom.band, *(group.band for group in classroom.groups.all())]
    return BANDS_OF_PUPILS.index(Band(module.band)) <= max(map(BANDS_OF_PUPILS.index, bands))


def can_assign(user: User, module: Module) -> bool:
    """A sensitive module is opened to a class by somebody who knows what to do when a child confides."""
    return module.is_published and (not module.is_sensitive or can_teach_sensitive(user))


def booster_day(reading: Reading | None) -> datetime.date | None:
    """The day from which the questions for later may be taken; none before the module is done."""
    return reading.done_on + BOOSTER_AFTER if reading is not None and reading.done_on else None


def can_take_booster(reading: Reading | None) -> bool:
    day = booster_day(reading)
    return day is not None and day <= timezone.localdate()
