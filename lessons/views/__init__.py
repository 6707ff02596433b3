"""Views of lessons."""

from lessons.views.public import glossary, help_index, reading_help
from lessons.views.pupils import certificate, module_end, module_start, seat_home, step_detail
from lessons.views.staff import (
    assignment_create,
    assignment_delete,
    confide,
    module_detail,
    module_list,
    module_paper,
    projector,
    step_preview,
)

__all__ = [
    "assignment_create",
    "assignment_delete",
    "certificate",
    "confide",
    "glossary",
    "help_index",
    "module_detail",
    "module_end",
    "module_list",
    "module_paper",
    "module_start",
    "projector",
    "reading_help",
    "seat_home",
    "step_detail",
    "step_preview",
]
