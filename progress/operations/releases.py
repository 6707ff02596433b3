"""Making releases: once for a period, after its end, never changed."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.enums import Band
from accounts.models import Authority, Classroom, School, Seat
from lessons.models import Module, Reading
from progress.disclosure import CountBand, Period, SchoolCount, others_cell, period, school_cell
from progress.models import NO_SCHOOL, Release, ReleaseCell

Place = tuple[str, str]
"""A place in the fixed cube: band and module."""


class ReleaseRefusedError(Exception):
    """The period is not over, or was released already."""


@dataclass(frozen=True)
class Cube:
    """What one school's releases are made of, in one term: never shown."""

    finished: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    classes: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # by band, at the census
    seats: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # of these classes, by band

    def at(self, place: Place) -> SchoolCount:
        return SchoolCount(self.finished.get(place, 0), self.classes.get(place[0], 0), self.seats.get(place[0], 0))


def _cube(school: School, term: Period) -> Cube:
    """Seats that finished each module in a term, by band of their class; the classes there were at the census."""
    cube = Cube()
    classes = Classroom.objects.filter(school=school, school_year=term.school_year, created_on__lte=term.census_on)
    for age in classes.values_list("age_of_youngest", flat=True):
        cube.classes[Band.of_age(age)] += 1
    seats = Seat.objects.filter(school=school, school_year=term.school_year, classroom__in=classes)
    for age, count in seats.values_list("classroom__age_of_youngest").annotate(count=Count("pk")):
        cube.seats[Band.of_age(age)] += count
    readings = Reading.objects.filter(
        school=school,
        school_year=term.school_year,
        done_on__range=(term.starts_on, term.ends_on),
        seat__classroom__in=classes,
    )
    rows = readings.values_list("seat__classroom__age_of_youngest", "module__slug").annotate(count=Count("pk"))
    for age, slug, count in rows:
        cube.finished[Band.of_age(age), slug] += count
    return cube


def _places() -> list[Place]:
    """The fixed cube: every module a band may be taught, whether anybody was or not."""
    bands = [band for band in Band if band != Band.STAFF]
    return [(band, slug) for band in bands for slug in Module.objects.for_band(band).values_list("slug", flat=True)]


def _taken(schools: Iterable[School], term: Period) -> dict[Place, int]:
    """The low ends that other releases of the year have published for cells in which these schools' seats count."""
    schools = list(schools)
    taken: dict[Place, int] = defaultdict(int)
    own = set()
    published = ReleaseCell.objects.filter(release__school_year=term.school_year, seats_from__isnull=False).exclude(
        release__period=term.name
    )
    for cell in published.filter(release__school__in=schools).select_related("release"):
        taken[cell.place] += cell.seats_from
        own.add((cell.release.school_id, cell.release.period, cell.place))
    authorities = Authority.objects.filter(memberships__school__in=schools, memberships__is_reporting=True)
    others = published.filter(release__authority__in=authorities, school_key=NO_SCHOOL)
    for cell in others.select_related("release"):
        if any((school.pk, cell.release.period, cell.place) not in own for school in schools):
            taken[cell.place] += cell.seats_from
    return taken


def _cell(release: Release, place: Place, published: CountBand | None, **school) -> ReleaseCell:
    return ReleaseCell(
        release=release,
        band=place[0],
        module_slug=place[1],
        seats_from=published.low if published else None,
        seats_to=published.high if published else None,
        **school,
    )


def _refuse_early(term: Period, today: datetime.date) -> None:
    if term.ends_on >= today:
        raise ReleaseRefusedError(f"{term.name} is not over: it ends on {term.ends_on.isoformat()}")


@transaction.atomic
def make_school_release(*, school: School, period_name: str, today: datetime.date | None = None) -> Release:
    """Publishes a school's cells of one term. Raises ReleaseRefusedError before its end or the second time."""
    today = today or timezone.localdate()
    term = period(period_name, year_end_month=school.year_end_month)
    _refuse_early(term, today)
    release, created = Release.objects.get_or_create(
        school=school,
        authority=None,
        period=term.name,
        defaults={"school_year": term.school_year, "made_on": today},
    )
    if not created:
        raise ReleaseRefusedError(f"{term.name} was released already")
    cube, taken = _cube(school, term), _taken([school], term)
    width = settings.DISCLOSURE_BAND_WIDTH
    ReleaseCell.objects.bulk_create(
        _cell(release, place, school_cell(cube.at(place), taken=taken.get(place, 0), width=width))
        for place in _places()
    )
    return release


def _released(school: School, period_name: str, today: datetime.date) -> dict[Place, ReleaseCell]:
    """A school's own published cells of a term; its release is made first where it lacks one."""
    if not Release.objects.filter(school=school, period=period_name).exists():
        make_school_release(school=school, period_name=period_name, today=today)
    return {
        cell.place: cell for cell in ReleaseCell.objects.filter(release__school=school, release__period=period_name)
    }


@transaction.atomic
def make_authority_release(*, authority: Authority, period_name: str, today: datetime.date | None = None) -> Release:
    """Publishes an authority's cells of one term: its schools' own as they were published, and one of the others.

    Only schools that report to it are counted among the others. A school's cell is never made twice: two makings, with
    a seat freed between them, would tell its count.
    """
    today = today or timezone.localdate()
    terms = {
        membership.school: (period(period_name, year_end_month=membership.school.year_end_month), membership)
        for membership in authority.memberships.select_related("school").order_by("school_id")
    }
    for term in [term for term, _membership in terms.values()] or [period(period_name)]:
        _refuse_early(term, today)
    release, created = Release.objects.get_or_create(
        school=None,
        authority=authority,
        period=period_name,
        defaults={"school_year": int(period_name[:4]), "made_on": today},
    )
    if not created:
        raise ReleaseRefusedError(f"{period_name} was released already")
    own = {school: _released(school, period_name, today) for school in terms}
    cells = [
        _cell(
            release,
            place,
            CountBand(cell.seats_from, cell.seats_to),
            school_key=school.pk,
            school_label=school.name,
        )
        for school, published in own.items()
        for place, cell in published.items()
        if not cell.is_withheld
    ]
    reporting = {school: term for school, (term, membership) in terms.items() if membership.is_reporting}
    cells += _others_cells(release, own, reporting)
    ReleaseCell.objects.bulk_create(cells, batch_size=2000)
    return release


def _others_cells(
    release: Release, own: dict[School, dict[Place, ReleaseCell]], reporting: dict[School, Period]
) -> Iterable[ReleaseCell]:
    """The authority's “other schools”: those that report to it and whose own cell is withheld."""
    cubes = {school: _cube(school, term) for school, term in reporting.items()}
    known: dict[frozenset[UUID], dict[Place, int]] = {}  # the same schools are hidden in most places of a band
    for place in _places():
        hidden = [school for school in cubes if place in own[school] and own[school][place].is_withheld]
        group = frozenset(school.pk for school in hidden)
        if hidden and group not in known:
            known[group] = _taken(hidden, reporting[hidden[0]])
        published = others_cell(
            [cubes[school].at(place) for school in hidden],
            taken=known[group].get(place, 0) if hidden else 0,
            width=settings.DISCLOSURE_BAND_WIDTH,
        )
        yield _cell(release, place, published, school_key=NO_SCHOOL)


def make_due_releases(*, period_name: str) -> tuple[int, int]:
    """Makes a term's releases of every school and authority that lacks one: made, refused. Can be run again."""
    made = refused = 0
    for school in School.objects.exclude(releases__period=period_name).iterator():
        try:
            make_school_release(school=school, period_name=period_name)
            made += 1
        except ReleaseRefusedError:
            refused += 1
    for authority in Authority.objects.exclude(releases__period=period_name).iterator():
        try:
            make_authority_release(authority=authority, period_name=period_name)
            made += 1
        except ReleaseRefusedError:
            refused += 1
    return made, refused
