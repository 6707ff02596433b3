import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Seat, Sitting, WaitingSignIn
from accounts.operations import draw_handles
from accounts.queries import card_of
from tests.factories.accounts import ClassroomFactory, sit

pytestmark = pytest.mark.django_db

ACTS = ["reissue/", "free/", "end-sitting/", "sit-here/"]


def url(seat, rest, classroom=None):
    return f"/en/staff/classes/{(classroom or seat.classroom).pk}/seats/{seat.pk}/{rest}"


@pytest.mark.parametrize("rest", ACTS)
def test_a_seat_is_changed_by_a_teacher_of_its_class_only(seat, staff, stranger, office, rest):
    sit(seat)
    before = Seat.objects.values().get(pk=seat.pk)
    assert stranger.post(url(seat, rest)).status_code == 404
    assert office.post(url(seat, rest)).status_code == 403
    assert Client().post(url(seat, rest)).url.startswith("/en/staff/account/login/")
    assert staff.get(url(seat, rest)).status_code == 405
    assert Seat.objects.values().get(pk=seat.pk) == before
    assert Sitting.objects.filter(seat=seat).exists()


@pytest.mark.parametrize("rest", ACTS)
def test_a_seat_is_found_in_its_own_class_only(seat, staff, teacher, rest):
    """CWE-639: the class is one's own, the seat is another's."""
    own = ClassroomFactory(teacher=teacher, is_open=True)
    foreign = ClassroomFactory(is_open=True).seats.first()
    assert staff.post(url(foreign, rest, classroom=own)).status_code == 404
    assert staff.post(url(seat, rest, classroom=own)).status_code == 404
    assert Seat.objects.filter(pk__in=[seat.pk, foreign.pk]).count() == 2


def test_a_new_card_replaces_the_old_and_no_other(classroom, seat, staff):
    other = classroom.seats.in_order()[1]
    old = card_of(seat)
    assert "has a new card" in staff.post(url(seat, "reissue/"), follow=True).content.decode()
    assert Client().post("/en/card/", {"token": old.token}).status_code == 403
    assert Client().post("/en/card/", {"home_key": old.home_key}).status_code == 403
    seat.refresh_from_db()
    assert seat.card_version == 2
    sit(seat)
    sit(other)


def test_freeing_erases_the_seat_and_what_hangs_on_it(classroom, seat, staff):
    client = sit(seat)
    page = staff.get(f"/en/staff/classes/{classroom.pk}/").content.decode()
    assert "erases it for good" in page
    staff.post(url(seat, "free/"))
    assert not Seat.objects.filter(pk=seat.pk).exists()
    assert client.get("/en/me/").url == "/en/sit/?ended"
    assert classroom.seats.count() == 1


def test_an_added_seat_has_a_new_handle_and_a_card_and_a_class_has_forty_at_most(teacher, staff):
    classroom = ClassroomFactory(teacher=teacher, seat_count=39, is_open=True)
    path = f"/en/staff/classes/{classroom.pk}/seats/add/"
    assert "is a new seat" in staff.post(path, follow=True).content.decode()
    assert len(set(classroom.seats.values_list("animal", "colour"))) == 40
    sit(classroom.seats.get(position=40))
    assert "at most 40 seats" in staff.post(path, follow=True).content.decode()
    assert classroom.seats.count() == 40


def test_that_is_not_you_ends_the_sitting_at_once(seat, staff):
    client = sit(seat)
    assert staff.post(url(seat, "end-sitting/"), {"next": "/en/staff/"}).url == "/en/staff/"
    assert client.get("/en/me/").url == "/en/sit/?ended"


def test_a_tablet_is_seated_by_the_teacher_and_handed_over_signed_out(seat, staff):
    assert staff.post(url(seat, "sit-here/")).url == "/en/me/"
    assert staff.get("/en/me/").status_code == 200
    assert staff.get("/en/staff/classes/").status_code == 302


def test_a_tablet_is_not_seated_while_the_class_is_closed(teacher, staff):
    seat = ClassroomFactory(teacher=teacher).seats.first()
    assert "Open the class first" in staff.post(url(seat, "sit-here/"), follow=True).content.decode()
    assert not Sitting.objects.exists()


def test_cwe_400_a_seats_pictures_from_many_devices_fill_no_page(classroom, seat, staff, typed, wrong):
    """Found by acting as a bored pupil: one's own pictures from thirty new devices were thirty rows to be tapped."""
    for _try in range(9):
        Client().post("/en/sit/", typed(seat, pictures=wrong(seat)))
    for _device in range(6):
        pupil = Client()
        assert pupil.post("/en/sit/", typed(seat)).url == "/en/sit/wait/"
    page = staff.get(f"/en/staff/classes/{classroom.pk}/").content.decode()
    assert page.count("tile--wait") == 3
    newest = WaitingSignIn.objects.filter(seat=seat).latest("asked_at")
    assert str(newest.pk) in page
    assert staff.post(f"/en/staff/classes/{classroom.pk}/waiting/{newest.pk}/approve/").status_code == 302
    assert pupil.post("/en/sit/wait/").url == "/en/me/"


def test_a_waiting_sign_in_is_approved_by_the_teacher_of_its_class_only(
    classroom, seat, staff, stranger, office, typed, wrong, teacher
):
    for _try in range(9):
        Client().post("/en/sit/", typed(seat, pictures=wrong(seat)))
    pupil = Client()
    pupil.post("/en/sit/", typed(seat))
    waiting = WaitingSignIn.objects.get(seat=seat)
    path = f"/en/staff/classes/{classroom.pk}/waiting/{waiting.pk}/approve/"
    other = ClassroomFactory(teacher=teacher)
    assert stranger.post(path).status_code == 404
    assert office.post(path).status_code == 403
    assert staff.get(path).status_code == 405
    assert staff.post(path.replace(str(classroom.pk), str(other.pk))).status_code == 404
    assert pupil.post("/en/sit/wait/").url == "/en/sit/wait/"
    page = staff.get(f"/en/staff/classes/{classroom.pk}/").content.decode()
    assert page.count("tile--wait") == 1
    assert staff.post(path).status_code == 302
    assert pupil.post("/en/sit/wait/").url == "/en/me/"


def test_handles_are_varied_and_never_drawn_twice():
    handles = draw_handles(32)
    assert len(set(handles)) == 32
    animals, colours = ([handle[part] for handle in handles] for part in (0, 1))
    assert {animals.count(animal) for animal in animals} == {2}
    assert max(colours.count(colour) for colour in colours) <= 5
    assert not set(draw_handles(96, taken=handles)) & set(handles)
    with pytest.raises(ValueError, match="not so many"):
        draw_handles(97, taken=handles)


@pytest.mark.parametrize(
    ("animal", "colour", "english", "french"),
    [
        ("otter", "blue", "Blue otter", "Loutre bleue"),
        ("fox", "green", "Green fox", "Renarde verte"),
        ("hedgehog", "grey", "Grey hedgehog", "Hérisson gris"),
    ],
)
def test_a_handle_agrees_in_the_readers_language(animal, colour, english, french):
    seat = Seat(animal=animal, colour=colour)
    with translation.override("en"):
        assert seat.handle == english
    with translation.override("fr"):
        assert seat.handle == french
