import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.disclosure import COVER, MINIMUM_STEP, Extreme, Share, choice_shares, mean_share, share, steps_forward


@pytest.mark.parametrize(
    ("published", "running", "steps"),
    [
        ({}, {"": 4, "a": 2, "b": 2}, False),
        ({}, {"": 5, "a": 3, "b": 2}, True),
        ({}, {"": 5, "a": 5}, True),  # reads “nearly all”, as 3 or 4 would
        ({}, {"": 6, "a": 5, "b": 1}, False),  # the sixth would tell why it waited
        ({"": 5, "a": 3, "b": 2}, {"": 9, "a": 5, "b": 4}, False),
        ({"": 5, "a": 3, "b": 2}, {"": 10, "a": 8, "b": 2}, True),  # the same words as before
        ({"": 5, "a": 3, "b": 2}, {"": 10, "a": 5, "b": 5}, True),
        ({"": 5, "a": 3, "b": 2}, {"": 10, "a": 3, "b": 7}, False),  # the five new ones alike
        ({"": 5, "a": 3, "b": 2}, {"": 10, "a": 4, "b": 6}, False),  # one of five alone
        ({"": 10, "a": 4, "b": 6, "c": 3}, {"": 20, "a": 8, "b": 12, "c": 13}, False),  # all took c as well
        ({"": 10, "a": 4, "b": 6}, {"": 15, "a": 6, "b": 9}, False),  # three moments and no more: see the guarantee
        ({"": 5, "a": 3, "b": 2}, {"": 20, "a": 9, "b": 11}, True),
        ({"": 20, "a": 9, "b": 11}, {"": 40, "a": 20, "b": 20}, False),
    ],
)
def test_counts_step_forward_at_three_moments_only_and_where_each_moves_mixed(published, running, steps):
    assert steps_forward(published=published, running=running) is steps


def test_the_minimum_may_be_raised_never_lowered():
    assert not steps_forward(published={}, running={"": 5, "a": 4, "b": 1}, minimum=8)
    with pytest.raises(ValueError, match="never lowered"):
        steps_forward(published={}, running={"": 9, "a": 5, "b": 4}, minimum=MINIMUM_STEP - 1)


@given(st.lists(st.sampled_from("abcd"), max_size=40))
def test_no_two_moments_differ_by_fewer_than_five_or_show_a_count_that_moved_by_a_group_alike(answers):
    published: dict[str, int] = {}
    running: dict[str, int] = {"": 0}
    moments = []
    for answer in answers:
        running[""] += 1
        running[answer] = running.get(answer, 0) + 1
        if steps_forward(published=published, running=running):
            published = dict(running)
        moments.append(dict(published))
    different = [moment for at, moment in enumerate(moments) if moment and moment not in moments[:at]]
    for earlier, later in zip([{}, *different], different, strict=False):
        new = later[""] - earlier.get("", 0)
        assert new >= 5
        for item in (item for item in later if item):
            exact = share(later[item], later[""]).extreme is None
            assert not exact or 2 <= later[item] - earlier.get(item, 0) <= new - 2


@given(total=st.integers(5, 40), data=st.data())
def test_extreme_shares_are_words_that_cover_other_counts(total, data):
    count = data.draw(st.integers(0, total))
    shown = share(count, total)
    alike = [other for other in range(total + 1) if share(other, total) == shown]
    if shown.extreme is None:
        assert alike == [count]
        assert COVER < count < total - COVER
    else:
        assert len(alike) == COVER + 1


def test_nothing_published_shows_nothing_and_words_hide_their_count():
    assert share(0, 0) is None
    assert share(24, 25).extreme == Extreme.NEARLY_ALL
    assert share(24, 25).count is None
    assert share(24, 25).percent == 100
    assert share(1, 25).percent == 0
    assert share(10, 25).percent == 40


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"right": 14, "b": 8, "c": 6}, [14, 8, 6]),
        ({"right": 27, "b": 1, "c": 0}, ["nearly_all", "hardly_any", "hardly_any"]),
        ({"right": 26, "b": 1, "c": 1}, ["nearly_all", "hardly_any", "hardly_any"]),
        ({"right": 25, "b": 3, "c": 0}, [25, "together", "together"]),  # 3 would tell that nobody chose c
        ({"right": 25, "b": 2, "c": 1}, [25, "together", "together"]),  # one of them would be known to be at least 1
        ({"right": 20, "b": 7, "c": 1}, [20, "together", "together"]),
        ({"right": 17, "b": 11, "c": 0, "d": 0}, [17, "together", "together", "together"]),
        ({"right": 24, "b": 2, "c": 1, "d": 1}, [24, "hardly_any", "hardly_any", "hardly_any"]),
        ({"right": 1, "b": 20, "c": 7}, ["together", "together", "together"]),
    ],
)
def test_a_word_is_not_told_by_the_numbers_beside_it(counts, shown):
    shares = choice_shares(counts, 28, right=frozenset({"right"}))
    assert [one.count if one.extreme is None else one.extreme.value for one in shares.values()] == shown


def _ways(total: int, size: int):
    """Every way in which `total` pupils choose among `size` choices."""
    if size == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _ways(total - first, size - 1):
            yield first, *rest


@pytest.mark.parametrize("total", [5, 6, 7, 9, 12])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_no_word_is_told_by_whoever_adds_up(total, size):
    """Against all ways to answer: those that are shown alike leave each word as open as it says.

    A first step of five leaves some two counts open and not three.
    """
    alike: dict[tuple, list[tuple]] = {}
    for way in _ways(total, size):
        shares = choice_shares(dict(zip("abcd", way, strict=False)), total, right=frozenset("a"))
        alike.setdefault(tuple(shares.values()), []).append(way)
    for shown, ways in alike.items():
        for place, one in enumerate(shown):
            if one.extreme is not None:
                assert len({way[place] for way in ways}) > (COVER if total > 5 else 1)


def test_a_mean_is_made_of_what_is_shown():
    nearly, some = Share(None, 20, Extreme.NEARLY_ALL), Share(10, 20)
    assert mean_share([]) is None
    assert mean_share([nearly, nearly]) == Share(None, 40, Extreme.NEARLY_ALL)
    assert mean_share([nearly, some]) == Share(29, 40)
    assert mean_share([share(18, 20), some]) == mean_share([share(20, 20), some])
