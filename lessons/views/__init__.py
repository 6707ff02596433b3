"""Views of lessons."""

from lessons.views.assignments import (
    assignment_create,
    assignment_delete,
    assignment_due,
    assignment_list,
    assignment_move,
    assignment_seats,
    classroom_copy,
    plan_adopt,
)
from lessons.views.offline import module_kept, module_waits, service_worker
from lessons.views.parents import parents_band, parents_index
from lessons.views.pauses import seat_pause, seat_vote
from lessons.views.public import glossary, help_index, reading_help
from lessons.views.pupils import certificate, easy_read, module_end, module_start, seat_home, step_detail
from lessons.views.sheets import sheet_disclosure, sheet_poster, sheet_protocol
from lessons.views.staff import (
    composer,
    confide,
    module_detail,
    module_list,
    module_paper,
    projector,
    ready_to_teach,
    step_preview,
)
from lessons.views.staff_reading import staff_step

__all__ = [
    "assignment_create",
    "assignment_delete",
    "assignment_due",
    "assignment_list",
    "assignment_move",
    "assignment_seats",
    "certificate",
    "classroom_copy",
    "composer",
    "confide",
    "easy_read",
    "glossary",
    "help_index",
    "module_detail",
    "module_end",
    "module_kept",
    "module_list",
    "module_paper",
    "module_start",
    "module_waits",
    "parents_band",
    "parents_index",
    "plan_adopt",
    "projector",
    "reading_help",
    "ready_to_teach",
    "seat_home",
    "seat_pause",
    "seat_vote",
    "service_worker",
    "sheet_disclosure",
    "sheet_poster",
    "sheet_protocol",
    "staff_step",
    "step_detail",
    "step_preview",
]
