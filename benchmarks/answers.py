"""Answers that a class might give, and what a recount must find, reckoned apart from the product's own rules."""

import random
import uuid
from collections import Counter
from collections.abc import Iterable

Item = tuple[uuid.UUID, str]
"""A question and an item of it, as a tally counts them."""


def answered(questions: Iterable, chance: random.Random) -> tuple[dict[str, object], Counter]:
    """The fields of a form in which every question is answered, and the items that this adds to a class's tallies."""
    from quizzes.forms import shown_partners

    data: dict[str, object] = {"key": str(uuid.uuid4())}
    counted: Counter[Item] = Counter()
    for question in questions:
        choices = list(question.choices.all())
        slugs = [choice.slug for choice in choices]
        taken = _taken(question.kind, choices, chance)
        if question.kind in ("one", "true_false"):
            data[str(question.pk)] = taken[0]
        elif question.kind in ("several", "signs"):
            data[str(question.pk)] = taken
        elif question.kind == "order":
            data |= {str(choice.pk): str(place) for choice, place in zip(choices, taken, strict=True)}
        else:
            values = {choice.slug: value for choice, (value, *_rest) in zip_partners(choices, shown_partners(question))}
            data |= {str(choice.pk): values[other] for choice, other in zip(choices, taken, strict=True)}
        items = (
            taken
            if question.kind not in ("order", "match")
            else [f"{a}@{b}" for a, b in zip(slugs, taken, strict=True)]
        )
        if _is_right(question.kind, choices, taken):
            items = [*items, "=right"]
        counted.update((question.pk, item) for item in ["", *items])
    return data, counted


def class_answers(classroom: str, slug: str, moment: str, chance: random.Random) -> tuple[list[dict], Counter]:
    """A form of every seat of a class, in the order of its places, and what its tallies must be when all are in."""
    from accounts.models import Seat
    from lessons.models import Module
    from quizzes.enums import Moment
    from quizzes.queries import questions_of, quiz_for

    seats = list(Seat.objects.select_related("classroom").filter(classroom=classroom).order_by("position"))
    questions = questions_of(quiz_for(seats[0].classroom, Module.objects.get(slug=slug), Moment(moment)))
    made = [answered(questions, chance) for _seat in seats]
    return [data for data, _items in made], sum((items for _data, items in made), Counter())


def zip_partners(choices: list, partners: list[tuple]) -> list[tuple]:
    """Each choice with the (value, text, …) of its own partner."""
    by_text = {text: (value, text) for value, text, *_rest in partners}
    return [(choice, by_text[choice.partner]) for choice in choices]


def _taken(kind: str, choices: list, chance: random.Random) -> list:
    """What is chosen: slugs; of an order a place for each choice; of a match a choice's slug for each."""
    slugs = [choice.slug for choice in choices]
    if kind in ("one", "true_false"):
        return [chance.choice(slugs)]
    if kind in ("several", "signs"):
        return sorted(chance.sample(slugs, chance.randint(1, len(slugs))))
    return chance.sample(list(range(1, len(slugs) + 1)) if kind == "order" else slugs, len(slugs))


def _is_right(kind: str, choices: list, taken: list) -> bool:
    if kind == "order":
        return taken == list(range(1, len(choices) + 1))
    if kind == "match":
        return taken == [choice.slug for choice in choices]
    return set(taken) == {choice.slug for choice in choices if choice.is_right}


def recount_faults(expected: dict[str, Counter], moment: str) -> list[str]:
    """Where the tallies of the database differ from a recount: classroom by classroom, item by item."""
    from quizzes.models import Tally

    found: dict[str, Counter] = {classroom: Counter() for classroom in expected}
    for tally in Tally.objects.filter(moment=moment):
        found.setdefault(str(tally.classroom_id), Counter())[tally.question_id, tally.item] = tally.running
    faults = []
    for classroom in sorted(found):
        wanted, there = expected.get(classroom, Counter()), found[classroom]
        differ = sum(wanted[item] != there[item] for item in wanted.keys() | there.keys())
        if differ:
            faults.append(f"{differ} tallies of a class differ from the recount")
    return faults
