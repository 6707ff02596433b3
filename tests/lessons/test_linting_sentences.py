"""Sentences and their words, in both languages."""

import pysbd
import pytest

from lessons.linting.sentences import longest_allowed, sentence_lengths, sentences_of


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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La marée monte. Écureuil danse. Que fait-il ?", "fr"),
        ("Heron waits. Somebody knocks! Does Heron open?", "en"),
        ("Voir le chap. Deux parle de la mer. Puis on sort.", "fr"),
        ("He saw Prof. Martin today. They spoke.", "en"),
        ("Sit in the Dept. Office. Wait there.", "en"),
        ("Il écrit le mot de passe… Écris dehors ce qui reste. Fini.", "fr"),
        ("Elle attend (longtemps.) Puis elle part. Voilà.", "fr"),
        ("On compte. 3 crabes dansent. Elle rit.", "fr"),
        ("Il dit oui. Il part. Elle aussi.", "fr"),
        ("It is loud. it is late. Close it!", "en"),
    ],
)
def test_plain_ends_are_found_where_pysbd_finds_them(text, language):
    asked = pysbd.Segmenter(language=language, clean=False).segment(text)
    assert [one.strip() for one in sentences_of(text, language)] == [one.strip() for one in asked]
