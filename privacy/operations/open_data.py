"""One table a year for everybody, differentially private: noise from outside, a budget kept outside the database.

A child is one seat a year. A seat counts in `MODULES_EACH` cells at most, so that adding or leaving out one child moves
the table by `MODULES_EACH` at most; noise of scale `MODULES_EACH / EPSILON` makes the year's privacy loss `EPSILON`.
Years add up for a child who stays: `BUDGET` is what all years together may cost, twelve years of school.
"""

import csv
import datetime
import fcntl
import hashlib
import io
import json
import math
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import Band, Language, Territory
from accounts.models import School
from lessons.models import Module, Reading

EPSILON = 1.0
BUDGET = 12.0
MODULES_EACH = 8
ALPHA = 0.05
Cell = tuple[str, str, str]
"""A place in the declared cube: territory, band, module."""
Noise = Callable[[list[int], float], list[int]]
"""Adds discrete Laplace noise of a scale to each count."""


class OpenDataRefusedError(Exception):
    """The year is not over, was published already, or the budget is spent."""


@dataclass(frozen=True)
class Published:
    year: int
    accuracy: int
    paths: tuple[Path, ...]


def publish_open_data(*, year: int, noise: Noise, folder: Path, today: datetime.date | None = None) -> Published:
    """Makes a school year's table. The budget is spent, for good, before a figure is written."""
    _refuse_unfinished(year, today)
    counts = count_seats(year)
    with _ledger() as file:
        _refuse_spent(_lines(file), year)
        values = [max(0, value) for value in noise(list(counts.values()), scale())]
        table = list(zip(counts, values, strict=True))
        line = {"day": timezone.localdate().isoformat(), "year": year, "epsilon": EPSILON, "cells": len(table)}
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    folder.mkdir(parents=True, exist_ok=True)
    csv_path, json_path = (folder / f"balise-{year}.{kind}" for kind in ("csv", "json"))
    csv_path.write_text(_as_csv(table))
    json_path.write_text(json.dumps(_as_json(year, table), indent=2, ensure_ascii=False) + "\n")
    return Published(year, accuracy(), (csv_path, json_path))


def scale() -> float:
    return MODULES_EACH / EPSILON


def accuracy(alpha: float = ALPHA) -> int:
    """The smallest distance that noise exceeds in at most `alpha` of the figures (discrete Laplace)."""
    ratio = math.exp(-1 / scale())
    return max(0, math.ceil(math.log(alpha * (1 + ratio) / 2) / math.log(ratio)) - 1)


def count_seats(year: int) -> dict[Cell, int]:
    """Seats that finished each module, over the whole cube, zeros too. A seat counts in `MODULES_EACH` at most."""
    bands = [band for band in Band if band != Band.STAFF]
    counts: dict[Cell, int] = {
        (territory, band, slug): 0
        for territory in Territory.values
        for band in bands
        for slug in Module.objects.for_band(band).order_by("slug").values_list("slug", flat=True)
    }
    rows = Reading.objects.filter(school_year=year, done_on__isnull=False, school__is_demonstration=False)
    chosen = sorted(
        rows.values_list("seat_id", "seat__classroom__age_of_youngest", "school__territory", "module__slug"),
        key=lambda row: hashlib.sha256(f"{row[0]} {row[3]}".encode()).digest(),
    )
    counted: Counter = Counter()
    for seat, age, territory, slug in chosen:
        cell = (territory, Band.of_age(age), slug)
        if cell in counts and counted[seat] < MODULES_EACH:
            counted[seat] += 1
            counts[cell] += 1
    return counts


def _refuse_unfinished(year: int, today: datetime.date | None) -> None:
    today = today or timezone.localdate()
    months = School.objects.filter(is_demonstration=False).values_list("year_end_month", flat=True).distinct()
    ends = [School(year_end_month=month).year_ends_on(year) for month in months.order_by()]
    if not ends or max(ends) >= today:
        raise OpenDataRefusedError(f"The school year {year} is not over in every school.")
    if not Reading.objects.filter(school_year=year, school__is_demonstration=False).exists():
        raise OpenDataRefusedError(f"Nothing is left of the school year {year}: publish within 30 days of its end.")


def _refuse_spent(lines: list[dict], year: int) -> None:
    if any(line["year"] == year for line in lines):
        raise OpenDataRefusedError(f"The school year {year} was published already: a second table would cost again.")
    if sum(line["epsilon"] for line in lines) + EPSILON > BUDGET:
        raise OpenDataRefusedError(f"The budget of {BUDGET:g} is spent.")


def ledger_path() -> Path:
    return settings.BALISE_LEDGER.with_name("open-data-ledger")


def _ledger() -> TextIO:
    """The file of what was spent, beside the erasure ledger and outside the database; held by this process alone."""
    ledger_path().parent.mkdir(parents=True, exist_ok=True)
    file = ledger_path().open("a+")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _lines(file: TextIO) -> list[dict]:
    file.seek(0)
    try:
        return [json.loads(line) for line in file]
    except ValueError:
        raise OpenDataRefusedError(f"{ledger_path()} cannot be read: nothing is published without it.") from None


def _as_csv(table: list[tuple[Cell, int]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["territory", "band", "module", "seats_that_finished", "plus_or_minus_in_95_of_100"])
    writer.writerows([*cell, value, accuracy()] for cell, value in table)
    return text.getvalue()


def _as_json(year: int, table: list[tuple[Cell, int]]) -> dict[str, object]:
    return {
        "school_year": year,
        "epsilon": EPSILON,
        "mechanism": "discrete Laplace",
        "scale": scale(),
        "seats_count_in_modules_at_most": MODULES_EACH,
        "note": {language: _note(language) for language in Language.values},
        "cells": [
            {"territory": territory, "band": band, "module": module, "seats": value, "plus_or_minus": accuracy()}
            for (territory, band, module), value in table
        ],
    }


def _note(language: str) -> str:
    with translation.override(language):
        return _(
            "Seats that finished a module, with noise added so that next to nothing can be told of one child. In 95 of"
            " 100 figures the noise is at most the number beside it; small figures say nothing. Do not add up many"
            " cells: their noise adds up too."
        )
