"""What a closed vote shows: sums, or words where a sum would say what single seats chose."""

from dataclasses import dataclass

from lessons.models import ClassVote
from lessons.queries import replies_of, sums_of
from quizzes.disclosure import Extreme, share


@dataclass(frozen=True)
class VoteRow:
    """A reply with its voices; none where a word stands for them. The whole is not told, so that none is left over."""

    letter: str
    text: str
    voices: int | None
    is_most: bool  # the word: most, or few

    def of(self, most: int) -> int:
        """For the drawing: the length of the bar, where `most` is the longest."""
        return self.voices if self.voices is not None else most * self.is_most


@dataclass(frozen=True)
class VoteResult:
    rows: tuple[VoteRow, ...]

    @property
    def longest(self) -> int:
        return max((row.voices for row in self.rows if row.voices is not None), default=1)

    @property
    def bars(self) -> list[tuple[VoteRow, int]]:
        return [(row, row.of(self.longest)) for row in self.rows]


def vote_result(vote: ClassVote) -> VoteResult:
    """Of a closed vote only: five voices or more. The words cover up to two voices that were otherwise."""
    sums = sums_of(vote)
    shown = [share(number, sum(sums)) for number in sums]
    return VoteResult(
        tuple(
            VoteRow(letter, reply.text, one.count, one.extreme == Extreme.NEARLY_ALL)
            for letter, reply, one in zip("ABCDEFGH", replies_of(vote.scene), shown, strict=False)
        )
    )
