"""The phrase language, and every word rule with the examples that stand beside it."""

from pathlib import Path

import pytest
import yaml

from lessons.linting.passages import LANGUAGES, Context, Passage
from lessons.linting.phrases import breaches, compiled, says
from lessons.linting.reading import Document, read
from lessons.schemas import PhraseRule, Phrases, Rules, Text

ROOT = Path(__file__).parents[2] / "curriculum"
RULES = read(ROOT / "rules.yaml", Rules, root=ROOT)


def passage(words: str, language: str, *, reader: str = "pupil", age: int = 6, **context) -> Passage:
    document = Document(Path("x.yaml"), Text(fr="a", en="b"), yaml.compose("{fr: a, en: b}"))
    return Passage(document, (), language, words, Context(reader, "6-8", age, **context))


def examples(side: str):
    return [
        pytest.param(rule, language, words, id=f"{rule.id}-{language}-{words[:40]}")
        for rule in RULES.rules
        for language in LANGUAGES
        for words in getattr(getattr(rule, side), language)
    ]


@pytest.mark.parametrize(("rule", "language", "words"), examples("finds"))
def test_a_rule_finds_what_it_must(rule: PhraseRule, language, words):
    assert list(breaches(rule, passage(words, language, reader=rule.readers[0])))


@pytest.mark.parametrize(("rule", "language", "words"), examples("passes"))
def test_a_rule_passes_what_it_must(rule: PhraseRule, language, words):
    assert list(breaches(rule, passage(words, language, reader=rule.readers[0]))) == []


def test_every_rule_has_examples_of_both_kinds_in_both_languages():
    for rule in RULES.rules:
        for language in LANGUAGES:
            assert getattr(rule.finds, language), rule.id
            assert getattr(rule.passes, language), rule.id


@pytest.mark.parametrize(
    ("written", "text", "is_there"),
    [
        ("tu aurais dû", "tu aurais dû partir", True),
        ("tu aurais dû", "tu aurais du pain", False),
        ("c’est (de|) ta faute", "c’est ta faute", True),
        ("c’est (de|) ta faute", "c’est de ta faute", True),
        ("c'est (de|) ta faute", "c’est de sa faute", False),
        ("prédat*", "des prédateurs", True),
        ("nu", "un nuage", False),
        ("*porn*", "abcpornxyz", True),
        ("montre ... photo*", "montre vite ta belle photo", True),
        ("montre ... photo*", "montre ta main. la photo", False),
        ("> efface tout", "non. efface tout", True),
        ("> efface tout", "elle efface tout", False),
        ("> efface tout", "respire, puis efface tout", True),
        ("# %", "environ 20 % des", True),
        ("# %", "environ % des", False),
    ],
)
def test_a_phrase(written, text, is_there):
    assert bool(list(compiled(written).find(text))) is is_there


def rule(**more) -> PhraseRule:
    values = {"phrases": {"fr": ["interdit"], "en": ["forbidden"]}, "finds": {}, "passes": {}}
    return PhraseRule(**{"id": "x", "reason": "no", "readers": ["pupil"], **values, **more})


def test_a_rule_reads_only_for_its_readers_and_below_its_age():
    assert list(breaches(rule(), passage("interdit", "fr", reader="staff"))) == []
    assert list(breaches(rule(from_age=13), passage("interdit", "fr", age=13))) == []
    assert list(breaches(rule(from_age=13), passage("interdit", "fr", age=12))) == ["interdit"]


def test_what_is_shown_is_fine_only_for_rules_that_say_so():
    shown = passage("interdit", "fr", is_shown=True)
    quoted = passage("Il dit : «\u00a0interdit\u00a0».", "fr")
    for text in (shown, quoted):
        assert list(breaches(rule(), text)) == ["interdit"]
        assert list(breaches(rule(shown_is_fine=True), text)) == []


def test_what_is_explained_is_fine_only_for_rules_that_say_so():
    explained = passage("Interdit !", "fr", explains=("interdit",))
    other = passage("Interdit !", "fr", explains=("permis",))
    assert list(breaches(rule(explained_is_fine=True), explained)) == []
    assert list(breaches(rule(explained_is_fine=True), other)) == ["interdit"]
    assert list(breaches(rule(), explained)) == ["interdit"]


@pytest.mark.parametrize(
    ("words", "language", "is_found"),
    [
        ("Ce n’est pas interdit.", "fr", False),
        ("N’attends pas : interdit.", "fr", True),  # the denial belongs to another clause
        ("Pas ici, mais interdit là.", "fr", True),
        ("It is not forbidden.", "en", False),
        ("It isn't forbidden.", "en", False),
        ("It is not far but forbidden.", "en", True),
    ],
)
def test_a_denial_counts_within_its_own_clause(words, language, is_found):
    assert bool(list(breaches(rule(negated_is_fine=True), passage(words, language)))) is is_found


def test_no_break_spaces_apostrophes_capitals_and_markdown_do_not_hide_a_phrase():
    hidden = Phrases(fr=["c’est ta faute"], en=[])
    assert says(hidden, "fr", passage("**C'EST**\u00a0ta\u202ffaute", "fr").plain)
