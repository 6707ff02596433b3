"""Other people's things: by id, by a parent that does not fit, by a field of a form."""

import uuid

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation, Membership
from lessons.models import Assignment, Reading
from quizzes.models import Attempt
from tests.attacks.walking import crossed
from tests.factories.accounts import ClassroomFactory, make_teacher, sit
from tests.factories.lessons import ModuleFactory, make_assigned
from tests.factories.quizzes import make_assigned_with_quiz
from tests.test_access import every_row
from tests.world import World

pytestmark = pytest.mark.django_db
CLOSED = {302, 403, 404, 405}
OF_A_CLASS = ("classroom_id", "seat_id", "assignment_id", "waiting_id", "teaching_id")


def test_cwe_639_no_foreign_id_is_read_or_written_alone_or_below_an_own_parent(world):
    """Also CWE-863: an id that does not belong to its parent. CVE-2026-30884: whoever managed one course's certificate
    could change any other's, since the id below it was not compared with the course."""
    foreign = World.make_again("Foreign label")
    addresses, clients = crossed(world, foreign), world.clients
    before, open_doors = every_row(), {}
    for (view, wrong), place in addresses.items():
        for role in ("teacher", "administrator", "authority", "pupil"):
            for method in ("get", "post"):
                answer = getattr(clients[role], method)(place, {"minutes": 60, "ends_on": "", "until": ""})
                to_the_door = answer.status_code == 302 and ("/sit/" in answer.url or "/login/" in answer.url)
                if answer.status_code not in CLOSED or (answer.status_code == 302 and not to_the_door):
                    open_doors[view, wrong, role, method] = answer.status_code
                elif b"Foreign label" in answer.content:
                    open_doors[view, wrong, role, method] = "it names the class"
    assert open_doors == {}
    after = every_row()
    assert {name for name in before if before[name] != after[name]} == set()
    assert len(addresses) >= 25


def test_cwe_639_numbers_that_follow_one_another_find_nothing(world):
    """Ids of teachings and memberships are numbers: the neighbours are other schools'."""
    other = World.make_again("Another")
    theirs = Membership.objects.filter(school=other.school).first()
    place = reverse("accounts:staff_end", args=[world.school.pk, theirs.pk])
    assert world.clients["administrator"].post(place).status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()


def test_cve_2020_14321_nobody_gives_a_right_that_is_above_the_own(world):
    """Moodle: a teacher enrolled herself as manager. The right is checked on the target, not on the way there."""
    place = reverse("accounts:staff_invite", args=[world.school.pk])
    form = {"email": world.teacher.email, "role": Role.ADMINISTRATOR}
    assert world.clients["teacher"].post(place, form).status_code == 403
    assert world.clients["elsewhere"].post(place, form).status_code == 404
    assert not Invitation.objects.filter(email=world.teacher.email).exists()
    office = world.clients["administrator"]
    office.post(place, {"email": "new@example.org", "role": "SUPERUSER", "is_staff": "on"})
    assert not Invitation.objects.filter(email="new@example.org").exists()


def test_cwe_863_the_target_of_a_form_is_checked_like_its_source(world):
    """A module assigned to another school's class; a class shared with another school's teacher."""
    foreign = World.make_again("Foreign label")
    before = Assignment.objects.count()
    module = ModuleFactory(slug="free-harbour")
    place = reverse("lessons:assignment_create", args=[module.slug])
    for name in ("classroom", "classrooms", "classroom_id"):
        world.clients["teacher"].post(place, {name: foreign.classroom.pk})
    assert Assignment.objects.count() == before
    stranger = make_teacher()
    share = reverse("accounts:classroom_share", args=[world.classroom.pk])
    assert world.clients["teacher"].post(share, {"colleague": stranger.pk}).status_code == 422
    assert not world.classroom.teachings.filter(user=stranger).exists()
    office = world.clients["administrator"]
    hand_over = reverse("accounts:staff_hand_over", args=[world.school.pk])
    form = {"leaver": world.teacher.pk, "successor": stranger.pk}
    assert office.post(hand_over, form).status_code == 422


def test_cwe_639_a_colleagues_class_is_as_closed_as_another_schools(world):
    """Canvas and CVE-2022-40316: inside one school, a report that did not ask whose group it was."""
    other = make_teacher(world.school)
    colleague = ClassroomFactory(teacher=other, seat_count=3, is_open=True, label="Colleague's label")
    module = make_assigned_with_quiz(colleague, slug="theirs")
    theirs = World(world.school, other, colleague, module, world.staff_module)
    teacher = world.clients["teacher"]
    places = crossed(world, theirs, only=OF_A_CLASS)
    assert len(places) > 20
    before, open_doors = every_row(), {}
    for (view, _wrong), place in places.items():
        for method in ("get", "post"):
            answer = getattr(teacher, method)(place, {"minutes": 60, "ends_on": "", "until": ""})
            if answer.status_code not in {403, 404, 405} or b"Colleague" in answer.content:
                open_doors[view, method] = answer.status_code
    assert open_doors == {}
    assert every_row() == before


def test_cwe_863_seats_and_classes_of_others_are_no_choice_in_ones_own_forms(world):
    """CVE-2023-23923: whose it was came from the form. The address is one's own; what the form names is not."""
    foreign = World.make_again("Foreign label")
    seats = [str(seat.pk) for seat in foreign.classroom.seats.in_order()]
    own = f"/en/staff/classes/{world.classroom.pk}"
    assignment = Assignment.objects.get(classroom=world.classroom)
    before = every_row()
    forms = {
        f"{own}/groups/": {"age_of_youngest": 14, "seats": seats},
        f"{own}/absent/": {"minutes": 60, "seats": seats},
        f"{own}/took-part/{world.module.slug}/": {"seats": seats},
        f"/en/staff/assigned/{assignment.pk}/seats/": {"seats": seats},
        f"/en/staff/assigned/{assignment.pk}/move/": {"classroom": foreign.classroom.pk},
        f"{own}/copy/": {"label": "x", "age_of_youngest": 12, "seat_count": 3, "modules": foreign.classroom.pk},
        f"{own}/modules/adopt/": {"classroom": foreign.classroom.pk, "from": foreign.classroom.pk},
        "/en/staff/year-end/": {"classroom": foreign.classroom.pk, "sure": "on", "confirm": "on"},
        "/en/staff/classes/new/": {"label": "x", "age_of_youngest": 12, "seat_count": 3, "school": foreign.school.pk},
    }
    statuses = {place: world.clients["teacher"].post(place, form).status_code for place, form in forms.items()}
    assert max(statuses.values()) < 500
    after = every_row()
    theirs = [str(one) for one in (foreign.school.pk, foreign.classroom.pk, *seats)]
    changed = {name: set(after[name]) ^ set(before[name]) for name in before}
    assert [row for rows in changed.values() for row in rows if any(key in row for key in theirs)] == []


def test_cwe_425_what_is_not_assigned_not_published_or_too_old_is_not_found_by_its_name(world):
    """Canvas and Kolibri: drafts by their direct address."""
    pupil = world.clients["pupil"]
    slugs = [
        ModuleFactory(slug="not-assigned").slug,
        make_assigned(world.classroom, slug="not-published", is_published=False).slug,
        make_assigned(world.classroom, slug="for-older", band="15-18").slug,
        world.staff_module.slug,
        "no-such-module",
        "me",
    ]
    answers = {}
    for slug in slugs:
        for rest in ("", "1/", "2/", "end/", "easy/", "kept/", "certificate/", "questions/before/", "questions/later/"):
            answers[slug, rest] = pupil.get(f"/en/me/{slug}/{rest}").status_code
    assert set(answers.values()) <= {404, 405}, answers


def test_cwe_472_a_submission_cannot_name_its_seat_score_school_or_attempt(world):
    pupil = world.clients["pupil"]
    seat, victim = world.classroom.seats.in_order()[:2]
    forged = {
        "seat": victim.pk, "seat_id": victim.pk, "school": uuid.uuid4(), "school_year": 1, "score": 100,
        "attempt": uuid.uuid4(), "is_submitted": "true", "moment": "AFTER", "classroom": uuid.uuid4(),
        "submitted_on": "2001-01-01", "is_right": "true", "user": world.teacher.pk,
    }  # fmt: skip
    place = f"/en/me/{world.module.slug}/questions/before/"
    pupil.post(place, forged | {"key": uuid.uuid4(), "anyway": "1"})
    attempt = Attempt.objects.get()
    assert (attempt.seat_id, attempt.school_id, attempt.moment) == (seat.pk, world.school.pk, "BEFORE")
    assert attempt.school_year == seat.school_year
    assert not Reading.objects.filter(seat=victim).exists()


@pytest.mark.parametrize("change", ["dropped", "doubled", "retyped", "huge"])
def test_cwe_235_parameters_that_are_dropped_doubled_or_of_another_kind_break_nothing(world, change):
    values = {"key": "x" * 20, "code": "BCDFGHJ", "animal": "otter", "colour": "blue", "picture_1": "1"}
    changes = {
        "dropped": {},
        "doubled": {name: [value, value] for name, value in values.items()},
        "retyped": {name: ["\x00", "-1", "1e309", "[]", "{}", "true"] for name in values},
        "huge": dict.fromkeys(values, "9" * 5000),
    }
    pupil = world.clients["pupil"]
    for place in ("sit/", "card/", f"me/{world.module.slug}/questions/before/", f"me/{world.module.slug}/1/"):
        assert pupil.post(f"/en/{place}", changes[change]).status_code < 500
    assert not Attempt.objects.filter(is_submitted=True).exists()


def test_cwe_307_no_second_door_leads_around_the_throttle(world):
    """The other language, htmx, a changed accept header, another shape of the body: one count."""
    from tests.attacks.sitting import typed_wrong

    world.clients["pupil"].cookies.clear()
    client = world.clients["visitor"]
    seat = world.classroom.seats.in_order()[2]
    doors = [
        lambda: client.post("/en/sit/", typed_wrong(seat)),
        lambda: client.post("/fr/sit/", typed_wrong(seat)),
        lambda: client.post("/en/sit/", typed_wrong(seat), headers={"hx-request": "true"}),
        lambda: client.post("/en/sit/?x=1", typed_wrong(seat), headers={"accept": "application/json"}),
        lambda: client.post("/fr/sit/", typed_wrong(seat, code=seat.classroom.code.lower())),
        lambda: client.post(
            "/en/sit/", typed_wrong(seat, code=f" {seat.classroom.code[:3]}-{seat.classroom.code[3:]} ")
        ),
    ]
    client.get("/en/sit/")
    assert [door().status_code for door in doors] == [403] * 5 + [429]
    assert sit(seat).get("/en/me/").status_code == 200, "the card works all the same"
