"""The table of docs/security.md against OWASP ASVS 5.0: complete, and each test that it names is there."""

import re
from collections import Counter

import pytest
from django.conf import settings

PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
OF_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16}
"""Requirements of levels 1 and 2 in ASVS 5.0.0, but for V9, V10 and V17."""
ANSWERS = ("`", "Reviewed", "Written", "Not applicable", "In part", "Not met", "The operator")


def test_each_of_the_210_requirements_stands_there_once():
    ids = [one for one, *_rest in ROWS]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    assert Counter(int(one[1:].split(".")[0]) for one in ids) == OF_CHAPTER
    assert len(ids) == sum(OF_CHAPTER.values()) == 210
    assert ids == sorted(ids, key=lambda one: [int(part) for part in one[1:].split(".")])
    assert all(what.strip() and how.startswith(ANSWERS) for _id, _level, what, how in ROWS)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`((?:tests|benchmarks)/[^`]+)`", PAGE))))
def test_what_the_page_names_is_there(named):
    path, _colons, name = named.partition("::")
    file = settings.BASE_DIR / path
    assert file.exists(), named
    if name:
        assert re.search(rf"(def|class) {name}\b", file.read_text("utf-8")), named


@pytest.mark.parametrize("heading", re.findall(r"\]\(#([\w-]+)\)", PAGE))
def test_links_inside_the_page_lead_to_a_heading(heading):
    headings = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)$", PAGE, re.M)}
    assert heading in headings
