import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.disclosure import (
    BAND_WIDTH,
    CountBand,
    SchoolCount,
    band_of,
    others_cell,
    period,
    school_cell,
    total_of,
)


@pytest.mark.parametrize(
    ("count", "size", "taken", "band"),
    [
        (0, None, 0, CountBand(0, 9)),
        (9, None, 0, CountBand(0, 9)),
        (10, None, 0, CountBand(10, 19)),
        (0, 84, 0, CountBand(0, 9)),
        (69, 84, 0, CountBand(60, 69)),
        (70, 84, 0, CountBand(70, 84)),  # 80–84 would be five values
        (84, 84, 0, CountBand(70, 84)),
        (25, 25, 0, CountBand(10, 25)),
        (3, 5, 0, CountBand(0, 9)),  # fewer than ten seats are known anyhow
        (7, 84, 70, CountBand(0, 84)),  # fourteen are left, unless some of the seventy are gone
        (12, 84, 70, CountBand(0, 84)),
        (15, 84, 70, CountBand(0, 84)),  # one of them is
    ],
)
def test_a_count_is_published_as_a_band_of_at_least_ten(count, size, taken, band):
    assert band_of(count, size=size, taken=taken) == band


def test_the_width_may_be_raised_never_lowered():
    assert band_of(23, width=20) == CountBand(20, 39)
    with pytest.raises(ValueError, match="never lowered"):
        band_of(23, width=BAND_WIDTH - 1)


def test_a_total_is_made_of_bands():
    assert total_of([CountBand(10, 19), CountBand(0, 9)]) == CountBand(10, 28)


@pytest.mark.parametrize(("classes", "is_shown"), [(0, False), (2, False), (3, True)])
def test_a_school_needs_three_classes_whatever_they_did(classes, is_shown):
    assert (school_cell(SchoolCount(25, classes, 60)) is not None) is is_shown
    assert (school_cell(SchoolCount(0, classes, 60)) is not None) is is_shown


@pytest.mark.parametrize(
    ("cells", "band"),
    [
        ([], None),
        ([SchoolCount(12, 2, 40)], None),  # one school
        ([SchoolCount(12, 1, 20), SchoolCount(5, 1, 20)], None),  # two classes
        ([SchoolCount(12, 2, 40), SchoolCount(0, 0, 0)], None),  # the second has no class
        ([SchoolCount(12, 2, 40), SchoolCount(5, 1, 20)], CountBand(10, 19)),
    ],
)
def test_other_schools_need_three_classes_from_two_schools(cells, band):
    assert others_cell(cells) == band


@given(data=st.data(), size=st.integers(0, 120))
def test_no_term_of_a_year_narrows_another(data, size):
    """Whoever knows the number of seats, and that a seat finishes a module once a year, gains nothing."""
    left, bands = size, []
    for _term in range(3):
        count = data.draw(st.integers(0, left))
        bands.append(band_of(count, size=size, taken=sum(band.low for band in bands)))
        assert bands[-1].low <= count <= bands[-1].high
        left -= count
    for place, band in enumerate(bands):
        others = sum(other.low for at, other in enumerate(bands) if at != place)
        possible = min(band.high, size - others) - band.low + 1
        assert possible >= BAND_WIDTH or (size < BAND_WIDTH and band.low == 0 and possible == size + 1)


@given(data=st.data())
def test_an_authority_and_a_school_that_changes_sides_narrow_nothing(data):
    """Two schools are hidden together in one term; in the next each is large enough for a figure of its own."""
    sizes = data.draw(st.tuples(st.integers(1, 60), st.integers(1, 60)))
    first = [data.draw(st.integers(0, size)) for size in sizes]
    together = others_cell([SchoolCount(first[0], 2, sizes[0]), SchoolCount(first[1], 2, sizes[1])])
    second = [data.draw(st.integers(0, size - count)) for size, count in zip(sizes, first, strict=True)]
    own = [
        school_cell(SchoolCount(count, 3, size), taken=together.low) for count, size in zip(second, sizes, strict=True)
    ]
    highest = min(together.high, sum(sizes) - own[0].low - own[1].low)
    assert highest - together.low + 1 >= min(BAND_WIDTH, sum(sizes) + 1)


@pytest.mark.parametrize(
    ("name", "month", "starts", "ends", "census"),
    [
        ("2025-T1", 8, (2025, 9, 1), (2025, 12, 31), (2025, 10, 1)),
        ("2025-T2", 8, (2026, 1, 1), (2026, 3, 31), (2026, 1, 1)),
        ("2025-T3", 8, (2026, 4, 1), (2026, 8, 31), (2026, 4, 1)),
        ("2025-T1", 12, (2026, 1, 1), (2026, 4, 30), (2026, 2, 1)),
    ],
)
def test_a_term_has_its_days(name, month, starts, ends, census):
    term = period(name, year_end_month=month)
    assert (term.starts_on, term.ends_on, term.census_on) == tuple(
        datetime.date(*day) for day in (starts, ends, census)
    )


@pytest.mark.parametrize("name", ["", "2025", "2025-T4", "1999-T1", "2025-T1 ", "２０２５-T1", "2025-t1"])
def test_other_names_are_no_term(name):
    with pytest.raises(ValueError, match="named like"):
        period(name)
