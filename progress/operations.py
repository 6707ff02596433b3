"""Making releases: once for a period, after its end, never changed."""

import datetime
from collections import defaultdict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.enums import Band
from accounts.models import Authority, Classroom, School
from lessons.models import Module, Reading
from progress.disclosure import CountBand, Period, SchoolCount, authority_cells, period, school_cell
from progress.models import NO_SCHOOL, Release, ReleaseCell

Cube = dict[tuple[Band, str], int]


class ReleaseRefusedError(Exception):
    """The period is not over, or was released already."""


def _cube(school: School, term: Period) -> tuple[Cube, dict[Band, int]]:
    """Seats that finished each module in a term, by band of their class; and classes by band at the census."""
    classes = Classroom.objects.filter(school=school, school_year=term.school_year, created_on__lte=term.census_on)
    class_counts: dict[Band, int] = defaultdict(int)
    for age in classes.values_list("age_of_youngest", flat=True):
        class_counts[Band.of_age(age)] += 1
    counts: Cube = defaultdict(int)
    rows = (
        Reading.objects.filter(
            school=school,
            school_year=term.school_year,
            done_on__range=(term.starts_on, term.ends_on),
            seat__classroom__in=classes,
        )
        .values_list("seat__classroom__age_of_youngest", "module__slug")
        .annotate(seats=Count("pk"))
    )
    for age, slug, seats in rows:
        counts[Band.of_age(age), slug] += seats
    return counts, class_counts


def _places() -> list[tuple[Band, str]]:
    """The fixed cube: every module a band may be taught, whether anybody was or not."""
    bands = [band for band in Band if band != Band.STAFF]
    return [(band, slug) for band in bands for slug in Module.objects.for_band(band).values_list("slug", flat=True)]


def _cell(release: Release, place: tuple[Band, str], published: CountBand | None, **school) -> ReleaseCell:
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
    term = period(period_name, year_end_month=school.year_end_month)
    _refuse_early(term, today or timezone.localdate())
    release, created = Release.objects.get_or_create(
        school=school, authority=None, period=term.name, defaults={"school_year": term.school_year}
    )
    if not created:
        raise ReleaseRefusedError(f"{term.name} was released already")
    counts, class_counts = _cube(school, term)
    ReleaseCell.objects.bulk_create(
        _cell(
            release,
            place,
            school_cell(
                count=counts.get(place, 0),
                class_count=class_counts.get(place[0], 0),
                width=settings.DISCLOSURE_BAND_WIDTH,
            ),
        )
        for place in _places()
    )
    return release


@transaction.atomic
def make_authority_release(*, authority: Authority, period_name: str, today: datetime.date | None = None) -> Release:
    """Publishes an authority's cells of one term, over the schools that report to it."""
    schools = list(
        School.objects.filter(
            authority_memberships__authority=authority, authority_memberships__is_reporting=True
        ).order_by("pk")
    )
    terms = {school.pk: period(period_name, year_end_month=school.year_end_month) for school in schools}
    for term in terms.values() or [period(period_name)]:
        _refuse_early(term, today or timezone.localdate())
    release, created = Release.objects.get_or_create(
        school=None, authority=authority, period=period_name, defaults={"school_year": int(period_name[:4])}
    )
    if not created:
        raise ReleaseRefusedError(f"{period_name} was released already")
    cubes = {school.pk: _cube(school, terms[school.pk]) for school in schools}
    labels = {school.pk: school.name for school in schools}
    cells = []
    for place in _places():
        counts: dict[UUID, SchoolCount] = {
            key: SchoolCount(cube.get(place, 0), classes.get(place[0], 0)) for key, (cube, classes) in cubes.items()
        }
        own, others = authority_cells(counts, width=settings.DISCLOSURE_BAND_WIDTH)
        cells += [_cell(release, place, band, school_key=key, school_label=labels[key]) for key, band in own.items()]
        cells.append(_cell(release, place, others, school_key=NO_SCHOOL))
    ReleaseCell.objects.bulk_create(cells, batch_size=2000)
    return release


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
