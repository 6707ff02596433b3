"""How wrong pictures are slowed down. Pure.

Nothing is keyed on an address (a school is one address), and one pupil never locks another out: a device waits for its
own tries, and a seat that was tried too often only asks the teacher about devices that it does not know.
"""

import datetime

FREE_TRIES = 5
"""Wrong tries of one device on one seat before it must wait."""
FIRST_DELAY = datetime.timedelta(seconds=30)
LONGEST_DELAY = datetime.timedelta(minutes=15)
TRIES_A_DAY = 9
"""Wrong tries on one seat, by all devices of a day, before a new device waits for the teacher.

Over the 34 other seats of a class that is 9 x 34 / 65,536 = 0.47 % for somebody who tries everything.
"""
TRIES_OF_A_KNOWN_DEVICE = 6
"""Wrong tries by which a device that has sat on such a seat today is new again.

For whoever gets at a shared tablet: with one that knows three of the seats, (31 x 9 + 3 x 15) / 65,536 = 0.49 %.
"""


def delay_after(count: int) -> datetime.timedelta:
    """How long a device waits after its `count`-th wrong try on a seat: 5 → 30 s, doubling to 15 min."""
    if count < FREE_TRIES:
        return datetime.timedelta(0)
    doublings = min(count - FREE_TRIES, 10)  # more would only overflow
    return min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)


def is_throttled(until: datetime.datetime | None, now: datetime.datetime) -> bool:
    return until is not None and until > now


def waits_for_teacher(tries_today: int, *, is_known_device: bool, tries_of_device: int = 0) -> bool:
    """Whether even right pictures wait for the teacher's tap."""
    is_trusted = is_known_device and tries_of_device < TRIES_OF_A_KNOWN_DEVICE
    return tries_today >= TRIES_A_DAY and not is_trusted
