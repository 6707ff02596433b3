"""What the files of the repository say about themselves and about the machine."""

import re
import subprocess

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
THIS = "tests/test_project_files.py"
NOT_OURS = {
    "a folder of one machine": re.compile(r"(?<![\w.])/(?:root|home|Users|work)/[\w.]"),
    "a package registry's address": re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|proxy\.golang|crates\.io|deb\.debian\.org|index-url",
        re.IGNORECASE,
    ),
    "another origin in a page": re.compile(r"googleapis|gstatic|jsdelivr|unpkg|cdnjs", re.IGNORECASE),
    "how the text was made": re.compile(
        r"\b(?:language model|chatgpt|copilot|claude|anthropic|openai|as an ai|sub-?agent)\b", re.IGNORECASE
    ),
    "work left in the text": re.compile(r"\b(?:TODO|FIXME|XXX|lorem ipsum)\b"),
}
TEXT = (".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".yaml", ".yml", ".po", ".sh", ".service", ".timer", "")


def tracked() -> list[str]:
    """Files that git knows; in a copy without git, all of them."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() if done.returncode == 0 else []
    return [name for name in names if (ROOT / name).is_file()]


@pytest.mark.parametrize("what", NOT_OURS)
def test_no_file_speaks_of(what):
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in tracked()
        if name != THIS and (ROOT / name).suffix in TEXT
        for number, line in enumerate((ROOT / name).read_text(errors="replace").splitlines(), 1)
        if NOT_OURS[what].search(line)
    ]
    # Lessons for staff and older pupils may name products that children meet.
    found = [line for line in found if not (what == "how the text was made" and line.startswith("curriculum/"))]
    assert not found, "\n".join(found[:30])


def test_no_secret_and_no_database_is_tracked():
    forbidden = re.compile(r"(^|/)(var|\.venv)/|\.sqlite3|\.mo$|\.pyc$|secret_key$|peppers$")
    assert [name for name in tracked() if forbidden.search(name)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_says_why(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith(("#", "-r"))]
    assert [line for line in lines if not re.fullmatch(r"[\w.\[\],-]+[^#]*\s#\s\S.+", line)] == []


def test_the_commands_of_the_documents_exist():
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py") if not path.name.startswith("_")} | {
        "check",
        "migrate",
        "showmigrations",
        "makemigrations",
        "createsuperuser",
        "shell",
        "collectstatic",
        "changepassword",
    }
    faults = []
    for file in [*DOCS, ROOT / "Makefile"]:
        text = file.read_text()
        faults += [f"{file.name}: make {t}" for t in re.findall(r"`make ([a-z][\w-]*)", text) if t not in targets]
        faults += [f"{file.name}: {c}" for c in re.findall(r"manage\.py ([a-z]\w*)", text) if c not in commands]
    assert faults == []


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{file.name}: {target}"
        for file in DOCS
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text())
        if not target.startswith(("http", "mailto:")) and not (file.parent / target).exists()
    ]
    assert broken == []


def test_every_variable_of_the_settings_is_explained():
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "config/settings.py").read_text()))
    read |= {"SECRET_KEY", "BALISE_PEPPERS", "BALISE_LEDGER_KEY"}
    told = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))
    assert read == told
