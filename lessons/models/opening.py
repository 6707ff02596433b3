"""What ends with an opening of the class: where it was brought to, and its votes."""

import uuid

from django.db import models

from accounts.models import Classroom, School, Seat
from lessons.models.content import Module, Scene


class ClassLesson(models.Model):
    """Where the teacher has brought the class, and whether everybody pauses. Ends with the opening it names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="lessons")
    opening = models.UUIDField()
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="+")
    step_number = models.PositiveSmallIntegerField(default=0)  # the class was brought to this step; 0: to none
    is_paused = models.BooleanField(default=False)
    vote_key = models.UUIDField(null=True, blank=True)  # the vote that is open

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["classroom", "school", "school_year"], name="one_lesson_per_class"),
        ]


class ClassVoteQuerySet(models.QuerySet):
    def of_opening(self, classroom: Classroom) -> "ClassVoteQuerySet":
        """A class's votes in this opening; what an earlier one left is nothing any more."""
        return self.filter(
            school_id=classroom.school_id,
            school_year=classroom.school_year,
            classroom=classroom,
            opening=classroom.opening,
        )


class ClassVote(models.Model):
    """The class's choice between the replies of a scene: sums only, sealed. Ends with the opening it names.

    Which seat chose what is written nowhere. While the vote is open, `VotedSeat` knows who has had their turn. The sums
    are sealed with a key that is not in the database, anew with each voice and always of one length: a dump taken
    after the first voice tells no more than one taken after the last. Put away, an empty line stays until the lesson
    ends: a second vote on the same scene would show, by the difference, what one seat chose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="votes")
    opening = models.UUIDField()
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="+")
    sealed = models.BinaryField(default=bytes)
    is_closed = models.BooleanField(default=False)

    objects = ClassVoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "opening", "scene", "school", "school_year"], name="one_vote_per_scene_and_lesson"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class VotedSeat(models.Model):
    """A seat that has had its turn in the vote that is open, with a voice or a pass alike. Goes when it is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    vote = models.ForeignKey(ClassVote, models.CASCADE, related_name="voted")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="voted_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "seat", "school", "school_year"], name="one_turn_per_vote"),
        ]
