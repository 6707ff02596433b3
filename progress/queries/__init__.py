"""Figures across apps, as values: one function feeds the screen, the print and the CSV."""

from progress.queries.classes import Cockpit, CockpitSeat, class_overview, cockpit
from progress.queries.figures import FigureRow, bands_of, figure_table, figures, release_state
from progress.queries.reports import ClassReport, class_report, gain_chart, report_table
from progress.queries.tables import Table

__all__ = [
    "ClassReport",
    "Cockpit",
    "CockpitSeat",
    "FigureRow",
    "Table",
    "bands_of",
    "class_overview",
    "class_report",
    "cockpit",
    "figure_table",
    "figures",
    "gain_chart",
    "release_state",
    "report_table",
]
