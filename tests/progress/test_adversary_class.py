"""A teacher keeps her report of every moment, watches who hands in, knows the rules, and looks for single pupils.

Every sequence of answers, passes among them, is tried. Sequences whose pages are alike at every moment cannot be told
apart; what one seat answered is found where it is the same in all of them. The pages come by HTTP: all that the report,
its fragment, its file, the list of reports and the cockpit answer, headers and lengths too, after each hand-in. A model
of the rule, held against these pages, is attacked with more seats than pages could be asked for.
"""

import dataclasses
import os
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from lessons.models import Reading
from quizzes import operations
from quizzes.disclosure import choice_shares, share, steps_forward
from quizzes.enums import Moment, QuizKind
from quizzes.grading import RIGHT
from quizzes.models import Attempt, Tally
from quizzes.operations import load_quiz, submit_attempt
from quizzes.queries import keys_of, questions_of, quiz_for
from tests.factories.accounts import ClassroomFactory
from tests.factories.lessons import make_assigned
from tests.factories.quizzes import choice, question
from tests.privacy.conftest import note_figures

PASS = None
SEATS = 10
LONG = "BALISE_SEQUENCES" in os.environ  # `make audit`
Counts = dict[str, int]
State = tuple[tuple[str, int, int], ...]
"""Of each item what is published and what is running; the item "" counts submissions."""
Rule = Callable[[Counts, Counts], Counts]
"""Published and running counts → what is published from now on."""


def the_rule(published: Counts, running: Counts) -> Counts:
    return dict(running) if steps_forward(published=published, running=running) else published


# Rules that look safe.


def step_of_five_alike(published: Counts, running: Counts) -> Counts:
    """Five more, whatever they answered."""
    return dict(running) if running[""] - published.get("", 0) >= 5 else published


def each_five_that_are_mixed(published: Counts, running: Counts) -> Counts:
    """Five, ten, fifteen more that are not nearly alike: two refusals and what comes next say which way they were."""
    step = running[""] - published.get("", 0)
    if step < 5 or step % 5:
        return published
    moved = [count - published.get(item, 0) for item, count in running.items() if item]
    return dict(running) if all(2 <= one <= step - 2 for one in moved) or not published.get("") else published


def as_soon_as_mixed(published: Counts, running: Counts) -> Counts:
    """Five more that are not all alike: when it comes says who made the difference."""
    step = running[""] - published.get("", 0)
    moved = {count - published.get(item, 0) for item, count in running.items() if item}
    return dict(running) if step >= 5 and not moved <= {0, step} else published


def daily_running_totals(published: Counts, running: Counts) -> Counts:
    """From five on, every time."""
    return dict(running) if running[""] >= 5 else published


def taken_minus_passed(published: Counts, running: Counts) -> Counts:
    """Shares in steps, but from how many they are at once: who handed in and is not among these has passed."""
    kept = the_rule(published, running)
    return kept | {"": running[""]} if kept.get("") else kept


def nothing(published: Counts, running: Counts) -> Counts:
    return published


# Two worlds for the same adversary: the model of the rule, and the pages.

CHOICES = {"true_false": ["true", "false"], "one": ["tell", "hide", "pay"]}
THE_RIGHT = {"true_false": "false", "one": "tell"}


class Model:
    """What the rule says that is shown of one question."""

    def __init__(self, kind: str, rule: Rule) -> None:
        self.kind, self.rule = kind, rule

    def after(self, seat: int, state: State, answer: str | None) -> State:
        if answer is PASS:
            return state
        items = {"", RIGHT, *CHOICES[self.kind]}
        published = dict.fromkeys(items, 0) | {item: count for item, count, _running in state}
        running = dict.fromkeys(items, 0) | {item: count for item, _published, count in state}
        for item in ("", answer, *([RIGHT] if answer == THE_RIGHT[self.kind] else [])):
            running[item] += 1
        published = self.rule(published, running)
        return tuple((item, published.get(item, 0), running[item]) for item in sorted(items))

    def seen(self, handed_in: int, state: State) -> Hashable:
        published = {item: count for item, count, _running in state}
        total = published.get("", 0)
        right = share(published.get(RIGHT, 0), total)
        if right is None:
            return None
        if right.percent >= 60:
            return right, total
        counts = {slug: published.get(slug, 0) for slug in CHOICES[self.kind]}
        shares = choice_shares(counts, total, right=frozenset({THE_RIGHT[self.kind]}))
        return right, total, tuple(shares.values())


OWN_TO_A_REQUEST = re.compile(rb'value="[^"]{64}"|nonce="[^"]+"|"X-CSRFToken": ?"[^"]+"')


class Pages:
    """What the platform answers to a teacher. Hand-ins go through the operation that a pupil's form calls."""

    def __init__(self, kind: str, client, teacher, *, is_whole: bool) -> None:
        self.client = client
        self.classroom = ClassroomFactory(teacher=teacher, is_open=True, seat_count=SEATS, form="A")
        self.module = make_assigned(self.classroom, is_sensitive=True)
        for form, letter in ((QuizKind.A, "a"), (QuizKind.B, "b")):
            choices = [choice(slug, right=slug == THE_RIGHT[kind]) for slug in CHOICES[kind]]
            load_quiz(module=self.module, kind=form, questions=[question(f"{letter}-q", kind, choices)])
        self.quiz = quiz_for(self.classroom, self.module, Moment.AFTER)
        self.keys = keys_of(questions_of(self.quiz))
        self.seats = list(self.classroom.seats.select_related("classroom").in_order())
        of_report = {"classroom_id": self.classroom.pk, "slug": self.module.slug}
        names = {"report": of_report, "report_csv": of_report, "report_index": {"classroom_id": self.classroom.pk}}
        names["cockpit"] = names["report_index"]
        addresses = {name: reverse(f"progress:{name}", kwargs=values) for name, values in names.items()}
        self.requests = [(addresses[name], {}) for name in ("report", "report_csv")]
        if is_whole:
            self.requests += [(addresses[name], {}) for name in ("report_index", "cockpit")]
            self.requests += [(addresses[name], {"HX-Request": "true"}) for name in ("report", "cockpit")]
        self.asked = 0

    def after(self, seat: int, state: State, answer: str | None) -> State:
        self._put(seat, state)
        with transaction.atomic():
            submit_attempt(
                seat=self.seats[seat], quiz=self.quiz, moment=Moment.AFTER, idempotency_key=uuid.uuid4(),
                keys=self.keys, responses=None if answer is PASS else {"b-q": answer},
            )  # fmt: skip
            found = Tally.objects.filter(classroom=self.classroom).values_list("item", "published", "running")
            after = tuple(sorted(found))
            transaction.set_rollback(True)
        return after

    def seen(self, handed_in: int, state: State) -> Hashable:
        self._put(handed_in, state)
        found = []
        for address, headers in self.requests:
            answer = self.client.get(address, headers=headers)
            body = OWN_TO_A_REQUEST.sub(b"", answer.content)
            kept = {name: value for name, value in answer.items() if "nonce" not in value}
            found.append((answer.status_code, str(kept), len(body), body))
            self.asked += 1
        return tuple(found)

    def _put(self, handed_in: int, state: State) -> None:
        """The class as it is when so many have handed in and its counts stand so."""
        where = {"school_id": self.classroom.school_id, "school_year": self.classroom.school_year}
        done = Attempt.objects.filter(quiz=self.quiz).count()
        for seat in self.seats[done:handed_in]:
            Attempt.objects.create(
                **where, seat=seat, quiz=self.quiz, moment=Moment.AFTER, idempotency_key=uuid.uuid4(),
                is_submitted=True, opening=self.classroom.opening,
            )  # fmt: skip
            Reading.objects.filter(seat=seat, module=self.module).delete()
        Tally.objects.filter(classroom=self.classroom).delete()
        asked = self.keys.question_ids["b-q"]
        Tally.objects.bulk_create(
            Tally(
                **where, classroom=self.classroom, moment=Moment.AFTER, question_id=asked, item=item,
                published=published, running=running,
            )
            for item, published, running in state
        )  # fmt: skip


@dataclasses.dataclass
class Attack:
    """Every sequence of answers of so many seats, told apart by what is seen after each of them."""

    world: Model | Pages
    kind: str
    seats: int
    with_passes: bool = False

    def __post_init__(self) -> None:
        self.options = [*CHOICES[self.kind], *([PASS] if self.with_passes else [])]
        self.steps: list[dict[State, dict[str | None, State]]] = []
        self.views: list[dict[State, Hashable]] = []
        states: set[State] = {()}
        for seat in range(self.seats):
            step = {state: {one: self.world.after(seat, state, one) for one in self.options} for state in states}
            states = {after for found in step.values() for after in found.values()}
            self.steps.append(step)
            self.views.append({state: self.world.seen(seat + 1, state) for state in states})
        self.histories = list(self._histories([{()}]))

    @property
    def sequences(self) -> int:
        return len(self.options) ** self.seats

    def _histories(self, passed: list[set[State]]) -> Iterator[list[set[State]]]:
        """All that can be seen from first to last, each as the states it leaves possible at every moment."""
        seat = len(passed) - 1
        if seat == self.seats:
            yield passed
            return
        by_view: dict[Hashable, set[State]] = defaultdict(set)
        for state in passed[-1]:
            for after in self.steps[seat][state].values():
                by_view[self.views[seat][after]].add(after)
        for states in by_view.values():
            yield from self._histories([*passed, states])

    def possible(self, history: Sequence[set[State]]) -> list[set[str | None]]:
        """What each seat may have answered, once all was seen."""
        found, later = [], history[-1]
        for seat in range(self.seats - 1, -1, -1):
            ways = [
                (state, answer)
                for state in history[seat]
                for answer, after in self.steps[seat][state].items()
                if after in later
            ]
            found.append({answer for _state, answer in ways})
            later = {state for state, _answer in ways}
        return found[::-1]

    @property
    def determined(self) -> int:
        return sum(len(answers) == 1 for history in self.histories for answers in self.possible(history))


def figures_of(attack: Attack) -> dict[str, int]:
    return {
        "sequences": attack.sequences,
        "pages_told_apart": len(attack.histories),
        "seats_determined": attack.determined,
    }


CASES = [("true_false", 12, True), ("true_false", 40, False), ("one", 12, False)]
LONG_CASES = [("true_false", 22, True), ("one", 20, False), ("one", 10, True)] if LONG else []


@pytest.mark.parametrize(("kind", "seats", "with_passes"), CASES + LONG_CASES)
def test_no_seat_is_determined_whatever_moments_are_compared(kind, seats, with_passes):
    attack = Attack(Model(kind, the_rule), kind, seats, with_passes)
    note_figures(f"class-model-{kind}-{seats}", **figures_of(attack))
    assert attack.determined == 0
    assert len(attack.histories) > 5, "publishing nothing is no protection"


# The same attack on pages, where the rule is the platform's own or a planted one.


@pytest.fixture
def pages(staff, teacher, monkeypatch):
    def make(kind: str, rule: Rule, *, is_whole: bool = False) -> Pages:
        def step(rows):
            published = rule({row.item: row.published for row in rows}, {row.item: row.running for row in rows})
            for row in rows:
                row.published = published.get(row.item, 0)

        if rule is not the_rule:
            monkeypatch.setattr(operations, "_step_forward", step)
        return Pages(kind, staff, teacher, is_whole=is_whole)

    with time_machine.travel("2026-03-02 10:00:00Z", tick=False):
        yield make


PAGE_CASES = [("true_false", 10, False), ("true_false", 6, True)]
LONG_PAGE_CASES = [("true_false", 8, True), ("one", 7, False)] if LONG else []


@pytest.mark.parametrize(("kind", "seats", "with_passes"), PAGE_CASES + LONG_PAGE_CASES)
def test_no_seat_is_determined_from_the_pages(pages, kind, seats, with_passes):
    world = pages(kind, the_rule, is_whole=not with_passes)
    attack, model = Attack(world, kind, seats, with_passes), Attack(Model(kind, the_rule), kind, seats, with_passes)
    note_figures(f"class-pages-{kind}-{seats}", **figures_of(attack), pages_read=world.asked)
    assert attack.determined == 0
    assert len(attack.histories) == len(model.histories) > 1, "the model shows what the pages show"


PLANTED = [(step_of_five_alike, 10, False), (as_soon_as_mixed, 7, False), (daily_running_totals, 6, False)]
PLANTED += [(taken_minus_passed, 6, True)]


@pytest.mark.parametrize(("rule", "seats", "with_passes"), PLANTED, ids=lambda one: getattr(one, "__name__", ""))
def test_naive_rules_are_caught(pages, rule, seats, with_passes):
    attack = Attack(pages("true_false", rule), "true_false", seats, with_passes)
    note_figures(f"planted-{rule.__name__}", rules_planted=1, rules_caught=int(attack.determined > 0))
    assert attack.determined


def test_a_step_at_every_fifth_is_caught_in_a_class_of_twenty():
    assert Attack(Model("true_false", each_five_that_are_mixed), "true_false", 20).determined
    note_figures("planted-each_five_that_are_mixed", rules_planted=1, rules_caught=1)


def test_publishing_nothing_fails(pages):
    assert len(Attack(pages("true_false", nothing), "true_false", 6).histories) == 1
