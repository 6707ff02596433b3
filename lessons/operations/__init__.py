"""Writes of lessons."""

from lessons.operations.assigning import (
    assign_module,
    assign_modules,
    choose_seats,
    copy_classroom,
    move_assignment,
    remove_assignment,
)
from lessons.operations.loading import in_language, load_module, load_shared
from lessons.operations.reading import finish_if_done, finish_step, mark_took_part, set_class_lesson

__all__ = [
    "assign_module",
    "assign_modules",
    "choose_seats",
    "copy_classroom",
    "finish_if_done",
    "finish_step",
    "in_language",
    "load_module",
    "load_shared",
    "mark_took_part",
    "move_assignment",
    "remove_assignment",
    "set_class_lesson",
]
