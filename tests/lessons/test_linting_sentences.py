"""Sentences and their words, in both languages."""

import pytest

from lessons.linting.sentences import longest_allowed, sentence_lengths


@pytest.mark.parametrize(
    ("text", "language", "lengths"),
    [
        ("La mer monte. Le crabe danse.", "fr", (3, 3)),
        ("Quelqu’un t’écoute-t-il ?", "fr", (2,)),
        ("M. Dupont arrive. Il sourit.", "fr", (3, 2)),
        ("Mr Smith comes. He smiles!", "en", (3, 2)),
        ("Tu peux : parler, partir, dire non.", "fr", (6,)),
        ("Elle dit : « Non. Je pars. » Puis elle sort.", "fr", (3, 2, 3)),
        ("A title\n\nA paragraph here", "en", (2, 3)),
        ("- one thing\n- two more things", "en", (2, 3)),
        ("**Close.** Close the screen.", "en", (1, 3)),
        ("…", "fr", ()),
        ("", "en", ()),
    ],
)
def test_sentence_lengths(text, language, lengths):
    assert sentence_lengths(text, language) == lengths


def test_the_longest_sentence_grows_with_the_band():
    assert [longest_allowed(band) for band in ("6-8", "9-11", "12-14", "15-18")] == [19, 24, 28, 35]
