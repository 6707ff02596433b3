"""What a form sends is read back as what was chosen; what no form sends is damaged."""

import uuid

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import DamagedError, Key, Line, Sheet, is_possible, partner_value
from quizzes.schemas import QuestionKind

PARTNERS = {slug: partner_value("match", f"partner of {slug}") for slug in ("gift", "secret", "threat")}
SHEET = Sheet(
    (
        Line("one", False, (("f1", ""),), {"tell": "tell", "hide": "hide"}),
        Line("many", True, (("f2", ""),), {"ask": "ask", "leave": "leave", "stay": "stay"}),
        Line("order", False, (("o1", "close"), ("o2", "walk")), {"1": 1, "2": 2}),
        Line(
            "match", False, tuple((f"m-{slug}", slug) for slug in PARTNERS), {v: slug for slug, v in PARTNERS.items()}
        ),
    )
)
KEYS = {
    "one": Key(QuestionKind.ONE, ("tell", "hide"), frozenset({"tell"}), "x"),
    "many": Key(QuestionKind.SEVERAL, ("ask", "leave", "stay"), frozenset({"ask"}), "x"),
    "order": Key(QuestionKind.ORDER, ("close", "walk"), frozenset(), "x"),
    "match": Key(QuestionKind.MATCH, tuple(PARTNERS), frozenset(), "x"),
}
KEY = str(uuid.uuid4())


def read(**values):
    sent = {"key": KEY} | values
    return SHEET.read(
        MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in sent.items()})
    )


def test_every_kind_is_read():
    key, found = read(
        f1="tell", f2=["leave", "ask"], o1="2", o2="1", **{f"m-{slug}": value for slug, value in PARTNERS.items()}
    )
    assert str(key) == KEY
    assert found == {
        "one": "tell",
        "many": ["ask", "leave"],
        "order": {"close": 2, "walk": 1},
        "match": {"gift": "gift", "secret": "secret", "threat": "threat"},
    }


def test_what_is_not_answered_or_not_whole_is_no_response():
    assert read()[1] == {}
    assert read(f1="", o1="1", o2="")[1] == {}
    assert read(o1="1", **{"m-gift": PARTNERS["gift"]})[1] == {}


def test_a_choice_sent_twice_counts_once():
    assert read(f2=["ask", "ask"])[1] == {"many": ["ask"]}


@pytest.mark.parametrize(
    "sent",
    [
        {"f1": "pay"}, {"f1": "\x00"}, {"f2": ["ask", "pay"]}, {"f2": [""]}, {"o1": "3", "o2": "1"}, {"o1": "one"},
        {"m-gift": "gift"}, {"key": ""}, {"key": "no key"}, {"key": "x" * 5000},
    ],
)  # fmt: skip
def test_what_no_form_sends_is_damaged(sent):
    with pytest.raises(DamagedError):
        read(**sent)


def test_a_form_without_a_key_is_damaged():
    with pytest.raises(DamagedError):
        SHEET.read(MultiValueDict({"f1": ["tell"]}))


NAMES = ["f1", "f2", "o1", "o2", *(f"m-{slug}" for slug in PARTNERS)]
VALUES = ["", "tell", "hide", "ask", "leave", "1", "2", "3", *PARTNERS.values(), "nonsense"]


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(VALUES), min_size=1, max_size=3)))
def test_whatever_is_sent_only_possible_responses_come_out(sent):
    try:
        _key, found = read(**sent)
    except DamagedError:
        return
    assert all(is_possible(KEYS[slug], response) for slug, response in found.items())
