"""A seat is pseudonymised. Another word would promise what is not true while a paper says who sits there."""

import re

from django.conf import settings

WORD = re.compile(r"an[oó]nym", re.IGNORECASE)
OF_A_SEAT = re.compile(r"\b(seat|seats|siège|sièges|Balise|site|server|serveur|handle|pseudonym)\b", re.IGNORECASE)
PROMISES = ("templates", "docs", "locale", "privacy", "accounts", "lessons", "quizzes", "progress", "static/js")
FORMS = {".html", ".txt", ".md", ".po", ".py", ".js", ".yaml"}


def found(folder: str) -> list[str]:
    return [
        f"{path.relative_to(settings.BASE_DIR)}: {line.strip()[:90]}"
        for path in sorted((settings.BASE_DIR / folder).rglob("*"))
        if path.suffix in FORMS
        for line in path.read_text().splitlines()
        if WORD.search(line)
    ]


def is_code(line: str) -> bool:
    """What Django calls a visitor."""
    return "AnonymousUser" in line or "is_anonymous" in line


def test_no_page_no_document_and_no_translation_says_the_word():
    assert [line for folder in PROMISES for line in found(folder) if not is_code(line)] == []


def test_lessons_say_it_of_people_in_stories_only():
    assert [line for line in found("curriculum") if OF_A_SEAT.search(line)] == []


def test_the_word_is_found_where_it_is_planted():
    assert WORD.search("Un siège anonyme")
    assert WORD.search("ANONYMOUS seat")
    assert OF_A_SEAT.search("Your seat is anonymous")


def test_the_pack_of_the_data_protection_officer_is_whole_in_both_languages():
    folder = settings.BASE_DIR / "docs" / "privacy"
    names = {path.name.split(".")[0] for path in folder.glob("*.md")}
    assert names == {
        "breach-notice", "certificate-of-deletion", "dpia", "notices", "paper-list", "processor-agreement", "register",
        "requests",
    }  # fmt: skip
    for name in names:
        french, english = (folder.joinpath(f"{name}.{language}.md").read_text() for language in ("fr", "en"))
        assert french.count("\n## ") == english.count("\n## "), name
        assert french.count("\n|") == english.count("\n|"), name
        assert french.count("[") == english.count("["), name
