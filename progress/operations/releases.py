"""Making releases: once for a period, after its end, never changed."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.enums import Band
from accounts.models import Authority, AuthorityMembership, Classroom, School, Seat
from lessons.models import Module, Reading
from progress.disclosure import CountBand, Period, SchoolCount, others_cell, period, school_cell
from progress.models import ALL_SCHOOLS, NO_SCHOOL, Release, ReleaseCell

Place = tuple[str, str]
"""A place in the fixed cube: band and module."""
SCHOOLS_AT_ONCE = 500


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


@dataclass
class Others:
    """What an authority's release adds up in one place: published bands, and the schools whose own cell is withheld.

    Of these two counts stand for all: the first with a class, and the rest together, which tell `others_cell` the same.
    """

    total: CountBand | None = None
    hidden: list[UUID] = field(default_factory=list)
    counts: list[SchoolCount] = field(default_factory=list)
    term: Period | None = None

    def publish(self, band: CountBand) -> None:
        self.total = self.total + band if self.total else band

    def hide(self, school: UUID, count: SchoolCount, term: Period) -> None:
        self.hidden.append(school)
        self.term = self.term or term
        if count.class_count:
            *first, last = [*self.counts, count]
            self.counts = [*first, last] if len(first) < 2 else [first[0], first[1] + last]


def _cubes(schools: Collection[School], term: Period) -> dict[UUID, Cube]:
    """Of each school: seats that finished each module in a term, by band of their class; the classes at the census."""
    cubes = {school.pk: Cube() for school in schools}
    classes = Classroom.objects.filter(
        school__in=cubes, school_year=term.school_year, created_on__lte=term.census_on
    ).order_by()
    for school, age in classes.values_list("school", "age_of_youngest"):
        cubes[school].classes[Band.of_age(age)] += 1
    seats = Seat.objects.filter(school__in=cubes, school_year=term.school_year, classroom__in=classes).order_by()
    for school, age, count in seats.values_list("school", "classroom__age_of_youngest").annotate(count=Count("pk")):
        cubes[school].seats[Band.of_age(age)] += count
    readings = Reading.objects.filter(
        school__in=cubes,
        school_year=term.school_year,
        done_on__range=(term.starts_on, term.ends_on),
        seat__classroom__in=classes,
    ).order_by()
    rows = readings.values_list("school", "seat__classroom__age_of_youngest", "module__slug")
    for school, age, slug, count in rows.annotate(count=Count("pk")):
        cubes[school].finished[Band.of_age(age), slug] += count
    return cubes


def _places() -> list[Place]:
    """The fixed cube: every module a band may be taught, whether anybody was or not."""
    bands = [band for band in Band if band != Band.STAFF]
    return [(band, slug) for band in bands for slug in Module.objects.for_band(band).values_list("slug", flat=True)]


def _taken(schools: Collection[UUID], term: Period) -> dict[Place, int]:
    """The low ends that other releases of the year have published for cells in which these schools' seats count."""
    taken: dict[Place, int] = defaultdict(int)
    own: dict[tuple[str, Place], int] = {}  # by term and place: how many of the schools published theirs
    published = ReleaseCell.objects.filter(release__school_year=term.school_year, seats_from__isnull=False).exclude(
        release__period=term.name
    )
    rows = (
        published.filter(release__school__in=schools).order_by().values_list("release__period", "band", "module_slug")
    )
    for period_name, band, slug, count, low in rows.annotate(count=Count("pk"), low=Sum("seats_from")):
        taken[band, slug] += low
        own[period_name, (band, slug)] = count
    authorities = Authority.objects.filter(memberships__school__in=schools, memberships__is_reporting=True)
    others = published.filter(release__authority__in=authorities, school_key=NO_SCHOOL)
    for cell in others.select_related("release"):
        if own.get((cell.release.period, cell.place), 0) < len(schools):
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
    today = today or school.today()
    term = period(period_name, year_end_month=school.year_end_month)
    _refuse_early(term, today)
    cube, taken = _cubes([school], term)[school.pk], _taken([school.pk], term)
    release, created = Release.objects.get_or_create(
        school=school,
        authority=None,
        period=term.name,
        defaults={"school_year": term.school_year, "made_on": today, "seat_counts": dict(cube.seats)},
    )
    if not created:
        raise ReleaseRefusedError(f"{term.name} was released already")
    width = settings.DISCLOSURE_BAND_WIDTH
    ReleaseCell.objects.bulk_create(
        _cell(release, place, school_cell(cube.at(place), taken=taken.get(place, 0), width=width))
        for place in _places()
    )
    return release


def make_authority_release(*, authority: Authority, period_name: str, today: datetime.date | None = None) -> Release:
    """Publishes an authority's cells of one term: its schools' own as they were published, and one of the others.

    Only schools that report to it are counted among the others. A school's cell is never made twice: two makings, with
    a seat freed between them, would tell its count. Schools' own releases that are missing are made first, each in a
    transaction: what breaks off goes on there. The time grows with the schools, the memory hardly.
    """
    memberships = list(authority.memberships.select_related("school").order_by("school_id"))
    for school in [one.school for one in memberships] or [School()]:
        _refuse_early(period(period_name, year_end_month=school.year_end_month), today or school.today())
    if Release.objects.filter(authority=authority, period=period_name).exists():
        raise ReleaseRefusedError(f"{period_name} was released already")
    made = set(
        Release.objects.filter(school__in=[one.school_id for one in memberships], period=period_name).values_list(
            "school", flat=True
        )
    )
    for membership in memberships:
        if membership.school_id not in made:
            make_school_release(school=membership.school, period_name=period_name, today=today)
    return _publish(authority, period_name, memberships, today or timezone.localdate())


@transaction.atomic
def _publish(
    authority: Authority, period_name: str, memberships: list[AuthorityMembership], today: datetime.date
) -> Release:
    release, created = Release.objects.get_or_create(
        school=None,
        authority=authority,
        period=period_name,
        defaults={"school_year": int(period_name[:4]), "made_on": today},
    )
    if not created:
        raise ReleaseRefusedError(f"{period_name} was released already")
    places = {place: Others() for place in _places()}
    for start in range(0, len(memberships), SCHOOLS_AT_ONCE):
        _publish_schools(release, memberships[start : start + SCHOOLS_AT_ONCE], places)
    known: dict[frozenset[UUID], dict[Place, int]] = {}  # the same schools are hidden in most places of a band
    cells = []
    for place, others in places.items():
        hidden = frozenset(others.hidden)
        if hidden and hidden not in known:
            known[hidden] = _taken(hidden, others.term)
        published = others_cell(
            others.counts, taken=known.get(hidden, {}).get(place, 0), width=settings.DISCLOSURE_BAND_WIDTH
        )
        cells.append(_cell(release, place, published, school_key=NO_SCHOOL))
        if published:
            others.publish(published)
        cells.append(_cell(release, place, others.total, school_key=ALL_SCHOOLS))
    ReleaseCell.objects.bulk_create(cells, batch_size=2000)
    return release


def _publish_schools(release: Release, memberships: list[AuthorityMembership], places: dict[Place, "Others"]) -> None:
    """Some schools' own cells as they stand in their releases; what is withheld there goes to the others."""
    schools = {one.school_id: one.school for one in memberships}
    reporting: dict[Period, list[School]] = defaultdict(list)
    for one in memberships:
        if one.is_reporting:
            reporting[period(release.period, year_end_month=one.school.year_end_month)].append(one.school)
    counted = {key: (cube, term) for term, own in reporting.items() for key, cube in _cubes(own, term).items()}
    then = Release.objects.filter(school__in=counted, period=release.period).values_list("school", "seat_counts")
    for key, seats in then:  # seats that came later cannot have finished in the term, as everybody knows
        counted[key][0].seats.update(
            {band: min(now, seats.get(band, now)) for band, now in counted[key][0].seats.items()}
        )
    rows = ReleaseCell.objects.filter(release__school__in=schools, release__period=release.period).order_by()
    cells = []
    for key, band, slug, low, high in rows.values_list(
        "release__school", "band", "module_slug", "seats_from", "seats_to"
    ):
        place = (band, slug)
        if low is not None:
            band_of_cell = CountBand(low, high)
            cells.append(_cell(release, place, band_of_cell, school_key=key, school_label=schools[key].name))
            places.setdefault(place, Others()).publish(band_of_cell)
        elif key in counted and place in places:
            cube, term = counted[key]
            places[place].hide(key, cube.at(place), term)
    ReleaseCell.objects.bulk_create(cells, batch_size=2000)


def make_due_releases(*, period_name: str, tell: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Makes a term's releases of every school and authority that lacks one: made, refused. Can be run again.

    `tell` is told after each how many are done, and of how many.
    """
    schools = School.objects.exclude(releases__period=period_name)
    authorities = Authority.objects.exclude(releases__period=period_name)
    made = refused = 0
    works = [
        *((make_school_release, {"school": one}) for one in schools),
        *((make_authority_release, {"authority": one}) for one in authorities),
    ]
    for done, (make, whose) in enumerate(works, start=1):
        try:
            make(**whose, period_name=period_name)
            made += 1
        except ReleaseRefusedError:
            refused += 1
        if tell:
            tell(done, len(works))
    return made, refused
