"""The vote of a class, as the teacher and a seat may know it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.models import Classroom, Seat, Sitting
from lessons.models import ClassVote, Module, Reply, Scene, VotedSeat
from lessons.secrets import MOST_REPLIES, unseal_sums


def replies_of(scene: Scene) -> list[Reply]:
    return list(scene.replies.order_by("position"))


def sums_of(vote: ClassVote) -> list[int]:
    """The voices for each reply, in order. What is written of them is sealed; see `ClassVote`."""
    peppers = list(settings.BALISE_PEPPERS.values())
    return unseal_sums(peppers, vote.pk.bytes, bytes(vote.sealed), len(replies_of(vote.scene)))


def votable_scenes(classroom: Classroom, module: Module) -> QuerySet[Scene]:
    """What the class may vote on: choices of the steps it is shown. Of a sensitive module, or step, nothing."""
    if module.is_sensitive:
        return Scene.objects.none()
    steps = module.steps.for_age(classroom.age_of_youngest).filter(is_sensitive=False)
    return (
        Scene.objects.filter(step__in=steps, is_ending=False)
        .annotate(reply_count=Count("replies"))
        .filter(Q(reply_count__gte=2, reply_count__lte=MOST_REPLIES))
        .select_related("step__module")
        .order_by("step__position", "position")
    )


def vote_now(classroom: Classroom) -> ClassVote | None:
    """The vote that is open, or else the one whose result waits to be shown; none while the class is closed."""
    if not classroom.is_open:
        return None
    votes = ClassVote.objects.of_opening(classroom).exclude(sealed=b"").select_related("scene__step__module")
    return votes.order_by("is_closed").first()


def open_vote_for(seat: Seat, vote_key: UUID | None) -> ClassVote | None:
    """The open vote, if this seat has not had its turn and may open what it is about."""
    if vote_key is None:
        return None
    votes = ClassVote.objects.of_opening(seat.classroom).filter(pk=vote_key, is_closed=False)
    vote = votes.exclude(voted__seat=seat).select_related("scene__step__module").first()
    if vote is None or not Module.objects.open_to(seat, is_home=False).filter(pk=vote.scene.step.module_id).exists():
        return None
    step = vote.scene.step
    return vote if step.from_age is None or step.from_age <= seat.first_age else None


@dataclass(frozen=True)
class VoteState:
    """How many have had their turn, of those who sit here. Who they are is not told."""

    turns: int
    seated: int


def vote_state(vote: ClassVote, classroom: Classroom) -> VoteState:
    seated = Sitting.objects.here(**Sitting.objects.here_now()).filter(seat__classroom=classroom).count()
    return VoteState(VotedSeat.objects.filter(vote=vote).count(), seated)
