"""Pupils sit down: by pictures, QR code, home key and the teacher's tap."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Sitting, Throttle, WaitingSignIn
from accounts.operations import approve_waiting, close_classroom, forget_times, reissue_card, set_homework
from accounts.queries import card_of, waiting_in
from tests.factories.accounts import ClassroomFactory, make_seat, sit

pytestmark = pytest.mark.django_db


def test_the_page_asks_for_code_animal_colour_and_four_pictures():
    page = Client().get("/en/sit/").content.decode()
    assert page.count('name="picture_') == 64
    assert page.count('name="animal"') == 16
    assert page.count('name="colour"') == 8
    assert 'name="code"' in page


def test_right_pictures_seat_the_pupil_and_note_the_day(seat, typed):
    client = Client()
    answer = client.post("/en/sit/", typed(seat, code=seat.classroom.code.lower()))
    assert (answer.status_code, answer.url) == (302, "/en/me/")
    sitting = Sitting.objects.get()
    assert sitting.seat == seat
    assert not sitting.is_home
    seat.refresh_from_db()
    assert seat.last_used_on == timezone.localdate()


def test_the_pictures_of_another_seat_seat_nobody(classroom, seat, typed):
    other = classroom.seats.in_order()[1]
    answer = Client().post("/en/sit/", typed(seat, pictures=card_of(other).pictures))
    assert answer.status_code == 403
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""}, {"code": "X" * 5000}, {"animal": "unicorn"}, {"colour": ""}, {"picture_1": ""},
        {"picture_2": "16"}, {"picture_3": "x"}, {"picture_4": ["1", "x"]},
    ],
)  # fmt: skip
def test_what_is_missing_or_malformed_is_said_and_the_rest_kept(seat, typed, changes):
    answer = Client().post("/en/sit/", typed(seat) | changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Something is missing" in page
    assert "checked" in page
    assert not Sitting.objects.exists()
    assert not Throttle.objects.exists()


def test_the_qr_token_seats_the_pupil_while_the_class_is_open(seat):
    client = sit(seat)
    assert Sitting.objects.get().seat == seat
    assert "balise_seat" in client.cookies


@pytest.mark.parametrize("change", [str, str.lower, lambda key: key.replace("-", " ")])
def test_the_home_key_seats_the_pupil_however_it_is_typed(seat, change):
    answer = Client().post("/en/card/", {"home_key": change(card_of(seat).home_key)})
    assert answer.url == "/en/me/"
    assert Sitting.objects.get().seat == seat


def test_a_card_without_a_key_is_asked_for_one():
    answer = Client().post("/en/card/", {"home_key": "", "token": ""})
    assert answer.status_code == 422
    assert "Type the long key" in answer.content.decode()


def test_the_qr_page_leaves_the_token_to_the_script_and_offers_the_key():
    page = Client().get("/en/card/").content.decode()
    assert "data-card-form" in page
    assert 'name="token"' in page
    assert 'name="home_key"' in page


def test_at_home_a_card_works_until_the_day_of_the_homework_and_pictures_never(classroom, seat, typed, teacher):
    close_classroom(classroom=classroom, actor=teacher)
    today = timezone.localdate()
    set_homework(classroom=classroom, until=today, actor=teacher)
    seat.refresh_from_db()
    assert Client().post("/en/sit/", typed(seat)).status_code == 403
    client = sit(seat)
    assert Sitting.objects.get().is_home
    assert client.get("/en/me/").status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        assert Client().post("/en/card/", {"token": card_of(seat).token}).status_code == 403


def test_a_card_used_while_the_class_is_open_is_not_at_home(classroom, seat, teacher):
    set_homework(classroom=classroom, until=timezone.localdate(), actor=teacher)
    sit(seat)
    assert not Sitting.objects.get().is_home


def test_a_second_device_takes_the_seat_over(seat):
    first = sit(seat)
    second = sit(seat)
    assert second.get("/en/me/").status_code == 200
    assert first.get("/en/me/").url == "/en/sit/?ended"
    assert Sitting.objects.count() == 1


def test_the_next_pupil_on_a_device_ends_the_sitting_before(classroom, seat):
    other = classroom.seats.in_order()[1]
    client = sit(other, sit(seat))
    assert Sitting.objects.get().seat == other
    assert client.get("/en/me/").status_code == 200


def test_with_two_peppers_old_and_new_cards_work_and_new_ones_use_the_newest(seat, typed, teacher, settings):
    old = settings.BALISE_PEPPERS
    settings.BALISE_PEPPERS = old | {2: b"n" * 32}
    old_card = card_of(seat)
    assert seat.pepper_id == 1
    sit(seat)
    assert Client().post("/en/card/", {"home_key": old_card.home_key}).url == "/en/me/"
    assert Client().post("/en/sit/", typed(seat)).url == "/en/me/"
    reissue_card(seat=seat, actor=teacher)
    seat.refresh_from_db()
    assert seat.pepper_id == 2
    settings.BALISE_PEPPERS = {2: b"n" * 32}
    assert Client().post("/en/card/", {"token": old_card.token}).status_code == 403
    sit(seat)


def test_a_seat_whose_pepper_is_gone_is_refused_like_any_other(seat, typed, settings):
    data = typed(seat)
    settings.BALISE_PEPPERS = {2: b"n" * 32}
    assert Client().post("/en/sit/", data).status_code == 403


def test_three_hundred_sign_ins_from_one_address_pass(teacher):
    classrooms = [ClassroomFactory(teacher=teacher, is_open=True, seat_count=40) for _number in range(8)]
    seats = [seat for classroom in classrooms for seat in classroom.seats.all()][:300]
    for seat in seats:
        assert Client(REMOTE_ADDR="10.0.0.1").post("/en/card/", {"token": card_of(seat).token}).status_code == 302
    assert Sitting.objects.count() == 300


def test_times_of_yesterday_and_sittings_that_ended_are_forgotten(classroom, seat, typed, wrong, teacher):
    Client().post("/en/sit/", typed(seat, pictures=wrong(seat)))
    sit(seat)
    sit(make_seat(is_open=True))
    assert forget_times() == 0
    close_classroom(classroom=classroom, actor=teacher)
    assert Sitting.objects.count() == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        forget_times()
    assert not Sitting.objects.exists()
    assert not Throttle.objects.exists()


class TestThrottle:
    def try_wrong(self, seat, typed, wrong, times, client=None):
        for _time in range(times):
            answer = (client or Client()).post("/en/sit/", typed(seat, pictures=wrong(seat)))
        return answer

    def test_five_wrong_tries_throttle_this_device_on_this_seat_only(self, classroom, seat, typed, wrong):
        client = Client()
        assert self.try_wrong(seat, typed, wrong, 5, client).status_code == 403
        assert client.post("/en/sit/", typed(seat)).status_code == 429
        other = classroom.seats.in_order()[1]
        assert Client().post("/en/sit/", typed(seat)).status_code == 302
        assert client.post("/en/sit/", typed(other)).status_code == 302

    def test_after_the_delay_right_pictures_work_and_forget_the_count(self, seat, typed, wrong):
        client = Client()
        self.try_wrong(seat, typed, wrong, 5, client)
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=31)):
            assert client.post("/en/sit/", typed(seat)).status_code == 302
            assert self.try_wrong(seat, typed, wrong, 4, client).status_code == 403
            assert client.post("/en/sit/", typed(seat)).status_code == 302

    def test_throttled_answers_equal_one_another(self, seat, typed, wrong):
        def throttled(data):
            client = Client()
            client.get("/en/sit/")
            for _time in range(5):
                client.post("/en/sit/", data)
            return client.post("/en/sit/", data)

        real, unknown = throttled(typed(seat, pictures=wrong(seat))), throttled(typed(seat, code="BBBBBBB"))
        assert real.status_code == unknown.status_code == 429
        assert real.content == unknown.content
        assert dict(real.headers) == dict(unknown.headers)

    def test_the_throttle_ends_no_sitting_and_never_stops_a_card(self, seat, typed, wrong):
        seated = sit(seat)
        self.try_wrong(seat, typed, wrong, 20)
        assert seated.get("/en/me/").status_code == 200
        attacker = Client()
        self.try_wrong(seat, typed, wrong, 6, attacker)
        sit(seat, attacker)
        assert Client().post("/en/card/", {"home_key": card_of(seat).home_key}).status_code == 302

    def test_after_nine_wrong_tries_a_new_device_waits_and_is_told_the_same_right_or_wrong(self, seat, typed, wrong):
        self.try_wrong(seat, typed, wrong, 9)
        right = Client().post("/en/sit/", typed(seat))
        bad = Client().post("/en/sit/", typed(seat, pictures=wrong(seat)))
        assert (right.status_code, right.url) == (bad.status_code, bad.url) == (302, "/en/sit/wait/")
        assert [waiting.seat for waiting in waiting_in(seat.classroom)] == [seat]
        assert not Sitting.objects.exists()

    def test_a_device_that_sat_there_today_does_not_wait(self, seat, typed, wrong):
        known = sit(seat)
        known.post("/en/stand-up/")
        self.try_wrong(seat, typed, wrong, 9)
        assert known.post("/en/sit/", typed(seat)).url == "/en/me/"

    def test_the_next_day_nobody_waits(self, seat, typed, wrong, teacher):
        self.try_wrong(seat, typed, wrong, 9)
        with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
            seat.classroom.open_until = timezone.now() + datetime.timedelta(hours=1)
            seat.classroom.save()
            assert Client().post("/en/sit/", typed(seat)).url == "/en/me/"

    def test_one_tap_of_the_teacher_lets_the_waiting_device_in(self, seat, typed, wrong):
        self.try_wrong(seat, typed, wrong, 9)
        client = Client()
        client.post("/en/sit/", typed(seat))
        assert client.post("/en/sit/wait/").url == "/en/sit/wait/"
        assert client.post("/en/sit/wait/", headers={"HX-Request": "true"}).status_code == 204
        approve_waiting(waiting=WaitingSignIn.objects.get(seat=seat))
        assert client.post("/en/sit/wait/", headers={"HX-Request": "true"})["HX-Redirect"] == "/en/me/"
        assert Sitting.objects.get().seat == seat

    def test_a_tap_for_one_device_lets_no_other_in(self, seat, typed, wrong):
        self.try_wrong(seat, typed, wrong, 9)
        Client().post("/en/sit/", typed(seat))
        approve_waiting(waiting=WaitingSignIn.objects.get(seat=seat))
        attacker = Client()
        attacker.post("/en/sit/", typed(seat, pictures=wrong(seat)))
        assert attacker.post("/en/sit/wait/").url == "/en/sit/wait/"

    def test_tries_while_the_class_is_closed_lock_nobody_out_once_it_opens(
        self, classroom, seat, typed, wrong, teacher
    ):
        close_classroom(classroom=classroom, actor=teacher)
        self.try_wrong(seat, typed, wrong, 30)
        classroom.open_until = timezone.now() + datetime.timedelta(hours=1)
        classroom.save()
        assert Client().post("/en/sit/", typed(seat)).url == "/en/me/"
