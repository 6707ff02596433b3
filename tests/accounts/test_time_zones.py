"""“Today” and the hour are the school's: each test stands at an hour at which it is another day in Paris."""

import datetime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.enums import Territory
from accounts.models import Membership, School, Seat, Throttle, zone_of
from accounts.operations import Claim, open_classroom, sit_down_by_pictures
from accounts.queries import card_of
from tests.factories.accounts import ClassroomFactory, SchoolFactory, sit, teacher_of

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = datetime.date(2026, 3, 2), datetime.date(2026, 3, 3)
EVENING_IN_QUEBEC = "2026-03-02 23:30Z"  # half past six on Monday; in Paris it is Tuesday
NIGHT_IN_REUNION = "2026-03-02 21:00Z"  # one o'clock on Tuesday; in Paris it is Monday


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02 15:00Z", tick=False) as moved:
        yield moved


def classroom_in(zone, **fields):
    return ClassroomFactory(school=SchoolFactory(time_zone=zone), **fields)


def test_homework_lasts_until_the_day_is_over_at_the_school(clock):
    quebec = classroom_in("America/Toronto", homework_until=MONDAY)
    clock.move_to(EVENING_IN_QUEBEC)
    client = sit(quebec.seats.first())
    assert client.get("/en/me/").status_code == 200
    clock.move_to("2026-03-03 04:59Z")
    assert sit(quebec.seats.first()).get("/en/me/").status_code == 200
    clock.move_to("2026-03-03 05:00Z")
    answer = Client().post("/en/card/", {"token": card_of(quebec.seats.first()).token})
    assert answer.status_code == 403


def test_homework_ends_while_it_is_the_day_before_in_paris(clock):
    reunion = classroom_in("Indian/Reunion", homework_until=MONDAY)
    client = sit(reunion.seats.first())
    clock.move_to("2026-03-02 19:59Z")
    assert sit(reunion.seats.first(), client).get("/en/me/").status_code == 200
    clock.move_to("2026-03-02 20:01Z")
    assert client.get("/en/me/").status_code == 302
    answer = Client().post("/en/card/", {"token": card_of(reunion.seats.first()).token})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [("America/Toronto", EVENING_IN_QUEBEC, MONDAY), ("Indian/Reunion", NIGHT_IN_REUNION, TUESDAY)],
)
def test_the_day_of_last_use_is_the_schools(clock, zone, now, day):
    clock.move_to(now)
    seat = classroom_in(zone, is_open=True).seats.first()
    sit(seat)
    assert Seat.objects.get(pk=seat.pk).last_used_on == day


def test_hours_and_days_on_pages_are_the_schools(clock):
    clock.move_to(EVENING_IN_QUEBEC)
    classroom = classroom_in("America/Toronto", homework_until=MONDAY)
    open_classroom(classroom=classroom, actor=teacher_of(classroom), minutes=60)
    staff = Client()
    staff.force_login(teacher_of(classroom))
    page = staff.get(f"/en/staff/classes/{classroom.pk}/").content.decode()
    assert "Open until 19:30" in page
    assert "Homework until" in page
    assert "18:30" in sit(classroom.seats.first()).get("/en/me/kept/").content.decode()
    assert timezone.get_current_timezone_name() == "Europe/Paris", "the zone went with the request"


def test_a_teacher_gives_homework_for_the_day_that_it_is_at_the_school(clock):
    clock.move_to(EVENING_IN_QUEBEC)
    classroom = classroom_in("America/Toronto")
    staff = Client()
    staff.force_login(teacher_of(classroom))
    staff.post(f"/en/staff/classes/{classroom.pk}/homework/", {"until": MONDAY})
    classroom.refresh_from_db()
    assert classroom.homework_until == MONDAY


def test_a_role_ends_with_its_last_day_at_the_school(clock):
    classrooms = {zone: classroom_in(zone) for zone in ("America/Toronto", "Indian/Reunion")}
    Membership.objects.update(ends_on=MONDAY)

    def status(zone):
        staff = Client()
        staff.force_login(teacher_of(classrooms[zone]))
        return staff.get(f"/en/staff/classes/{classrooms[zone].pk}/").status_code

    assert [status(zone) for zone in classrooms] == [200, 200]
    clock.move_to(NIGHT_IN_REUNION)
    assert [status(zone) for zone in classrooms] == [200, 302]
    clock.move_to(EVENING_IN_QUEBEC)
    assert [status(zone) for zone in classrooms] == [200, 302]
    clock.move_to("2026-03-03 05:00Z")
    assert [status(zone) for zone in classrooms] == [302, 302]


def test_no_device_gains_tries_by_a_time_zone(clock):
    seat = classroom_in("Indian/Reunion", is_open=True).seats.first()
    wrong = tuple((picture + 1) % 16 for picture in card_of(seat).pictures)
    claim = Claim(seat.classroom.code, seat.animal, seat.colour, wrong)

    def count_after_a_try():
        sit_down_by_pictures(claim=claim, device_key="d" * 64)
        return Throttle.objects.get(seat=seat, device_key="").count

    assert count_after_a_try() == 1
    clock.move_to(NIGHT_IN_REUNION)
    seat.classroom.open_until = timezone.now() + datetime.timedelta(hours=4)
    seat.classroom.save()
    assert count_after_a_try() == 2, "Tuesday in La Réunion"
    with timezone.override("Pacific/Auckland"):
        assert count_after_a_try() == 3, "whatever else is known of the request"
    clock.move_to("2026-03-02 23:00Z")
    assert count_after_a_try() == 1, "Tuesday in Paris: the server's day, for every seat"


def test_a_school_has_its_territorys_time_zone_or_its_own(capsys):
    assert all(zone_of(one.time_zone).key == one.time_zone for one in Territory)
    options = {"language": "fr", "email": "head@example.org"}
    call_command("create_school", name="Montréal", territory="CA", **options)
    call_command("create_school", name="Saint-Denis", territory="FR", time_zone="Indian/Reunion", **options)
    zones = dict(School.objects.values_list("name", "time_zone"))
    assert zones == {"Montréal": "America/Toronto", "Saint-Denis": "Indian/Reunion"}
    with pytest.raises(CommandError, match="no time zone"):
        call_command("create_school", name="Nowhere", territory="FR", time_zone="Mars/Olympus", **options)


def test_a_word_that_is_no_time_zone_is_refused_and_breaks_nothing():
    school = SchoolFactory.build(time_zone="../Paris")
    with pytest.raises(ValidationError) as found:
        school.clean_fields()
    assert "time_zone" in found.value.message_dict
    for name in ("../Paris", "Nowhere", "", "Europe"):
        assert str(zone_of(name)) == "Europe/Paris"


def test_schools_of_before_get_the_time_zone_of_their_territory():
    for territory in Territory:
        SchoolFactory(territory=territory, name=territory.value)
    SchoolFactory(territory="CA", name="Vancouver", time_zone="America/Vancouver")
    import_module("accounts.migrations.0005_school_time_zones").give_each_its_own(apps, None)
    zones = dict(School.objects.values_list("name", "time_zone"))
    assert zones.pop("Vancouver") == "America/Vancouver"
    assert zones == {one.value: one.time_zone for one in Territory}
