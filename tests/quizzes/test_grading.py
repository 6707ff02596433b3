import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import RIGHT, Key, gain, is_chosen, is_possible, is_right, items, objectives_got, possible_only
from quizzes.schemas import QuestionKind

ONE = Key(QuestionKind.ONE, ("tell", "hide", "answer"), frozenset({"tell"}), "help")
SEVERAL = Key(QuestionKind.SEVERAL, ("leave", "tell", "pay"), frozenset({"leave", "tell"}), "refuse")
ORDER = Key(QuestionKind.ORDER, ("close", "leave", "tell"), frozenset(), "help")
MATCH = Key(QuestionKind.MATCH, ("gift", "secret", "threat"), frozenset(), "refuse")


@pytest.mark.parametrize(
    ("key", "response", "right"),
    [
        (ONE, "tell", True),
        (ONE, "hide", False),
        (SEVERAL, ["leave", "tell"], True),
        (SEVERAL, ["leave"], False),
        (SEVERAL, ["leave", "pay", "tell"], False),
        (ORDER, {"close": 1, "leave": 2, "tell": 3}, True),
        (ORDER, {"close": 2, "leave": 1, "tell": 3}, False),
        (MATCH, {"gift": "gift", "secret": "secret", "threat": "threat"}, True),
        (MATCH, {"gift": "secret", "secret": "gift", "threat": "threat"}, False),
    ],
)
def test_each_kind_has_its_right_response(key, response, right):
    assert is_possible(key, response)
    assert is_right(key, response) is right
    assert (RIGHT in items(key, response)) is right


@pytest.mark.parametrize(
    ("key", "response"),
    [
        (ONE, "unknown"),
        (ONE, ["tell"]),
        (ONE, None),
        (SEVERAL, []),
        (SEVERAL, ["leave", "leave"]),
        (SEVERAL, "leave"),
        (ORDER, {"close": 1, "leave": 2}),
        (ORDER, {"close": 1, "leave": 2, "tell": 4}),
        (ORDER, {"close": "1", "leave": 2, "tell": 3}),
        (ORDER, {"close": True, "leave": 2, "tell": 3}),
        (MATCH, {"gift": "gift"}),
        (MATCH, {"gift": "gift", "secret": "secret", "threat": "elsewhere"}),
    ],
)
def test_impossible_responses_are_dropped(key, response):
    assert not is_possible(key, response)
    assert possible_only({"q": key}, [("q", response), ("other", "tell")]) == {}


def test_items_count_what_was_chosen_where_it_was_put():
    assert items(ONE, "hide") == ["hide"]
    assert items(SEVERAL, ["tell", "leave"]) == ["leave", "tell", RIGHT]
    assert items(ORDER, {"close": 2, "leave": 1, "tell": 3}) == ["close@2", "leave@1", "tell@3"]
    assert items(MATCH, {"gift": "secret", "secret": "gift", "threat": "threat"}) == [
        "gift@secret",
        "secret@gift",
        "threat@threat",
    ]


def test_an_objective_is_got_from_two_thirds_on_and_a_pass_reads_to_revisit():
    keys = {"a": ONE, "b": ORDER, "c": Key(QuestionKind.ONE, ("x", "y"), frozenset({"x"}), "help"), "d": SEVERAL}
    two_of_three = {"a": "tell", "b": {"close": 1, "leave": 2, "tell": 3}, "c": "y", "d": ["leave", "tell"]}
    assert objectives_got(keys, two_of_three) == {"help": True, "refuse": True}
    assert objectives_got(keys, {"a": "tell", "c": "y"}) == {"help": False, "refuse": False}
    assert objectives_got(keys, {}) == {"help": False, "refuse": False}


def test_what_was_chosen_can_be_shown_again():
    assert is_chosen(ONE, "tell", "tell")
    assert not is_chosen(ONE, "tell", "hide")
    assert is_chosen(ORDER, {"close": 1, "leave": 3, "tell": 2}, "close")
    assert not is_chosen(ORDER, {"close": 1, "leave": 3, "tell": 2}, "leave")
    assert not is_chosen(MATCH, None, "gift")


def test_gain_agrees_with_newcombe_1998_table_ii_case_a():
    """56/70 − 48/80: method 10 gives 0.0524 to 0.3339."""
    found = gain(before=48 / 80, before_size=80, after=56 / 70, after_size=70)
    assert (found.points, found.low, found.high) == (20, 5, 33)


@given(before=st.floats(0, 1), after=st.floats(0, 1), before_size=st.integers(1, 40), after_size=st.integers(1, 40))
def test_a_gain_lies_in_its_interval(before, after, before_size, after_size):
    found = gain(before=before, before_size=before_size, after=after, after_size=after_size)
    assert -100 <= found.low <= found.points <= found.high <= 100


def test_a_gain_of_nobody_is_an_error():
    with pytest.raises(ValueError, match="at least one seat"):
        gain(before=0.5, before_size=0, after=0.5, after_size=10)
