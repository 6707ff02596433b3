"""What a teacher may see of a class's counts, and when. Pure.

Guarantee: whoever keeps every page of every moment, and subtracts, never obtains the count of a group of fewer than
`MINIMUM_STEP` submissions, nor a group whose responses were all alike; and the extreme shares are words that also cover
up to `COVER` other answers. The adversary is a teacher of the class who watches who hands in when, and knows nothing
else. Not covered: a teacher who sits on pupils' seats, and what pupils say aloud.

Counts advance per question, in steps. The published counts stand still until the difference from the running ones is
large and mixed enough; then they take the running values at once. The step is part of the submission itself, so that
no moment exists at which the two could be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MINIMUM_STEP = 5
COVER = 2


def steps_forward(
    *, published: Mapping[str, int], running: Mapping[str, int], submissions: str = "", minimum: int = MINIMUM_STEP
) -> bool:
    """Whether a question's published counts may take the running ones.

    `published` and `running` map items to counts; the item named by `submissions` counts the submissions themselves.
    No, while the difference holds fewer than `minimum` submissions, or while all of them are alike: every item then
    moved by nothing or by as much as the submissions did. `minimum` below `MINIMUM_STEP` raises ValueError.
    """
    if minimum < MINIMUM_STEP:
        raise ValueError(f"the minimum step may be raised above {MINIMUM_STEP}, never lowered")
    step = running.get(submissions, 0) - published.get(submissions, 0)
    if step < minimum:
        return False
    moved = {running[item] - published.get(item, 0) for item in running if item != submissions}
    return not moved <= {0, step}


class Extreme(StrEnum):
    NEARLY_ALL = "nearly_all"
    HARDLY_ANY = "hardly_any"


@dataclass(frozen=True)
class Share:
    """A published share: so many of so many, or a word that covers up to `COVER` other answers."""

    count: int | None
    total: int
    extreme: Extreme | None = None

    @property
    def percent(self) -> int:
        """For a drawing only: an extreme is drawn at the end of the line, never at its count."""
        if self.extreme is not None:
            return 100 if self.extreme == Extreme.NEARLY_ALL else 0
        return round(100 * self.count / self.total)


def share(count: int, total: int) -> Share | None:
    """A published count as it may be shown; none while nothing is published (`total` 0).

    The extremes cover `COVER` answers on their side; where both would (a total of `2 × COVER` or fewer, which a step of
    five excludes) the larger side wins.
    """
    if total == 0:
        return None
    if count >= total - COVER:
        return Share(None, total, Extreme.NEARLY_ALL)
    if count <= COVER:
        return Share(None, total, Extreme.HARDLY_ANY)
    return Share(count, total)
