import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import Authority, AuthorityMembership
from accounts.operations import add_seat
from progress.models import ALL_SCHOOLS, NO_SCHOOL, Release, ReleaseCell
from progress.operations import ReleaseRefusedError, make_authority_release, make_due_releases, make_school_release
from tests.factories.accounts import AuthorityFactory, SchoolFactory, UserFactory
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import finish_some, make_old_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return ModuleFactory(band="12-14", slug="a-module")


@pytest.fixture
def classes(module):
    school = SchoolFactory(name="Large")
    return [make_old_class(school, seat_count=20) for _number in range(3)]


def cell(release, module, school_key=NO_SCHOOL, band="12-14"):
    found = ReleaseCell.objects.get(release=release, band=band, module_slug=module.slug, school_key=school_key)
    return None if found.is_withheld else (found.seats_from, found.seats_to)


def authority_over(*schools, is_reporting=True) -> Authority:
    authority = AuthorityFactory()
    for school in schools:
        AuthorityMembership.objects.create(authority=authority, school=school, is_reporting=is_reporting)
    return authority


def test_a_release_says_bands_of_ten(classes, module):
    finish_some(classes[0], module, 12)
    finish_some(classes[1], module, 5)
    release = make_school_release(school=classes[0].school, period_name="2024-T1")
    assert cell(release, module) == (10, 19)
    assert release.school_year == 2024


def test_every_module_of_the_band_is_a_cell_whether_taught_or_not(classes, module):
    younger = ModuleFactory(band="9-11", slug="younger")
    older = ModuleFactory(band="15-18", slug="older")
    release = make_school_release(school=classes[0].school, period_name="2024-T1")
    assert cell(release, younger) == cell(release, module) == (0, 9)
    places = {(one.band, one.module_slug) for one in release.cells.all()}
    assert ("12-14", older.slug) not in places
    assert ("15-18", older.slug) in places


def test_a_release_is_made_once_and_stands_whatever_happens(classes, module):
    finish_some(classes[0], module, 10)
    release = make_school_release(school=classes[0].school, period_name="2024-T1")
    classes[0].seats.in_order().first().delete()
    with pytest.raises(ReleaseRefusedError, match="released already"):
        make_school_release(school=classes[0].school, period_name="2024-T1")
    assert cell(release, module) == (10, 19)


def test_a_release_is_refused_until_its_term_is_over(classes):
    school = classes[0].school
    with pytest.raises(ReleaseRefusedError, match="not over"):
        make_school_release(school=school, period_name="2024-T1", today=datetime.date(2024, 12, 31))
    assert not Release.objects.exists()
    make_school_release(school=school, period_name="2024-T1", today=datetime.date(2025, 1, 1))


def test_two_classes_are_withheld_and_a_class_after_the_census_is_not_counted(classes, module):
    school = classes[0].school
    classes[2].delete()
    late = make_old_class(school, seat_count=20, created_on=datetime.date(2024, 10, 2))
    finish_some(classes[0], module, 15)
    finish_some(late, module, 15)
    assert cell(make_school_release(school=school, period_name="2024-T1"), module) is None


def test_what_was_finished_outside_the_term_is_not_counted(classes, module):
    finish_some(classes[0], module, 15, term=2)
    assert cell(make_school_release(school=classes[0].school, period_name="2024-T1"), module) == (0, 9)
    assert cell(make_school_release(school=classes[0].school, period_name="2024-T2"), module) == (10, 19)


def test_a_later_term_knows_what_the_earlier_ones_published(classes, module):
    for classroom in classes:
        finish_some(classroom, module, 18)
    first = make_school_release(school=classes[0].school, period_name="2024-T1")
    for classroom in classes:
        finish_some(classroom, module, 2, term=2)
    second = make_school_release(school=classes[0].school, period_name="2024-T2")
    assert cell(first, module) == (50, 60)
    assert cell(second, module) == (0, 60)  # ten seats were left, as everybody knows: no 0–9 beside a 10


def test_an_authority_has_its_schools_own_cells_and_one_of_the_others(classes, module):
    small = [SchoolFactory(name="Small one"), SchoolFactory(name="Small two")]
    for school, count in zip(small, (7, 6), strict=True):
        finish_some(make_old_class(school, seat_count=15), module, count)
        make_old_class(school, seat_count=15)
    finish_some(classes[0], module, 12)
    release = make_authority_release(authority=authority_over(classes[0].school, *small), period_name="2024-T1")
    assert cell(release, module, classes[0].school.pk) == (10, 19)
    assert cell(release, module) == (10, 19)
    assert not release.cells.filter(school_key__in=[school.pk for school in small]).exists()


def test_others_of_one_school_are_carried_up(classes, module):
    small = SchoolFactory()
    make_old_class(small)
    release = make_authority_release(authority=authority_over(classes[0].school, small), period_name="2024-T1")
    assert cell(release, module) is None


def test_a_school_s_cell_is_never_made_twice(classes, module):
    """A seat freed between two makings would tell that there were exactly ten."""
    school = classes[0].school
    finish_some(classes[0], module, 10)
    make_school_release(school=school, period_name="2024-T1")
    classes[0].seats.in_order().first().delete()
    release = make_authority_release(authority=authority_over(school), period_name="2024-T1")
    assert cell(release, module, school.pk) == (10, 19)


def test_seats_that_came_after_a_school_s_release_bound_nothing_among_the_others(module):
    """They cannot have finished in the term: a last band made for them as well would say ten to twelve of twelve."""
    one, two, actor = SchoolFactory(), SchoolFactory(), UserFactory()
    classes = [make_old_class(school, seat_count=4) for school in (one, one, two)]
    for classroom in classes:
        finish_some(classroom, module, 4)
    for school in (one, two):
        make_school_release(school=school, period_name="2024-T1")
    for _number in range(8):
        add_seat(classroom=classes[0], actor=actor)
    assert cell(make_authority_release(authority=authority_over(one, two), period_name="2024-T1"), module) == (0, 12)


def test_only_the_reporting_authority_counts_the_hidden_ones(module):
    small = [SchoolFactory(), SchoolFactory()]
    for school in small:
        for _number in range(2):
            make_old_class(school)
    reporting, other = authority_over(*small), authority_over(*small, is_reporting=False)
    assert cell(make_authority_release(authority=reporting, period_name="2024-T1"), module) == (0, 9)
    assert cell(make_authority_release(authority=other, period_name="2024-T1"), module) is None


def test_a_school_that_leaves_the_others_narrows_nothing(module):
    """Hidden among others in one term, on its own in the next: what it can have done then counts against both."""
    one, two = SchoolFactory(name="One"), SchoolFactory(name="Two")
    classes = [make_old_class(school, seat_count=10) for school in (one, one, two, two)]
    authority = authority_over(one, two)
    for classroom in classes:
        finish_some(classroom, module, 8)
    first = make_authority_release(authority=authority, period_name="2024-T1")
    assert cell(first, module) == (30, 40)
    grown = make_old_class(one, seat_count=10, created_on=datetime.date(2024, 11, 1))
    for classroom in (*classes[:2], grown):
        finish_some(classroom, module, 4, term=2)
    assert cell(make_authority_release(authority=authority, period_name="2024-T2"), module, one.pk) == (0, 30)


def test_what_others_took_is_not_held_against_those_who_stay(module):
    """Three schools are hidden together, then one has its own figure: what it had finished is not the other two's."""
    one, two, three = (SchoolFactory() for _number in range(3))
    staying = [make_old_class(school, seat_count=12) for school in (one, one, two)]
    leaving = [make_old_class(three, seat_count=15) for _number in range(2)]
    authority = authority_over(one, two, three)
    for classroom in leaving:
        finish_some(classroom, module, 15)
    assert cell(make_authority_release(authority=authority, period_name="2024-T1"), module) == (30, 39)
    make_old_class(three, seat_count=10, created_on=datetime.date(2024, 11, 1))
    for classroom in staying:
        finish_some(classroom, module, 10, term=2)
    low, high = cell(make_authority_release(authority=authority, period_name="2024-T2"), module)
    assert low <= 30 <= high


def test_what_erased_seats_took_is_not_held_against_those_who_came(classes, module):
    school, actor = classes[0].school, UserFactory()
    for classroom in classes:
        finish_some(classroom, module, 20)
    make_school_release(school=school, period_name="2024-T1")
    for classroom in classes:
        classroom.seats.all().delete()
        for _number in range(20):
            add_seat(classroom=classroom, actor=actor)
        finish_some(classroom, module, 20, term=2)
    low, high = cell(make_school_release(school=school, period_name="2024-T2"), module)
    assert low <= 60 <= high


def test_due_releases_are_made_once_for_everybody(classes):
    authority_over(classes[0].school)
    assert make_due_releases(period_name="2024-T1") == (2, 0)
    assert make_due_releases(period_name="2024-T1") == (0, 0)


def test_the_command_says_what_it_made_and_refuses_what_is_no_term(classes, capsys):
    call_command("make_release", period="2024-T1")
    said = capsys.readouterr().out
    assert "1 of 1\n" in said
    assert "1 releases made" in said
    with pytest.raises(CommandError, match="named like"):
        call_command("make_release", period="autumn")
    with pytest.raises(CommandError, match="not over"):
        call_command("make_release", period="2098-T1")


@pytest.mark.parametrize("ends", [(5, None), (None, 9), (5, 5), (5, 4), (10, 18)])
def test_the_database_takes_no_count(classes, ends):
    release = Release.objects.create(school=classes[0].school, school_year=2024, period="2024-T1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseCell.objects.create(release=release, band="12-14", module_slug="x", seats_from=ends[0], seats_to=ends[1])


def test_the_whole_of_an_authority_is_added_up_from_published_bands(classes, module):
    """However many are hidden or taken at once: the sum of the bands, never of the counts."""
    small = [make_old_class(SchoolFactory(), seat_count=20) for _number in range(4)]
    finish_some(classes[0], module, 12)
    for classroom in small:
        finish_some(classroom, module, 6)
    authority = authority_over(classes[0].school, *(classroom.school for classroom in small))
    release = make_authority_release(authority=authority, period_name="2024-T1")
    assert cell(release, module, classes[0].school_id) == (10, 19)
    assert cell(release, module) == (20, 29)  # 24 in four schools
    assert cell(release, module, ALL_SCHOOLS) == (30, 48)
    assert cell(release, module, ALL_SCHOOLS, band="15-18") is None


def test_a_release_is_the_same_however_many_schools_are_taken_at_once(classes, module, monkeypatch):
    small = [make_old_class(SchoolFactory(), seat_count=20) for _number in range(4)]
    for number, classroom in enumerate([*classes, *small]):
        finish_some(classroom, module, 3 + number)
    schools = [classes[0].school, *(classroom.school for classroom in small)]

    def cells(authority):
        release = make_authority_release(authority=authority, period_name="2024-T1")
        return sorted(release.cells.values_list("school_key", "band", "module_slug", "seats_from", "seats_to"), key=str)

    together = cells(authority_over(*schools))
    monkeypatch.setattr("progress.operations.releases.SCHOOLS_AT_ONCE", 1)
    AuthorityMembership.objects.update(is_reporting=False)
    assert cells(authority_over(*schools)) == together


def test_a_release_that_broke_off_goes_on_with_the_schools_that_are_left(classes, module, monkeypatch):
    other = make_old_class(SchoolFactory(), seat_count=20).school
    authority = authority_over(classes[0].school, other)
    monkeypatch.setattr("progress.operations.releases._publish", None)
    with pytest.raises(TypeError):
        make_authority_release(authority=authority, period_name="2024-T1")
    assert Release.objects.filter(school__isnull=False).count() == 2  # kept: each was a transaction of its own
    monkeypatch.undo()
    make_authority_release(authority=authority, period_name="2024-T1")
    assert Release.objects.count() == 3
