"""A rotation plan for a room as it is: pupils, tablets, who does not read yet, minutes. Nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

GROUPS = 3  # the plans are written for three groups, which move on twice
ROUNDS = slice(1, 1 + GROUPS)  # in a plan for few tablets: one moment together, three rounds, perhaps an ending
LEAST_SHARE = 0.75  # of the minutes a plan asks for; below, the module takes two lessons


class Room(Enum):
    OWN = "own"  # a tablet for everybody
    ROTATION = "rotation"
    NONE = "none"


@dataclass(frozen=True)
class Moment:
    starts: int
    ends: int
    title: str
    text: str


@dataclass(frozen=True)
class Group:
    """One of the groups that move on: how many, how many of them do not read yet, how many share a tablet."""

    letter: str
    pupils: int
    non_readers: int
    to_a_tablet: int
    stations: tuple[int, ...]  # in each round: 0 at the tablets, 1 on paper, 2 with the teacher


@dataclass(frozen=True)
class Composition:
    room: Room
    moments: tuple[Moment, ...]
    groups: tuple[Group, ...]
    plan_minutes: int
    is_tight: bool

    @property
    def rounds(self) -> tuple[Moment, ...]:
        return self.moments[ROUNDS] if self.room == Room.ROTATION else ()


def compose(*, plan: dict, pupils: int, tablets: int, non_readers: int, minutes: int) -> Composition:
    """Chooses the plan's part that fits the room and spreads it over the minutes there are."""
    room = Room.NONE if not tablets else Room.OWN if tablets >= pupils else Room.ROTATION
    parts = plan[{Room.OWN: "timeline", Room.ROTATION: "few_tablets", Room.NONE: "no_device"}[room]]
    wanted = sum(part["minutes"] for part in parts)
    return Composition(
        room=room,
        moments=_spread(parts, minutes),
        groups=_groups(pupils, tablets, non_readers) if room == Room.ROTATION else (),
        plan_minutes=wanted,
        is_tight=minutes < wanted * LEAST_SHARE,
    )


def _spread(parts: Sequence[dict], minutes: int) -> tuple[Moment, ...]:
    """Moments in proportion to the plan's, in whole minutes that add up exactly."""
    wanted = sum(part["minutes"] for part in parts) or 1
    found, before = [], 0
    for part in parts:
        after = before + part["minutes"]
        starts, ends = (round(edge * minutes / wanted) for edge in (before, after))
        found.append(Moment(starts, ends, part["title"], part["text"]))
        before = after
    return tuple(found)


def _groups(pupils: int, tablets: int, non_readers: int) -> tuple[Group, ...]:
    def share(count: int, place: int) -> int:
        return count // GROUPS + (place < count % GROUPS)

    return tuple(
        Group(
            letter="ABC"[place],
            pupils=share(pupils, place),
            non_readers=share(min(non_readers, pupils), place),
            to_a_tablet=max(1, -(-share(pupils, place) // tablets)),
            stations=tuple((place + turn) % GROUPS for turn in range(GROUPS)),
        )
        for place in range(GROUPS)
    )
