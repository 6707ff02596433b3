"""Everything that is kept, declared once. Pure. A test fails on what is kept and not declared, and the reverse."""

from collections import defaultdict

from privacy.inventory import content, elsewhere, pupils, staff
from privacy.inventory.terms import (
    LONGEST_DAYS,
    Declaration,
    Eraser,
    Ground,
    Kind,
    Purpose,
    Readers,
    Retention,
    Subject,
    Text,
    Topic,
)

__all__ = [
    "ALL",
    "FORBIDDEN_NAMES",
    "LONGEST_DAYS",
    "Declaration",
    "Eraser",
    "Ground",
    "Kind",
    "Purpose",
    "Readers",
    "Retention",
    "Subject",
    "Text",
    "Topic",
    "by_place",
    "declared",
    "of_topic",
]

ALL: tuple[Declaration, ...] = (
    *pupils.DECLARATIONS,
    *staff.DECLARATIONS,
    *content.DECLARATIONS,
    *elsewhere.DECLARATIONS,
)

FORBIDDEN_NAMES = frozenset(
    "name first_name last_name firstname surname nickname pseudonym email mail phone address street city postcode ip "  # noqa: SIM905
    "birth birthday birth_date born age gender sex photo image file upload comment text note message opinion agent "
    "user_agent latitude longitude religion nationality health".split()
)
"""No field of a pupil may be called so, alone or as a part between underscores."""


def declared(kind: Kind) -> dict[str, frozenset[str]]:
    """Place → the names declared there."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in ALL:
        if one.kind == kind:
            found[one.place].update(one.names)
    return {place: frozenset(names) for place, names in found.items()}


def by_place(kind: Kind) -> dict[str, list[Declaration]]:
    found: dict[str, list[Declaration]] = defaultdict(list)
    for one in ALL:
        if one.kind == kind:
            found[one.place].append(one)
    return dict(found)


def of_topic(topic: Topic) -> list[Declaration]:
    return [one for one in ALL if one.topic == topic]
