"""Grading. Pure: questions and responses in, marks out; it knows no seat and no database.

A response is what a form can carry, and what an open attempt packs as JSON:

| kind | response |
|---|---|
| one, true_false | the slug of the choice |
| several, signs | the slugs of the chosen choices, sorted |
| order | {slug: place}, places from 1 |
| match | {slug: slug of the choice whose partner was picked} |

A question without a response is neither right nor wrong: it is not graded and not counted.
"""

import hashlib
import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from quizzes.schemas import QuestionKind

Response = str | list[str] | dict[str, int] | dict[str, str]
RIGHT = "=right"
"""The item of a tally that counts the responses that were wholly right. No slug can begin with "="."""
GOT_IT_SHARE = 2 / 3
"""An objective is "got it" from two thirds of its answered questions on; fewer reads "to revisit"."""


@dataclass(frozen=True)
class Key:
    """What is right in one revision of one question: its choices' slugs in the file's order."""

    kind: QuestionKind
    slugs: tuple[str, ...]
    right: frozenset[str]
    objective: str


def is_possible(key: Key, response: object) -> bool:
    """Whether a response has the shape of the question's kind and names only its choices."""
    match key.kind:
        case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
            return isinstance(response, str) and response in key.slugs
        case QuestionKind.SEVERAL | QuestionKind.SIGNS:
            if not isinstance(response, list) or not response:
                return False
            return all(isinstance(slug, str) and slug in key.slugs for slug in response) and len(set(response)) == len(
                response
            )
        case QuestionKind.ORDER:
            return (
                isinstance(response, dict)
                and set(response) == set(key.slugs)
                and all(type(place) is int and 1 <= place <= len(key.slugs) for place in response.values())
            )
    return (
        isinstance(response, dict)
        and set(response) == set(key.slugs)
        and all(isinstance(slug, str) and slug in key.slugs for slug in response.values())
    )


def is_right(key: Key, response: Response) -> bool:
    """Whether a possible response is wholly right."""
    match key.kind:
        case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
            return response in key.right
        case QuestionKind.SEVERAL | QuestionKind.SIGNS:
            return set(response) == key.right
        case QuestionKind.ORDER:
            return all(response[slug] == place for place, slug in enumerate(key.slugs, start=1))
    return all(response[slug] == slug for slug in key.slugs)


def is_chosen(key: Key, response: Response | None, slug: str) -> bool:
    """Whether a response took this choice; for order and match, whether it put this one right."""
    match key.kind:
        case _ if response is None:
            return False
        case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
            return response == slug
        case QuestionKind.SEVERAL | QuestionKind.SIGNS:
            return slug in response
        case QuestionKind.ORDER:
            return response[slug] == key.slugs.index(slug) + 1
    return response[slug] == slug


def items(key: Key, response: Response) -> list[str]:
    """What a response adds one to in its class's tally: chosen slugs, `slug@place`, `slug@partner`, and `RIGHT`."""
    match key.kind:
        case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
            counted = [response]
        case QuestionKind.SEVERAL | QuestionKind.SIGNS:
            counted = sorted(response)
        case _:
            counted = [f"{slug}@{response[slug]}" for slug in key.slugs]
    return [*counted, RIGHT] if is_right(key, response) else counted


def objective_shares(keys: Mapping[str, Key], responses: Mapping[str, Response]) -> dict[str, float]:
    """For each objective with an answered question, the share (0 to 1) of those answered wholly right."""
    answered: dict[str, list[bool]] = {}
    for question, response in responses.items():
        key = keys[question]
        answered.setdefault(key.objective, []).append(is_right(key, response))
    return {objective: sum(marks) / len(marks) for objective, marks in answered.items()}


def objectives_got(keys: Mapping[str, Key], responses: Mapping[str, Response]) -> dict[str, bool]:
    """For every objective of the quiz: whether it was got. Not answered, or passed over, reads "to revisit"."""
    shares = objective_shares(keys, responses)
    return {key.objective: shares.get(key.objective, 0.0) >= GOT_IT_SHARE for key in keys.values()}


def possible_only(keys: Mapping[str, Key], responses: Iterable[tuple[str, object]]) -> dict[str, Response]:
    """Drops what no form of ours can have sent: unknown questions, unknown choices, wrong shapes."""
    return {question: value for question, value in responses if question in keys and is_possible(keys[question], value)}


def shuffled(text: str) -> str:
    """A short digest: an order and a name that come from the words alone and say nothing of a choice's place."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def partner_value(question: str, partner: str) -> str:
    """What is sent when a partner (by its French words) is picked in a match question."""
    return shuffled(f"partner {question} {partner}")


class DamagedError(ValueError):
    """What was sent is nothing that our form sends."""


class Sent(Protocol):
    """What a browser sent, as Django hands it over."""

    def get(self, name: str, default: str = "") -> str: ...

    def getlist(self, name: str) -> list[str]: ...


@dataclass(frozen=True)
class Line:
    """How one question is sent: under which names, and what each value that may come means."""

    slug: str
    is_several: bool
    fields: tuple[tuple[str, str], ...]  # (name, the choice it is for); one name where all choices share it
    values: Mapping[str, str | int]

    def read(self, sent: Sent) -> Response | None:
        """The response; none where there is none, or where it is not whole. Raises DamagedError."""
        try:
            if self.is_several:
                return sorted({self.values[value] for value in sent.getlist(self.fields[0][0])}) or None
            found = {
                choice: self.values[value] if (value := sent.get(name, "")) else None for name, choice in self.fields
            }
        except KeyError:
            raise DamagedError from None
        if None in found.values():
            return None
        return found if self.fields[0][1] else found[""]


@dataclass(frozen=True)
class Sheet:
    """How all questions of a quiz are sent. Made once: a save every few seconds from every pupil makes no form."""

    lines: tuple[Line, ...]

    def read(self, sent: Sent) -> tuple[uuid.UUID, dict[str, Response]]:
        """The form's key, and the answered questions' responses by slug. Raises DamagedError."""
        try:
            key = uuid.UUID(sent.get("key", ""))
        except ValueError:
            raise DamagedError from None
        found = {line.slug: line.read(sent) for line in self.lines}
        return key, {slug: response for slug, response in found.items() if response is not None}


@dataclass(frozen=True)
class Gain:
    """Understanding gained: the difference of two shares in points (−100 to 100), and its 95 % interval."""

    points: int
    low: int
    high: int


def _wilson(share: float, size: int) -> tuple[float, float]:
    z = 1.959964
    centre = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return centre - half, centre + half


def gain(*, before: float, before_size: int, after: float, after_size: int) -> Gain:
    """The difference of two shares (each 0 to 1) of two groups of seats, with Newcombe's interval.

    Unpaired: who answered before and who after is not known, so the interval is wider than a paired one. Sizes count
    seats, not answers, since one seat's answers go together. Sizes under 1 raise ValueError.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10 (Wilson scores, no correction).
    """
    if before_size < 1 or after_size < 1:
        raise ValueError("a share needs at least one seat")
    difference = after - before
    before_low, before_high = _wilson(before, before_size)
    after_low, after_high = _wilson(after, after_size)
    low = difference - math.hypot(after - after_low, before_high - before)
    high = difference + math.hypot(after_high - after, before - before_low)
    return Gain(*(round(100 * value) for value in (difference, max(-1.0, low), min(1.0, high))))
