"""A sitting lasts, pauses and ends; teacher and pupil share a browser."""

import datetime
import re

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.middleware import SALT
from accounts.models import Seat, Sitting
from accounts.operations import close_classroom, end_sitting, open_classroom, reissue_card
from accounts.queries import card_of
from tests.factories.accounts import PASSWORD, make_sitting, sit, teacher_of

pytestmark = pytest.mark.django_db


def minutes(number):
    return time_machine.travel(timezone.now() + datetime.timedelta(minutes=number))


def is_seated(client):
    """Whether the pupil's page is shown (or asked to be confirmed) rather than the way to sit down."""
    answer = client.get("/en/me/")
    return answer.status_code == 200 or "/not-me/" in answer.url


def test_a_sitting_ends_when_nobody_is_there_for_twenty_minutes(seat):
    client = sit(seat)
    with minutes(19):
        assert is_seated(client)
    with minutes(21):
        assert client.get("/en/me/").url == "/en/sit/?ended"


def test_a_sitting_ends_after_ninety_minutes_at_most(classroom, seat, teacher):
    open_classroom(classroom=classroom, actor=teacher, minutes=240)
    client = sit(seat)
    for number in range(15, 90, 15):
        with minutes(number):
            client.post("/en/not-me/", {"answer": "me"})
            assert is_seated(client)
    with minutes(91):
        assert client.get("/en/me/").url == "/en/sit/?ended"


def test_the_end_of_the_opening_ends_the_sitting(seat, classroom):
    classroom.open_until = timezone.now() + datetime.timedelta(minutes=1)
    classroom.save()
    client = sit(seat)
    with minutes(2):
        assert not is_seated(client)


def test_closing_a_new_card_and_the_teachers_tap_end_the_sitting(classroom, seat, teacher):
    for end in (
        lambda: end_sitting(seat=seat),
        lambda: reissue_card(seat=seat, actor=teacher),
        lambda: close_classroom(classroom=classroom, actor=teacher),
    ):
        seat.refresh_from_db()
        client = sit(seat)
        assert is_seated(client)
        end()
        assert not is_seated(client)
        assert not Sitting.objects.exists()


def test_a_new_opening_revives_no_sitting_of_the_last(classroom, seat, teacher):
    client = sit(seat)
    classroom.open_until = timezone.now() - datetime.timedelta(seconds=1)
    classroom.save()
    open_classroom(classroom=classroom, actor=teacher)
    assert not is_seated(client)


def test_a_longer_opening_keeps_who_sits_and_its_key(classroom, seat, teacher):
    client = sit(seat)
    assert open_classroom(classroom=classroom, actor=teacher, minutes=90).opening == classroom.opening
    assert is_seated(client)


def test_a_sitting_is_worth_nothing_on_another_device_even_in_a_well_signed_cookie(seat):
    sitting = make_sitting(seat, device="one device")
    for device, seated in (("one device", True), ("another", False)):
        client = Client()
        soon = int(timezone.now().timestamp()) + 1200
        values = {"d": device, "p": {}, "s": str(sitting.pk), "e": soon}
        client.cookies["balise_seat"] = signing.dumps(values, salt=SALT)
        assert is_seated(client) is seated


def test_a_sitting_belongs_to_one_version_of_the_card(seat):
    client = sit(seat)
    Seat.objects.filter(pk=seat.pk).update(card_version=2)
    assert not is_seated(client)


def test_a_forged_cookie_is_no_sitting(seat):
    client = sit(seat)
    client.cookies["balise_seat"] = client.cookies["balise_seat"].value + "x"
    assert not is_seated(client)


def test_after_a_pause_the_page_asks_who_is_there_and_shows_nothing(seat):
    client = sit(seat)
    with minutes(6):
        answer = client.get("/en/me/?a=1")
        assert answer.url == "/en/not-me/?next=%2Fen%2Fme%2F%3Fa%3D1"
        page = client.get(answer.url)
        assert f"You are {seat.handle}" in page.content.decode()
        assert client.get("/en/me/").status_code == 302, "asking is no answer"
        assert client.post("/en/not-me/", {"answer": "me", "next": "/en/me/?a=1"}).url == "/en/me/?a=1"
        assert client.get("/en/me/").status_code == 200


@pytest.mark.parametrize("onward", ["//evil.example/", "https://evil.example", "javascript:alert(1)", "me", "\\\\evil"])
def test_the_way_on_leads_nowhere_else(seat, onward):
    client = sit(seat)
    assert client.post("/en/not-me/", {"answer": "me", "next": onward}).url == "/en/me/"


def test_whoever_is_somebody_else_stands_up(seat):
    client = sit(seat)
    assert client.post("/en/not-me/", {"answer": "other"}).url == "/en/sit/"
    assert not is_seated(client)
    assert not Sitting.objects.exists()


def test_nobody_is_asked_who_does_not_sit():
    assert Client().get("/en/not-me/").url == "/en/sit/"
    assert Client().post("/en/not-me/", {"answer": "me"}).url == "/en/sit/"


def test_whoever_sits_is_asked_before_somebody_else_sits_down(seat):
    assert sit(seat).get("/en/sit/").url == "/en/not-me/"


def test_standing_up_erases_the_sitting_and_what_the_browser_kept(seat):
    client = sit(seat)
    answer = client.post("/en/stand-up/")
    assert answer.url == "/en/bye/"
    assert not Sitting.objects.exists()
    bye = client.get("/en/bye/")
    assert bye["Clear-Site-Data"] == '"cache"'
    assert seat.handle not in bye.content.decode()
    assert not is_seated(client)


def test_a_lesson_that_ended_meanwhile_is_said_once_and_nothing_else(seat):
    client = sit(seat)
    assert "The lesson is over. Your steps are kept." not in client.get("/en/sit/").content.decode()
    close_classroom(classroom=seat.classroom, actor=teacher_of(seat.classroom))
    answer = client.get("/en/me/")
    assert answer.url == "/en/sit/?ended"
    page = client.get(answer.url).content.decode()
    assert "The lesson is over. Your steps are kept." in page
    assert seat.handle not in page
    assert client.get("/en/me/").url == "/en/sit/", "the next pupil hears nothing of it"
    assert Client().get("/en/me/").url == "/en/sit/"


def test_i_have_finished_ends_the_sitting_it_was_said_in_and_no_other(seat):
    later = seat.classroom.seats.in_order().exclude(pk=seat.pk)[0]
    client = sit(seat)
    said = re.search(r'name="sitting" value="([\w-]+)"', client.get("/en/me/").content.decode())[1]
    client.cookies["balise_seat"] = sit(later).cookies["balise_seat"].value
    assert client.post("/en/stand-up/", {"sitting": said}).url == "/en/bye/"
    assert is_seated(client)
    said = re.search(r'name="sitting" value="([\w-]+)"', client.get("/en/me/").content.decode())[1]
    client.post("/en/stand-up/", {"sitting": said})
    assert not is_seated(client)


def test_standing_up_is_a_post_and_needs_no_sitting():
    assert Client().get("/en/stand-up/").status_code == 405
    assert Client().post("/en/stand-up/").url == "/en/bye/"


def test_the_old_cookie_is_worth_nothing_after_standing_up(seat):
    client = sit(seat)
    old = client.cookies["balise_seat"].value
    client.post("/en/stand-up/")
    client.cookies["balise_seat"] = old
    assert not is_seated(client)


def test_quick_exit_ends_nothing_and_names_nothing(seat):
    client = sit(seat)
    page = client.get("/en/leave/").content.decode()
    assert "Multiplication tables" in page
    assert "Balise" not in page
    assert seat.handle not in page
    assert is_seated(client)


def test_quick_exit_leads_where_the_installation_says(settings):
    settings.QUICK_EXIT_URL = "https://example.org/"
    assert Client().get("/en/leave/").url == "https://example.org/"


def test_every_page_of_a_pupil_is_kept_by_no_cache(seat):
    client = sit(seat)
    for path in ("/en/me/", "/en/not-me/", "/en/bye/", "/en/card/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_a_pupil_has_two_cookies_at_most_and_none_outlives_the_browser(seat):
    client = sit(seat)
    client.get("/en/me/")
    assert set(client.cookies) == {"balise_seat", "balise_csrf"}
    for cookie in client.cookies.values():
        assert cookie["max-age"] == cookie["expires"] == ""
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_looking_around_sets_no_cookie():
    client = Client()
    for path in ("/en/", "/en/about/", "/en/leave/", "/en/bye/"):
        client.get(path)
    assert not client.cookies


def test_staff_pages_in_the_same_browser_make_no_sitting_last_longer(seat, teacher):
    client = sit(seat)
    client.force_login(teacher)
    with minutes(15):
        client.get("/en/staff/classes/")
    with minutes(21):
        assert not is_seated(client)


def test_teacher_and_pupil_share_a_browser_without_touching_each_other(seat, teacher):
    """With CSRF enforced: signing in or out renews the staff's secret and must not break the pupil's open form."""
    browser = Client(enforce_csrf_checks=True)

    def post(path, name, **data):
        return browser.post(path, {"csrfmiddlewaretoken": browser.cookies[name].value} | data)

    browser.get("/en/card/")
    assert post("/en/card/", "balise_csrf", token=card_of(seat).token).url == "/en/me/"
    pupil_secret = browser.cookies["balise_csrf"].value
    browser.get("/en/staff/account/login/")
    answer = post("/en/staff/account/login/", "csrftoken", login=teacher.email, password=PASSWORD)
    assert answer.url == "/en/staff/"
    assert browser.get("/en/staff/classes/").status_code == 200
    assert is_seated(browser)
    assert browser.cookies["balise_csrf"].value == pupil_secret
    assert post("/en/not-me/", "balise_csrf", answer="me").status_code == 302

    assert post("/en/staff/account/logout/", "csrftoken").status_code == 302
    assert "/login/" in browser.get("/en/staff/classes/").url
    assert is_seated(browser)

    browser.get("/en/staff/account/login/")
    post("/en/staff/account/login/", "csrftoken", login=teacher.email, password=PASSWORD)
    assert post("/en/stand-up/", "balise_csrf").url == "/en/bye/"
    assert not is_seated(browser)
    assert browser.get("/en/staff/classes/").status_code == 200


def test_a_post_without_the_token_changes_nothing_and_says_what_to_do(seat):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/en/stand-up/")
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()
