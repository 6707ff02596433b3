"""What is taught, and what a class and its seats do with it."""

from lessons.models.content import (
    Assignment,
    AssignmentQuerySet,
    ChosenSeat,
    GlossaryTerm,
    Helpline,
    Module,
    ModuleQuerySet,
    Objective,
    Reading,
    Reply,
    Scene,
    Step,
    Topic,
)
from lessons.models.drafts import Draft
from lessons.models.opening import ClassLesson, ClassVote, VotedSeat

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "ChosenSeat",
    "ClassLesson",
    "ClassVote",
    "Draft",
    "GlossaryTerm",
    "Helpline",
    "Module",
    "ModuleQuerySet",
    "Objective",
    "Reading",
    "Reply",
    "Scene",
    "Step",
    "Topic",
    "VotedSeat",
]
