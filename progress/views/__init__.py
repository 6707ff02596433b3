from progress.views.lesson import cockpit, lesson_pause, lesson_reopen, lesson_step, took_part
from progress.views.reports import figures, figures_csv, report, report_csv, report_index
from progress.views.votes import vote, vote_away, vote_close, vote_open

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
    "vote_away",
    "vote_close",
    "vote_open",
]
