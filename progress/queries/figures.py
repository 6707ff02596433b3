"""What an administrator reads: releases, as they were published."""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Band
from accounts.models import Authority, School, User
from lessons.models import Module
from progress.disclosure import CountBand, Period, period, total_of
from progress.models import ALL_SCHOOLS, NO_SCHOOL, Release, ReleaseCell
from progress.queries.tables import Table


@dataclass(frozen=True)
class SchoolFigure:
    """One school's cell in an authority's release; `label` is empty for the other schools together."""

    label: str
    seats: CountBand | None


@dataclass(frozen=True)
class FigureRow:
    """One module of one band in one period: the published band, or withheld. Above one school: summed from bands."""

    period: str
    band: Band
    module_slug: str
    module_title: str
    is_own_band: bool  # a module made for this band, not for a younger one
    seats: CountBand | None
    schools: tuple[SchoolFigure, ...] = ()


LISTED_SCHOOLS = 50
"""A page lists the schools of an authority up to so many; a file lists all."""


def is_too_large_to_list(scope: School | Authority) -> bool:
    return isinstance(scope, Authority) and scope.memberships.count() > LISTED_SCHOOLS


def _whole(scope: School | Authority) -> UUID:
    return ALL_SCHOOLS if isinstance(scope, Authority) else NO_SCHOOL


def figures(*, user: User, scope: School | Authority) -> list[FigureRow]:
    """Of one school or one authority, never of both added: newest period first. Three queries, four of an authority.

    Of an authority over more than `LISTED_SCHOOLS` schools: the totals, as they were published. See `figure_lines`.
    """
    modules = {module.slug: module for module in Module.objects.all()}
    where = {"school": scope} if isinstance(scope, School) else {"authority": scope}
    cells: dict[tuple[str, str, str], list[ReleaseCell]] = defaultdict(list)
    releases = Release.objects.visible_to(user).filter(**where)
    published = ReleaseCell.objects.filter(release__in=releases).select_related("release")
    has_schools = isinstance(scope, Authority) and not is_too_large_to_list(scope)
    published = published.exclude(school_key=ALL_SCHOOLS) if has_schools else published.filter(school_key=_whole(scope))
    for cell in published:
        cells[cell.release.period, cell.band, cell.module_slug].append(cell)
    rows = [
        FigureRow(
            period=name,
            band=Band(band),
            module_slug=slug,
            module_title=modules[slug].title if slug in modules else slug,
            is_own_band=slug in modules and modules[slug].band == band,
            seats=_total(found),
            schools=_schools(found) if has_schools else (),
        )
        for (name, band, slug), found in cells.items()
    ]
    order = list(Band)
    place = {slug: (order.index(Band(module.band)), module.position) for slug, module in modules.items()}

    def key(row: FigureRow) -> tuple:
        first, position = place.get(row.module_slug, (len(order), 0))
        return order.index(row.band), -first, position, row.module_slug

    rows.sort(key=key)
    return sorted(rows, key=lambda row: row.period, reverse=True)


def _band(cell: ReleaseCell) -> CountBand | None:
    return None if cell.is_withheld else CountBand(cell.seats_from, cell.seats_to)


def _total(cells: Iterable[ReleaseCell]) -> CountBand | None:
    published = [band for band in map(_band, cells) if band]
    return total_of(published) if published else None


def _schools(cells: Iterable[ReleaseCell]) -> tuple[SchoolFigure, ...]:
    """By name, the other schools last."""
    ordered = sorted(cells, key=lambda cell: (cell.school_key == NO_SCHOOL, cell.school_label, str(cell.school_key)))
    return tuple(SchoolFigure(cell.school_label, _band(cell)) for cell in ordered)


def seats_text(seats: CountBand | None) -> str:
    return f"{seats.low}–{seats.high}" if seats else _("withheld")


def figure_table(rows: Iterable[FigureRow]) -> Table:
    """A line for each module and band; of an authority, one for each school, the others, and all together."""
    rows = list(rows)
    has_schools = any(row.schools for row in rows)
    school = (_("School"),) if has_schools else ()
    lines: list[tuple[str, ...]] = []
    for row in rows:
        first = (row.module_title, str(row.band.label), row.period)
        if not has_schools:
            lines.append((*first, seats_text(row.seats)))
            continue
        for one in row.schools:
            lines.append((*first, one.label or _("Other schools together"), seats_text(one.seats)))
        lines.append((*first, _("All, from the published figures"), seats_text(row.seats)))
    headings = (_("Module"), _("Band"), _("Term"), *school, _("Seats that finished"))
    return Table(headings=headings, rows=tuple(lines))


def figure_lines(*, user: User, scope: School | Authority, rows: Iterable[FigureRow]) -> Iterable[tuple[str, ...]]:
    """The lines of a file. Of an authority that the page does not list, module by module as they are read."""
    rows = list(rows)
    if not isinstance(scope, Authority) or not rows or any(row.schools for row in rows):
        yield from figure_table(rows).lines()
        return
    release = Release.objects.visible_to(user).get(authority=scope, period=rows[0].period)
    for place, row in enumerate(rows):
        cells = release.cells.filter(band=row.band, module_slug=row.module_slug).exclude(school_key=ALL_SCHOOLS)
        whole = dataclasses.replace(row, schools=_schools(cells))
        headings, *lines = figure_table([whole]).lines()
        yield from lines if place else [headings, *lines]


def is_synthetic(scope: School | Authority) -> bool:
    """Whether figures are of the demonstration."""
    if isinstance(scope, School):
        return scope.is_demonstration
    return scope.schools.filter(is_demonstration=True).exists()


@dataclass(frozen=True)
class ReleaseState:
    """The running term of a school or an authority, and the day from which its figures can be made."""

    running: Period
    due_on: datetime.date


def release_state(scope: School | Authority, *, today: datetime.date | None = None) -> ReleaseState:
    today = today or (scope.today() if isinstance(scope, School) else timezone.localdate())
    month = scope.year_end_month if isinstance(scope, School) else 8
    first_year = today.year - 1
    terms = (
        period(f"{year}-T{term}", year_end_month=month) for year in (first_year, first_year + 1) for term in (1, 2, 3)
    )
    running = next(term for term in terms if term.ends_on >= today)
    return ReleaseState(running, running.ends_on + datetime.timedelta(days=1))


@dataclass(frozen=True)
class FigureBar:
    """A row of the chart."""

    label: str
    low: int | None
    high: int | None
    text: str


@dataclass(frozen=True)
class BandFigures:
    """One band's rows: the chart of its own modules and of younger ones that were finished, and the whole table."""

    band: Band
    bars: tuple[FigureBar, ...]
    maximum: int
    table: Table
    is_withheld: bool


def bands_of(rows: Iterable[FigureRow]) -> list[BandFigures]:
    """One chart and one table a band; all charts have the same scale."""
    by_band: dict[Band, list[FigureRow]] = defaultdict(list)
    for row in rows:
        by_band[row.band].append(row)
    maximum = max((row.seats.high for found in by_band.values() for row in found if row.seats), default=9) + 1
    return [
        BandFigures(
            band=band,
            bars=tuple(
                FigureBar(
                    label=row.module_title,
                    low=row.seats.low if row.seats else None,
                    high=row.seats.high if row.seats else None,
                    text=seats_text(row.seats),
                )
                for row in found
                if row.is_own_band or (row.seats and row.seats.low)
            ),
            maximum=maximum,
            table=figure_table(found),
            is_withheld=all(row.seats is None for row in found),
        )
        for band, found in by_band.items()
    ]
