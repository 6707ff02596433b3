"""Messages without a system gettext: compiled with polib, found in code and templates with Babel.

`python -m config.translations compile|extract`. Compiling happens by itself where a `.po` is newer than its `.mo`.
"""

import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = ("accounts", "lessons", "quizzes", "progress", "privacy", "config")
KEYWORDS = {
    name: spec
    for suffix in ("", "_lazy", "_noop")
    for name, spec in {
        f"gettext{suffix}": None,
        f"ngettext{suffix}": (1, 2),
        f"pgettext{suffix}": ((1, "c"), 2),
        f"npgettext{suffix}": ((1, "c"), 2, 3),
    }.items()
} | {"_": None}


@dataclass
class Message:
    plural: str = ""
    places: list[tuple[str, str]] = field(default_factory=list)


Catalogue = dict[tuple[str, str], Message]  # by context ("" without one) and English text


def po_files() -> list[Path]:
    return sorted((BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_changed() -> int:
    """Compiles each `.po` that is newer than its `.mo`; says how many."""
    count = 0
    for source in po_files():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        count += 1
    return count


def _sources() -> Iterator[tuple[Path, str]]:
    """Each file with messages, as Python for the extractor."""
    from django.utils.translation import templatize

    for app in APPS:
        for file in sorted((BASE_DIR / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file, file.read_text()
    for file in sorted(path for path in (BASE_DIR / "templates").rglob("*.*") if path.suffix in {".html", ".txt"}):
        python = templatize(file.read_text(), origin=str(file))
        yield file, "\n".join(line.strip() for line in python.split("\n"))  # its indentation means nothing


def extract() -> Catalogue:
    """Every message of our code and templates. Needs Babel, which only developers have."""
    from babel.messages.extract import extract as babel_extract

    found: Catalogue = {}
    for file, text in _sources():
        for line, texts, _comments, context in babel_extract("python", io.BytesIO(text.encode()), KEYWORDS):
            english, *rest = texts if isinstance(texts, tuple) else (texts,)
            message = found.setdefault((context or "", english), Message())
            message.plural = message.plural or next(iter(rest), "")
            message.places.append((str(file.relative_to(BASE_DIR)), str(line)))
    return {key: found[key] for key in found if key[1]}


def merge(file: Path) -> tuple[int, int]:
    """Adds to a `.po` what it lacks and takes away what is used no more: how many of each."""
    catalogue = polib.pofile(str(file), wrapwidth=110) if file.exists() else polib.POFile(wrapwidth=110)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        catalogue.metadata = {
            "Project-Id-Version": "Balise",
            "Language": file.parent.parent.name,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n > 1);",
        }
    found = extract()
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    gone = [entry for key, entry in known.items() if key not in found]
    for entry in gone:
        catalogue.remove(entry)
    for (context, english), message in found.items():
        entry = known.get((context, english))
        if entry is None:
            entry = polib.POEntry(msgid=english, msgctxt=context or None)
            catalogue.append(entry)
        if message.plural and entry.msgid_plural != message.plural:
            entry.msgid_plural, entry.msgstr = message.plural, ""
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in dict.fromkeys(place for place, _line in message.places)]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        if "%(" in english or "%(" in message.plural:
            entry.flags.append("python-format")
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0], entry.msgid))
    catalogue.save(str(file))
    return len(found.keys() - known.keys()), len(gone)


def main(what: str) -> None:
    import django
    from django.conf import settings

    if what == "extract":
        settings.configure()
        django.setup()
        added, removed = merge(BASE_DIR / "locale/fr/LC_MESSAGES/django.po")
        sys.stdout.write(f"locale/fr: {added} messages added, {removed} taken away.\n")
    else:
        sys.stdout.write(f"{compile_changed()} catalogues compiled.\n")


if __name__ == "__main__":
    main(sys.argv[1])
