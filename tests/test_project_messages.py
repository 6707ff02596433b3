"""Every sentence of the interface stands in the French catalogue, translated, with French typography.

`make messages` adds what is missing, untranslated. English is the source and needs no catalogue.
"""

import re

import polib
import pytest
from django.conf import settings

from config.translations import extract

FILE = settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w+\}")


@pytest.fixture(scope="module")
def found():
    return extract()


@pytest.fixture(scope="module")
def catalogue():
    assert FILE.exists(), "no French catalogue: `make messages` makes one"
    return polib.pofile(str(FILE))


def _pairs(catalogue):
    """Each English text beside its French one; of a plural, each form beside the plural."""
    for entry in catalogue:
        if entry.msgid_plural:
            yield entry, entry.msgid, entry.msgstr_plural.get(0, "")
            yield entry, entry.msgid_plural, entry.msgstr_plural.get(1, "")
        else:
            yield entry, entry.msgid, entry.msgstr


def _show(lines) -> str:
    lines = [str(line) for line in lines]
    return "\n".join([f"{len(lines)}:", *lines[:30], *(["…"] if len(lines) > 30 else [])])


def test_no_message_is_missing(found, catalogue):
    known = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in catalogue}
    missing = [
        f"{message.places[0][0]}: {english}"
        for (context, english), message in found.items()
        if (context, english, message.plural) not in known
    ]
    assert not missing, _show(missing)


def test_no_message_is_obsolete(found, catalogue):
    gone = [entry.msgid for entry in catalogue if (entry.msgctxt or "", entry.msgid) not in found]
    assert not gone, _show(gone)
    assert not catalogue.obsolete_entries()


def test_every_message_is_translated_and_none_is_guessed(catalogue):
    assert not (empty := [english for _entry, english, french in _pairs(catalogue) if not french.strip()]), _show(empty)
    assert not (fuzzy := [entry.msgid for entry in catalogue if entry.fuzzy]), _show(fuzzy)


def test_placeholders_are_the_same(catalogue):
    def wrong(entry, english, french):
        allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        mine = set(PLACEHOLDER.findall(french))
        return mine - allowed if entry.msgid_plural else mine != allowed

    found = [f"{english} → {french}" for entry, english, french in _pairs(catalogue) if wrong(entry, english, french)]
    assert not found, _show(found)


def test_white_space_around_is_the_same(catalogue):
    found = [
        english
        for _entry, english, french in _pairs(catalogue)
        if french and (english[:1].isspace(), english[-1:].isspace()) != (french[:1].isspace(), french[-1:].isspace())
    ]
    assert not found, _show(found)


NO_BREAK = "\u00a0\u202f"
WRONG = [
    (re.compile(rf"[^{NO_BREAK}\s?!;](?<!\()[?!;](?![\w=])"), "a no-break space before ? ! ;"),
    (re.compile(r"[ \t][?!;:»]"), "no common space before ? ! ; : »"),
    (re.compile(rf"[^{NO_BREAK}\s\d/][:](?=\s|$)"), "a no-break space before :"),
    (re.compile(rf"[^{NO_BREAK}]»|«[^{NO_BREAK}]"), "no-break spaces inside « »"),
    (re.compile(r"'|\.\.\."), "’ and …, not ' and ..."),
]


@pytest.mark.parametrize(("pattern", "rule"), WRONG, ids=[rule for _pattern, rule in WRONG])
def test_french_typography(catalogue, pattern, rule):
    found = [french for _entry, _english, french in _pairs(catalogue) if pattern.search(_visible(french))]
    assert not found, _show([rule, *found])


def _visible(text: str) -> str:
    """Without placeholders, tags, addresses and times, whose signs are no punctuation of a sentence."""
    return re.sub(r"%\(\w+\)[a-z]|<[^>]*>|https?://\S+|&\w+;|\b\d\d?:\d\d\b", "x", text)
