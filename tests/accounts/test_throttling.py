import datetime

import pytest

from accounts.throttling import delay_after, is_throttled, waits_for_teacher


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
