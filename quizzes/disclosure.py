"""What a teacher may see of a class's counts, and when. Pure.

Guarantee: whoever keeps every page of every moment, knows this rule and watches who hands in when, cannot determine
what any one seat answered, whatever two or more moments are compared: at least two answers stay possible for each, in
classes of up to 40 seats. Counts stand for `MINIMUM_STEP` submissions, or for twice or four times as many; the extreme
shares are words that also cover up to `COVER` other answers. When figures appear tells that whoever handed in just then
did not pass. Not covered: a teacher who sits on pupils' seats, who knows from elsewhere what some pupils answered, and
what pupils say aloud.

Counts advance per question, in steps. The published counts stand still until enough was handed in and each count that
would be seen to move moved by a mixed group; then they take the running values at once. The step is part of the
submission itself, so that no moment exists at which the two could be compared. *When* it is taken must tell nothing
either, nor that it was *not* taken. A step as soon as five are not all alike would say, if it came with the sixth, that
the sixth alone differs: tried on every sequence of thirteen answers to a question of two choices, that determined 55 %
of the answers. A step at every fifth submission is safe up to fifteen seats; from twenty on it is not: two steps held
back one after the other say that both groups were nearly alike, and the next one says which way. So there are three
moments at which a question's counts may step forward and no more, and a count that one answer alone would move is held
back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MINIMUM_STEP = 5
MOMENTS = (1, 2, 4)
"""Times `MINIMUM_STEP`: how many submissions there are when counts may step forward."""
COVER = 2
MINORITY = 2


def steps_forward(
    *, published: Mapping[str, int], running: Mapping[str, int], submissions: str = "", minimum: int = MINIMUM_STEP
) -> bool:
    """Whether a question's published counts may take the running ones.

    `published` and `running` map items to counts; the item named by `submissions` counts the submissions themselves.
    Yes, at `minimum` submissions, at twice and at four times as many, where each item may be shown again: it reads as
    the same word as before, or moved by at least `MINORITY` and left out at least as many. `minimum` below
    `MINIMUM_STEP` raises ValueError.
    """
    if minimum < MINIMUM_STEP:
        raise ValueError(f"the minimum step may be raised above {MINIMUM_STEP}, never lowered")
    total, before = running.get(submissions, 0), published.get(submissions, 0)
    step = total - before
    if total not in [minimum * factor for factor in MOMENTS] or not step:
        return False
    return all(
        _reads_alike(published.get(item, 0), before, count, total)
        or MINORITY <= count - published.get(item, 0) <= step - MINORITY
        for item, count in running.items()
        if item != submissions
    )


def _reads_alike(earlier: int, earlier_total: int, later: int, later_total: int) -> bool:
    """Whether a count is a word that was shown before too; at the first step, whether it is a word."""
    word = share(later, later_total).extreme
    return word is not None and (earlier_total == 0 or share(earlier, earlier_total).extreme == word)


class Extreme(StrEnum):
    NEARLY_ALL = "nearly_all"
    HARDLY_ANY = "hardly_any"
    TOGETHER = "together"  # the count is of several choices together


@dataclass(frozen=True)
class Share:
    """A published share: so many of so many, or a word that covers up to `COVER` other answers."""

    count: int | None
    total: int
    extreme: Extreme | None = None

    @property
    def percent(self) -> int:
        """For a drawing only: a word is drawn at the end of the line, never at its count."""
        if self.count is None:
            return 100 if self.extreme == Extreme.NEARLY_ALL else 0
        return round(100 * self.count / self.total)

    @property
    def middle(self) -> int:
        """The count, or the middle of what the word covers: for sums of what is shown."""
        if self.count is not None:
            return self.count
        return self.total - 1 if self.extreme == Extreme.NEARLY_ALL else 1


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


def mean_share(shares: Sequence[Share]) -> Share | None:
    """Several questions' shares as one, made of what is shown of them and not of the counts behind a word.

    A word counts as the middle of what it covers; where all are the same word, that word is the mean.
    """
    if not shares:
        return None
    total = sum(one.total for one in shares)
    extremes = {one.extreme for one in shares}
    if len(extremes) == 1 and None not in extremes:
        return Share(None, total, shares[0].extreme)
    return Share(sum(one.middle for one in shares), total)


def choice_shares(counts: Mapping[str, int], total: int, *, right: frozenset[str]) -> dict[str, Share]:
    """The shares of choices of which each submission took exactly one.

    They add up, so that a word could be told from the numbers beside it. Where what is left over for the choices that
    read "hardly any" does not leave each of them 0…`COVER`, or where so few were wrong, or asked, that one number would
    say it all, the wrong choices are shown together, as one count; and the right one with them, where it is one.
    """
    shown = {slug: share(count, total) for slug, count in counts.items()}
    words = [slug for slug, one in shown.items() if one.extreme == Extreme.HARDLY_ANY]
    if not words or any(one.extreme == Extreme.NEARLY_ALL for one in shown.values()):
        return shown
    left = total - sum(one.count for one in shown.values() if one.extreme is None)
    wrong = sum(count for slug, count in counts.items() if slug not in right)
    if COVER <= left <= COVER * (len(words) - 1) and wrong != COVER + 1 and total > 3 * COVER:
        return shown
    together = [slug for slug in shown if slug not in right or slug in words]
    return shown | {slug: Share(sum(counts[one] for one in together), total, Extreme.TOGETHER) for slug in together}
