"""What leaves a class. Pure: counts in, bands or nothing out.

Guarantee: somebody outside the class who holds every release of every time, and adds and subtracts them, cannot narrow
the number of seats that finished a module to fewer than ten values (or than 0…N, where fewer than ten seats are
known). It rests on five rules. A cell of the fixed cube (school, band, module, period) is published as a band of ten.
The highest band of a cell begins so low that the number of seats there are cannot narrow it, this one or another of
the same seats and year (a seat finishes a module once a year), and ends with that number, so that it is always true.
Whatever stands above is computed from the published bands, never from the counts. A cell is published only where three
classes existed on the period's census day, whatever they did. A release is made once, after its period, and never
again. The adversary knows the rules, every release, and how many seats and classes there are. Not covered: what a
teacher knows of her own class.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

BAND_WIDTH = 10
MINIMUM_CLASSES = 3
MINIMUM_SCHOOLS = 2


@dataclass(frozen=True, order=True)
class CountBand:
    """A count somewhere from `low` to `high`, both included."""

    low: int
    high: int

    def __add__(self, other: "CountBand") -> "CountBand":
        return CountBand(self.low + other.low, self.high + other.high)


def band_of(count: int, *, size: int | None = None, taken: int = 0, width: int = BAND_WIDTH) -> CountBand:
    """The band of a count: 0–9 with zero, 10–19, … A `width` under `BAND_WIDTH` raises ValueError.

    `size` is how many seats there are, `taken` the low ends that were published already, this year and for this module,
    where these seats count. Perhaps only `size - taken` are left; so the last band begins early enough to take in what
    would otherwise be a band of fewer than `width` possible values. It ends with `size`: of those taken some may have
    been other schools' seats, or be gone, and with an end at what is left the band would be false.
    """
    if width < BAND_WIDTH:
        raise ValueError(f"the width of a band may be raised above {BAND_WIDTH}, never lowered")
    low = count // width * width
    if size is not None:
        left = max(0, size - taken)
        last = max(0, left - width + 1) // width * width
        if low >= last:
            return CountBand(last, max(last + width - 1, size))
    return CountBand(low, low + width - 1)


def total_of(bands: Iterable[CountBand]) -> CountBand:
    """A total, from published bands only."""
    return sum(bands, start=CountBand(0, 0))


@dataclass(frozen=True)
class SchoolCount:
    """What a cell is made of: seats that finished, classes at the census and the seats in them."""

    count: int
    class_count: int
    seat_count: int

    def __add__(self, other: "SchoolCount") -> "SchoolCount":
        return SchoolCount(
            self.count + other.count, self.class_count + other.class_count, self.seat_count + other.seat_count
        )


def school_cell(cell: SchoolCount, *, taken: int = 0, width: int = BAND_WIDTH) -> CountBand | None:
    """A school's cell; withheld where fewer than `MINIMUM_CLASSES` classes existed at the census."""
    if cell.class_count < MINIMUM_CLASSES:
        return None
    return band_of(cell.count, size=cell.seat_count, taken=taken, width=width)


def others_cell(cells: Iterable[SchoolCount], *, taken: int = 0, width: int = BAND_WIDTH) -> CountBand | None:
    """One cell over an authority's schools whose own is withheld: summed, then banded once.

    Withheld too where they have fewer than `MINIMUM_CLASSES` classes or come from fewer than `MINIMUM_SCHOOLS` schools.
    """
    cells = [cell for cell in cells if cell.class_count]
    if sum(cell.class_count for cell in cells) < MINIMUM_CLASSES or len(cells) < MINIMUM_SCHOOLS:
        return None
    seat_count = sum(cell.seat_count for cell in cells)
    return band_of(sum(cell.count for cell in cells), size=seat_count, taken=taken, width=width)


PERIOD = re.compile(r"(?P<year>20\d\d)-T(?P<term>[123])", re.ASCII)
TERM_MONTHS = {1: (0, 4), 2: (4, 7), 3: (7, 12)}  # of the school year: first month, month after the last


@dataclass(frozen=True)
class Period:
    """A fixed term of a school year. The census day is one month after a year began, later the term's first day."""

    name: str
    school_year: int
    starts_on: datetime.date
    ends_on: datetime.date
    census_on: datetime.date


def period(name: str, *, year_end_month: int = 8) -> Period:
    """The term that a name such as "2025-T1" means where school years end with `year_end_month`.

    Raises ValueError on any other name.
    """
    match = PERIOD.fullmatch(name)
    if match is None:
        raise ValueError("a period is named like 2025-T1: the year in which the school year begins, and term 1, 2 or 3")
    year, term = int(match["year"]), int(match["term"])
    first, after = TERM_MONTHS[term]

    def day(months: int) -> datetime.date:
        index = year_end_month + months
        return datetime.date(year + index // 12, index % 12 + 1, 1)

    return Period(
        name=name,
        school_year=year,
        starts_on=day(first),
        ends_on=day(after) - datetime.timedelta(days=1),
        census_on=day(1) if term == 1 else day(first),
    )
