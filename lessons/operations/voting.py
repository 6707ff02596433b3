"""A vote of the class: opened, a turn taken, closed, put away. What is kept, and what never: see `ClassVote`."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Classroom, Seat
from accounts.queries import newest_pepper
from lessons.models import ClassLesson, ClassVote, Scene, VotedSeat
from lessons.operations.reading import set_class_lesson
from lessons.queries import replies_of, sums_of
from lessons.secrets import seal_sums

FEWEST_VOTES = 5  # below, a voice is a person


class VoteRefusedError(Exception):
    """The class has voted on this in this lesson already."""


@transaction.atomic
def open_vote(*, classroom: Classroom, scene: Scene) -> ClassVote:
    """Asks the class that sits here now. An open vote is dropped for it; what earlier lessons left goes too."""
    lesson = set_class_lesson(classroom=classroom)  # the class's line is locked: two taps are one vote
    ClassVote.objects.filter(classroom=classroom).exclude(opening=classroom.opening).delete()
    votes = ClassVote.objects.of_opening(classroom)
    votes.filter(is_closed=False).delete()
    if votes.filter(scene=scene).exists():
        raise VoteRefusedError
    votes.filter(is_closed=True).update(sealed=b"")
    vote = ClassVote(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        classroom=classroom,
        opening=classroom.opening,
        scene=scene,
    )
    _seal(vote, [0] * len(replies_of(scene)))
    vote.save()
    lesson.vote_key = vote.pk
    lesson.save(update_fields=["vote_key"])
    return vote


def _seal(vote: ClassVote, sums: list[int]) -> None:
    vote.sealed = seal_sums(newest_pepper()[1], vote.pk.bytes, sums)


@transaction.atomic
def take_turn(*, seat: Seat, vote: ClassVote, reply: str) -> bool:
    """One voice, or a pass (no reply): the same rows are written. The first turn of a seat is the only one."""
    vote = ClassVote.objects.select_for_update(no_key=True).filter(pk=vote.pk, is_closed=False).first()
    if vote is None:
        return False
    _turn, is_new = VotedSeat.objects.get_or_create(
        school_id=vote.school_id, school_year=vote.school_year, vote=vote, seat=seat
    )
    if is_new:
        sums = [number + (one.slug == reply) for one, number in zip(replies_of(vote.scene), sums_of(vote), strict=True)]
        _seal(vote, sums)
        vote.save(update_fields=["sealed"])
    return is_new


@transaction.atomic
def close_vote(*, classroom: Classroom) -> bool:
    """Ends the turns and forgets who had one. With fewer than five voices the sums go too; says whether they stay."""
    ClassLesson.objects.filter(classroom=classroom).update(vote_key=None)
    vote = ClassVote.objects.of_opening(classroom).select_for_update(no_key=True).filter(is_closed=False).first()
    if vote is None:
        return False
    VotedSeat.objects.filter(vote=vote).delete()
    if sum(sums_of(vote)) < FEWEST_VOTES:
        vote.delete()
        return False
    vote.is_closed = True
    vote.save(update_fields=["is_closed"])
    return True


@transaction.atomic
def put_votes_away(*, classroom: Classroom) -> None:
    """Forgets what is shown, and an open vote with who had their turn."""
    ClassLesson.objects.filter(classroom=classroom).update(vote_key=None)
    votes = ClassVote.objects.of_opening(classroom)
    votes.filter(is_closed=False).delete()
    votes.update(sealed=b"")


@transaction.atomic
def delete_ended_votes() -> int:
    """Votes of an opening that is over. Run it often; until then every read passes over them."""
    goes_on = Classroom.objects.open_now().filter(pk=OuterRef("classroom"), opening=OuterRef("opening"))
    return ClassVote.objects.filter(~Exists(goes_on)).delete()[0]
