import datetime

import pytest

from accounts.throttling import (
    TRIES_A_DAY,
    TRIES_OF_A_KNOWN_DEVICE,
    delay_after,
    is_throttled,
    waits_for_teacher,
)


@pytest.mark.parametrize(
    ("count", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (30_000, 900)],
)
def test_a_device_waits_thirty_seconds_after_five_wrong_tries_doubling_to_fifteen_minutes(count, seconds):
    assert delay_after(count) == datetime.timedelta(seconds=seconds)


def test_a_device_is_throttled_until_its_time_has_come():
    now = datetime.datetime(2026, 1, 12, 10, tzinfo=datetime.UTC)
    second = datetime.timedelta(seconds=1)
    assert not is_throttled(None, now)
    assert is_throttled(now + second, now)
    assert not is_throttled(now, now)
    assert not is_throttled(now - second, now)


@pytest.mark.parametrize(
    ("tries", "is_known", "waits"),
    [(0, False, False), (8, False, False), (9, False, True), (500, False, True), (9, True, False), (500, True, False)],
)
def test_after_nine_wrong_tries_only_a_new_device_waits_for_the_teacher(tries, is_known, waits):
    assert waits_for_teacher(tries, is_known_device=is_known) is waits


@pytest.mark.parametrize(("of_device", "waits"), [(0, False), (5, False), (6, True), (100, True)])
def test_a_known_device_that_guesses_is_new_again(of_device, waits):
    assert waits_for_teacher(9, is_known_device=True, tries_of_device=of_device) is waits
    assert not waits_for_teacher(8, is_known_device=True, tries_of_device=of_device)


@pytest.mark.parametrize("tablets", [0, 1, 3])
def test_nobody_finds_a_classmates_pictures_in_a_day_more_often_than_in_one_class_of_two_hundred(tablets):
    """34 seats; a tablet that stands about knows some of them. Every try that is judged is a chance in 65,536."""
    judged = 34 * TRIES_A_DAY + tablets * TRIES_OF_A_KNOWN_DEVICE
    assert judged / 16**4 <= 0.005
