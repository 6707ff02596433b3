"""Writes of lessons."""

from lessons.operations.assigning import (
    assign_module,
    assign_modules,
    choose_seats,
    copy_classroom,
    move_assignment,
    remove_assignment,
)
from lessons.operations.drafting import drop_drafts, save_draft
from lessons.operations.loading import in_language, load_module, load_shared
from lessons.operations.previewing import previewed_steps
from lessons.operations.reading import bring_class_to, finish_if_done, finish_step, mark_took_part, set_class_lesson
from lessons.operations.taking_back import list_changes
from lessons.operations.voting import (
    FEWEST_VOTES,
    VoteRefusedError,
    close_vote,
    delete_ended_votes,
    open_vote,
    put_votes_away,
    take_turn,
)

__all__ = [
    "FEWEST_VOTES",
    "VoteRefusedError",
    "assign_module",
    "assign_modules",
    "bring_class_to",
    "choose_seats",
    "close_vote",
    "copy_classroom",
    "delete_ended_votes",
    "drop_drafts",
    "finish_if_done",
    "finish_step",
    "in_language",
    "list_changes",
    "load_module",
    "load_shared",
    "mark_took_part",
    "move_assignment",
    "open_vote",
    "previewed_steps",
    "put_votes_away",
    "remove_assignment",
    "save_draft",
    "set_class_lesson",
    "take_turn",
]
