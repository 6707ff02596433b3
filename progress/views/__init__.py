from progress.views.lesson import cockpit, lesson_pause, lesson_reopen, lesson_step, took_part, vote
from progress.views.reports import figures, figures_csv, report, report_csv, report_index

__all__ = [
    "cockpit",
    "figures",
    "figures_csv",
    "lesson_pause",
    "lesson_reopen",
    "lesson_step",
    "report",
    "report_csv",
    "report_index",
    "took_part",
    "vote",
]
