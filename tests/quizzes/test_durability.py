"""What was confirmed is there, once: with a worker killed, a full disk, a school that hands in at once.

The long versions, thousands of times and against a real disk: `make kills`, `make bursts`.
"""

import os
import queue
import random
import signal
import threading
import uuid
from collections import Counter

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Seat
from benchmarks.answers import answered, recount_faults
from quizzes.enums import Moment
from quizzes.models import Attempt, Tally
from quizzes.operations import submit_attempt
from quizzes.queries import keys_of, questions_of, quiz_for
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.quizzes import RIGHT, make_assigned_with_quiz, responses

pytestmark = pytest.mark.django_db(transaction=True)
KEY = uuid.UUID(int=7)


def hand_in(classroom, module) -> bool:
    seat = Seat.objects.select_related("classroom").filter(classroom=classroom).order_by("position")[0]
    quiz = quiz_for(seat.classroom, module, Moment.BEFORE)
    keys = keys_of(questions_of(quiz))
    return submit_attempt(
        seat=seat, quiz=quiz, moment=Moment.BEFORE, idempotency_key=KEY, keys=keys, responses=responses("a", RIGHT)
    ).accepted


def in_a_worker(work) -> int:
    """Runs it in a process of its own; the signal that killed it, or 0."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


def killed_at(number: int, classroom, module) -> int:
    """Hands in, and is killed behind its n-th statement."""
    left = iter(range(number - 1))

    def count(execute, *arguments):
        result = execute(*arguments)
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def work():
        with connection.execute_wrapper(count):
            hand_in(classroom, module)

    return in_a_worker(work)


def test_a_worker_killed_at_any_statement_leaves_nothing_behind(classroom, module):
    for number in range(1, 60):
        if killed_at(number, classroom, module) != signal.SIGKILL:
            break
        assert not Attempt.objects.exists(), f"statement {number}"
        assert not Tally.objects.exists(), f"statement {number}"
    assert number > 6, "the submission was never interrupted"
    assert Attempt.objects.filter(is_submitted=True).count() == 1


def test_a_worker_killed_between_commit_and_answer_has_kept_it_once(classroom, module):
    def work():
        with transaction.atomic():
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            hand_in(classroom, module)

    assert in_a_worker(work) == signal.SIGKILL
    before = sorted(Tally.objects.values_list("question", "item", "running"))
    assert before
    assert hand_in(classroom, module) is False  # the pupil's browser sends it again
    assert sorted(Tally.objects.values_list("question", "item", "running")) == before
    assert Attempt.objects.count() == 1


@pytest.fixture
def full_disk():
    """A function that fills the disk, and one that makes room again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")

            def fill():
                connection.cursor().execute("PRAGMA max_page_count = 1")  # SQLite takes it as: not one page more

            yield fill, lambda: connection.cursor().execute("PRAGMA max_page_count = 1000000")
            return

    def fail(execute, sql, *rest):
        if str(sql).startswith("INSERT") and "quizzes_tally" in str(sql):
            raise OperationalError from psycopg.errors.DiskFull()
        return execute(sql, *rest)

    yield lambda: connection.execute_wrappers.append(fail), lambda: connection.execute_wrappers.remove(fail)


def test_a_full_disk_is_said_and_nothing_confirmed_is_lost(full_disk):
    classroom = ClassroomFactory(seat_count=30, is_open=True, form="A")
    module = make_assigned_with_quiz(classroom)
    path, chance, expected = reverse("quizzes:quiz_take", args=[module.slug, "before"]), random.Random(1), Counter()
    questions = questions_of(quiz_for(classroom, module, Moment.BEFORE))
    clients = [sit(seat, Client(raise_request_exception=False)) for seat in classroom.seats.in_order()]
    forms = [answered(questions, chance) for _client in clients]
    fill, make_room = full_disk
    fill()
    answers = [client.post(path, data) for client, (data, _items) in zip(clients, forms, strict=True)]
    make_room()
    refused = [place for place, answer in enumerate(answers) if answer.status_code == 503]
    assert refused
    assert {answer.status_code for answer in answers} <= {302, 503}
    assert "jamais deux fois" in answers[refused[0]].content.decode()
    assert Attempt.objects.filter(is_submitted=True).count() == Attempt.objects.count() == 30 - len(refused)
    for place in refused:
        assert clients[place].post(path, forms[place][0]).status_code == 302
    for _data, items in forms:
        expected += items
    assert recount_faults({str(classroom.pk): expected}, Moment.BEFORE) == []


def test_a_school_hands_in_at_once_and_every_answer_is_counted():
    chance, waiting = random.Random(2), queue.SimpleQueue()
    expected = {}
    for form in ("A", "B"):
        classroom = ClassroomFactory(seat_count=8, is_open=True, form=form)
        module = make_assigned_with_quiz(classroom)
        questions = questions_of(quiz_for(classroom, module, Moment.BEFORE))
        expected[str(classroom.pk)] = total = Counter()
        for seat in classroom.seats.in_order():
            data, counted = answered(questions, chance)
            total += counted
            waiting.put((sit(seat), reverse("quizzes:quiz_take", args=[module.slug, "before"]), data))
    statuses = []

    def work():
        while True:
            try:
                client, path, data = waiting.get_nowait()
            except queue.Empty:
                break
            statuses.append(client.post(path, data).status_code)
        connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 16
    assert recount_faults(expected, Moment.BEFORE) == []
