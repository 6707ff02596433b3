"""The class votes: a tap for each seat, shown once closed and from five voices; nothing ties a seat to a choice."""

import pytest
from django.utils import timezone

from accounts.models import Classroom, Seat
from accounts.operations import close_classroom, open_classroom, set_homework
from lessons.models import ClassLesson, ClassVote, Step, VotedSeat
from lessons.operations import delete_ended_votes, set_class_lesson
from lessons.queries import sums_of
from lessons.secrets import unseal_sums
from privacy.operations.erasure import forget
from tests.factories.accounts import sit
from tests.factories.lessons import make_scenario


def url(classroom, path=""):
    return f"/en/staff/classes/{classroom.pk}/now/vote/{path}"


@pytest.fixture
def scene(module):
    return make_scenario(module.steps.get(position=2)).scenes.get(position=1)


@pytest.fixture
def pupils(classroom):
    return [sit(seat) for seat in classroom.seats.in_order()]


def ask(staff, classroom, module, scene):
    return staff.post(url(classroom, "open/"), {"module": module.slug, "scene": scene.pk}, follow=True)


def tap(pupil, reply):
    return pupil.post("/en/me/vote/?next=/en/me/", {"reply": reply})


def seat_rows():
    return list(VotedSeat.objects.values_list("school", "school_year", "vote"))


def test_a_question_is_on_each_pupils_next_page_and_one_tap_answers(staff, classroom, module, scene, pupils):
    page = staff.get(url(classroom)).content.decode()
    assert "Title of step 2" in page
    assert "2 answers" in page
    assert "0 of 12 have had a turn" in ask(staff, classroom, module, scene).content.decode()
    answer = pupils[0].get(f"/en/me/{module.slug}/")
    assert answer.url == f"/en/me/vote/?next=%2Fen%2Fme%2F{module.slug}%2F"
    page = pupils[0].get(answer.url).content.decode()
    assert "A message comes" in page
    assert page.count('name="reply"') == 3, "two replies and a pass"
    assert pupils[0].post(answer.url, {"reply": "tell"}).url == f"/en/me/{module.slug}/"
    assert pupils[0].get(f"/en/me/{module.slug}/").status_code == 200, "asked once"
    assert "1 of 12 has had a turn" in staff.get(url(classroom)).content.decode()


def test_the_result_is_shown_once_closed_and_put_away_for_good(staff, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    for number, pupil in enumerate(pupils[:9]):
        tap(pupil, "tell" if number < 5 else "wait" if number < 8 else "")
    before = staff.get(url(classroom)).content.decode()
    assert "I tell somebody" not in before, "no figure while it is open"
    page = staff.post(url(classroom, "close/"), follow=True).content.decode()
    assert not VotedSeat.objects.exists()
    assert "<strong>5</strong>" in page
    assert "<strong>3</strong>" in page
    assert "What is this figure?" in page
    staff.post(url(classroom, "away/"))
    assert bytes(ClassVote.objects.get().sealed) == b""
    assert "I tell somebody" not in staff.get(url(classroom)).content.decode()


def test_fewer_than_five_voices_are_shown_to_nobody_and_kept_nowhere(staff, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    for pupil in pupils[:4]:
        tap(pupil, "tell")
    tap(pupils[4], "")
    page = staff.post(url(classroom, "close/"), follow=True).content.decode()
    assert "Fewer than five voted" in page
    assert not ClassVote.objects.exists()
    assert "0 of 12" in ask(staff, classroom, module, scene).content.decode(), (
        "it may be asked again: nothing was shown"
    )


def test_an_unanimous_class_reads_as_a_word(staff, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    for pupil in pupils:
        tap(pupil, "tell")
    page = staff.post(url(classroom, "close/"), follow=True).content.decode()
    assert "<strong>most</strong>" in page
    assert "<strong>few or none</strong>" in page
    assert "12" not in page.split('class="votes')[1].split("</ol>")[0]


def test_a_second_vote_on_the_same_scene_in_a_lesson_is_refused(staff, teacher, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    for pupil in pupils[:5]:
        tap(pupil, "tell")
    staff.post(url(classroom, "close/"))
    assert "A second vote would show" in ask(staff, classroom, module, scene).content.decode()
    close_classroom(classroom=classroom, actor=teacher)
    open_classroom(classroom=classroom, actor=teacher)
    assert "0 of 0 have had a turn" in ask(staff, classroom, module, scene).content.decode()
    assert ClassVote.objects.count() == 1


def test_a_seat_has_one_turn_whatever_it_taps(staff, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    for reply in ("tell", "wait", ""):
        tap(pupils[0], reply)
    assert sums_of(ClassVote.objects.get()) == [1, 0]
    assert tap(pupils[1], "no such answer").status_code == 422
    assert VotedSeat.objects.count() == 1


def test_choices_and_passes_write_the_same_rows(staff, classroom, module, scene, pupils):
    """No row says what a seat chose, nor whether it passed: not the seat's, not the sums', at any time."""
    ask(staff, classroom, module, scene)
    shapes, lengths = [], {len(bytes(ClassVote.objects.get().sealed))}
    for pupil, reply in zip(pupils, ("tell", "wait", ""), strict=False):
        before = VotedSeat.objects.count(), bytes(ClassVote.objects.get().sealed)
        tap(pupil, reply)
        vote = ClassVote.objects.get()
        assert VotedSeat.objects.count() == before[0] + 1
        assert bytes(vote.sealed) != before[1], "a pass too seals the sums anew"
        lengths.add(len(bytes(vote.sealed)))
        shapes.append(seat_rows()[-1])
    assert len(set(shapes)) == len(lengths) == 1
    with pytest.raises(ValueError, match="another pepper"):
        unseal_sums([b"another pepper" * 3], vote.pk.bytes, bytes(vote.sealed), 2)


def test_of_a_sensitive_module_or_step_nothing_is_voted(staff, classroom, module, sensitive, scene):
    hidden = make_scenario(sensitive.steps.get(position=1)).scenes.get(position=1)
    page = staff.get(url(classroom), {"module": sensitive.slug}).content.decode()
    assert "A sensitive module is not voted on seat by seat" in page
    for asked in (hidden, scene):
        Step.objects.filter(pk=scene.step_id).update(is_sensitive=True)
        page = ask(staff, classroom, sensitive if asked == hidden else module, asked).content.decode()
        assert "that is not sensitive" in page
    assert not ClassVote.objects.exists()


def test_whoever_pauses_sees_the_question_at_once(staff, classroom, module, scene, pupils):
    set_class_lesson(classroom=classroom, is_paused=True)
    assert pupils[0].get("/en/me/pause/", headers={"hx-request": "true"}).status_code == 204
    ask(staff, classroom, module, scene)
    jump = pupils[0].get("/en/me/pause/", headers={"hx-request": "true"}).headers["HX-Redirect"]
    assert jump == "/en/me/vote/?next=%2Fen%2Fme%2F"
    assert pupils[0].post(jump, {"reply": "tell"}).url == "/en/me/"
    assert pupils[0].get("/en/me/").url.startswith("/en/me/pause/"), "the pause goes on"


def test_a_vote_ends_with_the_opening(staff, teacher, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    tap(pupils[0], "tell")
    assert delete_ended_votes() == 0
    Classroom.objects.filter(pk=classroom.pk).update(open_until=timezone.now())
    assert "had a turn" not in staff.get(url(classroom)).content.decode()
    assert delete_ended_votes() == 2
    assert not ClassVote.objects.exists()
    open_classroom(classroom=classroom, actor=teacher)
    assert sit(classroom.seats.first()).get("/en/me/").status_code == 200
    assert ClassLesson.objects.get().vote_key is not None, "of the last opening: nobody reads it"


def test_a_seat_at_home_and_one_without_the_module_are_not_asked(staff, teacher, classroom, module, scene):
    close_classroom(classroom=classroom, actor=teacher)
    set_homework(classroom=classroom, until=timezone.localdate(), actor=teacher)
    homework = sit(classroom.seats.in_order()[0])
    classroom = open_classroom(classroom=classroom, actor=teacher)
    ask(staff, classroom, module, scene)
    assert sit(classroom.seats.in_order()[1]).get("/en/me/").status_code == 302
    assert homework.get("/en/me/").status_code == 200
    assert homework.post("/en/me/vote/", {"reply": "tell"}).url == "/en/me/"
    module.assignments.update(is_for_chosen=True)
    assert sit(classroom.seats.in_order()[2]).get("/en/me/").status_code == 200
    assert not VotedSeat.objects.exists()


def test_erasing_a_seat_forgets_that_it_voted(staff, classroom, module, scene, pupils):
    ask(staff, classroom, module, scene)
    tap(pupils[0], "tell")
    seat = Seat.objects.get(voted_in__isnull=False)
    assert "lessons.VotedSeat" in forget("seat", [seat.pk]).rows
    assert not VotedSeat.objects.exists()


def test_a_closed_class_is_not_asked(staff, teacher, classroom, module, scene):
    close_classroom(classroom=classroom, actor=teacher)
    assert "Open the class first" in ask(staff, classroom, module, scene).content.decode()
    assert not ClassVote.objects.exists()
