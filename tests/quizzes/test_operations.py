import datetime
import uuid

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Seat
from accounts.operations import close_classroom, open_classroom
from lessons.models import Reading
from lessons.queries import step_places
from quizzes.enums import Moment, ObjectiveState
from quizzes.models import Attempt, ObjectiveResult, Tally
from quizzes.operations import delete_ended_attempts, load_quiz, save_responses, submit_attempt
from quizzes.queries import attempt_of, keys_of, questions_of, quiz_for, resumable_responses
from tests.factories.accounts import teacher_of
from tests.factories.quizzes import RIGHT, WRONG, make_assigned_with_quiz, questions, responses

pytestmark = pytest.mark.django_db


def hand_in(seat, module, moment=Moment.BEFORE, values=RIGHT, key=None):
    seat = Seat.objects.select_related("classroom").get(pk=seat.pk)
    quiz = quiz_for(seat.classroom, module, moment)
    letter = {"A": "a", "B": "b", "BOOSTER": "l"}[quiz.kind]
    return submit_attempt(
        seat=seat,
        quiz=quiz,
        moment=moment,
        idempotency_key=key or uuid.uuid4(),
        keys=keys_of(questions_of(quiz)),
        responses=values and responses(letter, values),
    )


def counts(module, moment=Moment.BEFORE):
    return {
        (tally.question.slug, tally.item): (tally.running, tally.published)
        for tally in Tally.objects.filter(question__quiz__module=module, moment=moment).select_related("question")
    }


def test_a_submission_is_counted_and_its_responses_are_gone(classroom, module):
    assert hand_in(classroom.seats.first(), module).accepted
    attempt = Attempt.objects.get()
    assert attempt.is_submitted
    assert attempt.responses == ""
    found = counts(module)
    assert found["a-one", ""] == (1, 0)
    assert found["a-one", "tell"] == (1, 0)
    assert found["a-one", "=right"] == (1, 0)
    assert found["a-order", "close@1"] == (1, 0)
    assert ("a-one", "hide") not in found


def test_handing_in_again_changes_nothing(classroom, module):
    seat, key = classroom.seats.first(), uuid.uuid4()
    hand_in(seat, module, key=key)
    before = counts(module)
    assert not hand_in(seat, module, key=key).accepted
    assert not hand_in(seat, module, values=WRONG).accepted  # another key, another device: the first one wins
    assert counts(module) == before
    assert Attempt.objects.count() == 1


def test_counts_are_published_at_the_fifth_answer(classroom, module):
    seats = list(classroom.seats.in_order())
    for seat in seats[:4]:
        hand_in(seat, module)
    assert counts(module)["a-one", ""] == (4, 0)
    hand_in(seats[4], module)
    assert counts(module)["a-one", ""] == (5, 5), "five alike read “nearly all”, which three of five read too"
    hand_in(seats[5], module, values=WRONG)
    assert counts(module)["a-one", ""] == (6, 5), "the next step waits for the tenth"


def test_a_pass_writes_the_same_rows_and_adds_nothing_to_a_tally(classroom, module):
    one, other = classroom.seats.in_order()[:2]
    hand_in(one, module, Moment.AFTER, values=None)
    assert not Tally.objects.exists()
    hand_in(other, module, Moment.AFTER, values=WRONG)

    def shape(seat):
        attempt = Attempt.objects.filter(seat=seat).values(
            "moment", "quiz", "responses", "is_submitted", "touched_on", "opening"
        )
        results = ObjectiveResult.objects.filter(seat=seat).values_list("objective__slug", "state")
        return list(attempt), sorted(results)

    assert shape(one) == shape(other)
    assert {state for _slug, state in shape(one)[1]} == {ObjectiveState.REVISIT}


def test_objectives_are_kept_after_the_lesson_but_never_of_a_sensitive_module(classroom, module):
    seat = classroom.seats.first()
    hand_in(seat, module, Moment.BEFORE)
    assert not ObjectiveResult.objects.exists()
    hand_in(seat, module, Moment.AFTER)
    assert set(ObjectiveResult.objects.values_list("objective__slug", "state")) == {
        ("notice", ObjectiveState.GOT_IT),
        ("tell", ObjectiveState.GOT_IT),
    }
    sensitive = make_assigned_with_quiz(classroom, is_sensitive=True)
    hand_in(seat, sensitive, Moment.AFTER)
    assert not ObjectiveResult.objects.filter(objective__module=sensitive).exists()


def test_the_module_is_done_once_all_is_read_and_handed_in(classroom, module):
    seat = classroom.seats.first()
    reading = Reading.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, furthest_step=2
    )
    hand_in(seat, module, Moment.AFTER)
    reading.refresh_from_db()
    assert reading.done_on is None
    Attempt.objects.all().delete()
    Reading.objects.update(furthest_step=3)
    hand_in(seat, module, Moment.AFTER)
    reading.refresh_from_db()
    assert reading.done_on == timezone.localdate()


def test_practice_may_repeat_and_is_not_counted(classroom, module):
    seat, key = classroom.seats.first(), uuid.uuid4()
    assert hand_in(seat, module, Moment.PRACTICE, key=key).accepted
    assert not hand_in(seat, module, Moment.PRACTICE, key=key).accepted
    assert hand_in(seat, module, Moment.PRACTICE).accepted
    assert not Tally.objects.exists()


def test_one_client_key_may_serve_two_quizzes(classroom, module):
    seat, key = classroom.seats.first(), uuid.uuid4()
    other = make_assigned_with_quiz(classroom)
    assert hand_in(seat, module, key=key).accepted
    assert hand_in(seat, other, key=key).accepted


def save(seat, module, values, moment=Moment.BEFORE):
    seat = Seat.objects.select_related("classroom").get(pk=seat.pk)
    quiz = quiz_for(seat.classroom, module, moment)
    return save_responses(seat=seat, quiz=quiz, moment=moment, idempotency_key=uuid.uuid4(), responses=values)


def kept(seat, module, moment=Moment.BEFORE):
    seat = Seat.objects.select_related("classroom").get(pk=seat.pk)
    quiz = quiz_for(seat.classroom, module, moment)
    attempt = attempt_of(seat, quiz, moment)
    return resumable_responses(attempt, seat.classroom, keys_of(questions_of(quiz)))


def test_what_is_saved_is_found_again_and_later_answers_replace_earlier_ones(classroom, module):
    seat = classroom.seats.first()
    assert save(seat, module, {"a-one": "hide"}).accepted
    assert save(seat, module, {"a-one": "tell", "a-bool": "true"}).accepted
    assert kept(seat, module) == {"a-one": "tell", "a-bool": "true"}
    hand_in(seat, module)
    assert not save(seat, module, {"a-one": "pay"}).accepted
    assert Attempt.objects.get().responses == ""


def test_a_revised_question_starts_empty_in_an_open_attempt(classroom, module):
    seat = classroom.seats.first()
    save(seat, module, {"a-one": "pay", "a-bool": "true"})
    changed = [q for q in questions("a") if q.id != "a-one"]
    load_quiz(module=module, kind="A", questions=changed)
    assert kept(seat, module) == {"a-bool": "true"}


def test_an_open_attempt_of_a_sensitive_module_ends_with_the_opening(classroom):
    module, seat, teacher = make_assigned_with_quiz(classroom, is_sensitive=True), classroom.seats.first(), None
    teacher = teacher_of(classroom)
    save(seat, module, {"a-one": "hide"})
    open_classroom(classroom=classroom, actor=teacher, minutes=90)
    assert kept(seat, module) == {"a-one": "hide"}, "a longer opening goes on"
    close_classroom(classroom=classroom, actor=teacher)
    open_classroom(classroom=classroom, actor=teacher)
    assert kept(seat, module) == {}
    assert delete_ended_attempts() == 1
    assert not Attempt.objects.exists()


def test_an_open_attempt_goes_after_eight_days(classroom, module):
    save(classroom.seats.first(), module, {"a-one": "hide"})
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8), tick=False):
        assert delete_ended_attempts() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=9), tick=False):
        assert delete_ended_attempts() == 1


def test_a_changed_choice_is_a_new_revision_and_tallies_never_mix(classroom, module):
    hand_in(classroom.seats.first(), module)
    changed = questions("a")
    changed[0].choices[0].text.en = "another wording"
    load_quiz(module=module, kind="A", questions=changed)
    hand_in(classroom.seats.last(), module)
    rows = Tally.objects.filter(question__slug="a-one", item="").values_list("question__revision", "running")
    assert sorted(rows) == [(1, 1), (2, 1)]
    assert sorted(Tally.objects.filter(question__slug="a-bool", item="").values_list("running", flat=True)) == [2]


def test_a_submission_costs_few_queries(classroom, module, django_assert_num_queries):
    seat = Seat.objects.select_related("classroom").get(pk=classroom.seats.first().pk)
    quiz = quiz_for(seat.classroom, module, Moment.AFTER)
    keys = keys_of(questions_of(quiz))
    step_places(seat, quiz.module)  # kept
    turn = connection.features.has_select_for_update  # SQLite gives it with the transaction
    with django_assert_num_queries(8 + turn):
        submit_attempt(
            seat=seat,
            quiz=quiz,
            moment=Moment.AFTER,
            idempotency_key=uuid.uuid4(),
            keys=keys,
            responses=responses("b", RIGHT),
        )
