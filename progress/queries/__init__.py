"""Figures across apps, as values: one function feeds the screen, the print and the CSV."""

from progress.queries.classes import (
    Cockpit,
    CockpitSeat,
    class_overview,
    cockpit,
    module_now,
    room_mark,
    seats_behind,
    seats_not_done,
    sittings_now,
)
from progress.queries.coverage import BandCoverage, curriculum_coverage
from progress.queries.figures import (
    FigureRow,
    bands_of,
    figure_lines,
    figure_table,
    figures,
    is_synthetic,
    is_too_large_to_list,
    release_state,
)
from progress.queries.reports import ClassReport, class_report, gain_chart, gain_text, report_table
from progress.queries.tables import Table
from progress.queries.votes import VoteResult, vote_result

__all__ = [
    "BandCoverage",
    "ClassReport",
    "Cockpit",
    "CockpitSeat",
    "FigureRow",
    "Table",
    "VoteResult",
    "bands_of",
    "class_overview",
    "class_report",
    "cockpit",
    "curriculum_coverage",
    "figure_lines",
    "figure_table",
    "figures",
    "gain_chart",
    "gain_text",
    "is_synthetic",
    "is_too_large_to_list",
    "module_now",
    "release_state",
    "report_table",
    "room_mark",
    "seats_behind",
    "seats_not_done",
    "sittings_now",
    "vote_result",
]
