"""Words that authors, schools and files bring in: as markup, as templates, as formulas, as YAML, as patterns."""

import ast
import csv
import importlib
import io
import pkgutil
import re
import shutil
import time
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.urls import get_resolver
from pydantic import TypeAdapter, ValidationError

from lessons.linting import CurriculumError, read
from lessons.models import Module, Topic
from lessons.schemas import Contact, HelplineEntry, Topics
from lessons.templatetags.prose import prose
from progress.views.reports import _csv
from tests.attacks.volume import some
from tests.attacks.walking import Page, places
from tests.test_access import every_row
from tests.world import ROLES

OURS = ("accounts", "lessons", "quizzes", "progress", "privacy")
MARK = """"'><xss onload=alert(1)><script>alert(1)</script><svg/onload=alert(1)>{{7*7191}}{% now "Y" %}${7*7191}"""
LINKS = "[a](javascript:alert(1)) ![b](https://evil.example/x.png) <javascript:alert(1)> <https://evil.example>"
KEYS = re.compile(
    r"slug|code|hash|digest|key|kind|band|place|thing|who|url|revision|pair|path|phone|email|password|session|^source$"
)

CODES = ("picture", "languages")  # JSON whose words are chosen from lists, which the schema holds
SHORTEST = 12  # characters; what is shorter is the code of a country or a language


def text_fields(model) -> list[str]:
    """Columns that people fill with words: no keys, no choices."""
    kinds = (models.CharField, models.TextField)
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, kinds)
        and not (field.choices or field.unique or KEYS.search(field.name))
        and (field.max_length or SHORTEST) >= SHORTEST
    ]


def spoil(value, words: str):
    """A JSON value with its words replaced."""
    if isinstance(value, dict):
        return {name: one if KEYS.search(name) else spoil(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [spoil(one, words) for one in value]
    return words if isinstance(value, str) else value


def plant(words: str) -> int:
    """Puts the words into every text of the database that somebody writes; says into how many columns.

    The words come first, as a spreadsheet looks at what is first; the end of the key keeps names apart.
    """
    count = 0
    for model in (model for model in apps.get_models() if model._meta.app_label in OURS):
        for row in model._base_manager.all():
            changes = {}
            for name in text_fields(model):
                longest = model._meta.get_field(name).max_length or 5000
                changes[name] = words[: longest - 4] + f"{row.pk}"[-4:]
            for field in model._meta.local_concrete_fields:
                if (
                    isinstance(field, models.JSONField)
                    and not KEYS.search(field.name)
                    and field.name not in ("picture", "languages")
                ):
                    changes[field.name] = spoil(getattr(row, field.name), words)
            if changes:
                model._base_manager.filter(pk=row.pk).update(**changes)
                count += len(changes)
    return count


def harm_in(text: str) -> list[str]:
    found = ["50337"] * ("50337" in text)  # 7 × 7191: a template was evaluated
    for tag, attributes in Page(text).tags:
        if tag in {"xss", "iframe", "object", "embed", "base"}:
            found.append(tag)
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            found.append("script")
        found += [name for name in attributes if name.startswith("on")]
        addresses = [(attributes.get(name) or "").strip().lower() for name in ("href", "src", "action", "formaction")]
        found += [one for one in addresses if re.match(r"javascript:|data:|vbscript:|(https?:)?//evil\.", one)]
    return found


@pytest.mark.parametrize("words", some([f"{LINKS} {MARK}"], [MARK, f"{LINKS} {MARK}"]))
def test_cwe_79_and_1336_words_are_shown_as_words_on_every_page(world, words):
    """Stored XSS and template injection, through every column that somebody fills. H5P's and Moodle's most frequent:
    CVE-2021-47857 in a title, CVE-2024-43437 through a restored file."""
    addresses, clients = places(world), world.clients
    assert plant(words) > 60
    harm, shown = {}, 0
    for role in some(("visitor", "pupil", "administrator", "teacher"), ROLES):
        for view, place in addresses.items():
            answer = clients[role].get(place)
            text = answer.content.decode()
            if answer.headers.get("Content-Type", "").startswith("text/html") and (found := harm_in(text)):
                harm[role, view] = found
            shown += "&lt;xss" in text or "&lt;script" in text
    assert harm == {}
    assert shown > 20, "the words were not on the pages: the test looks at nothing"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd"])
def test_cwe_79_an_address_of_a_file_is_one_of_the_web(address):
    with pytest.raises(ValidationError):
        TypeAdapter(HelplineEntry.model_fields["source"].annotation).validate_python(address)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("web", "javascript:alert(1)"),
        ("web", "http://evil.example"),
        ("web", 'https://a.example/"onclick="x'),
        ("chat", "data:text/html,x"),
        ("phone", "119;phone-context=evil"),
        ("sms", "114?body=x"),
        ("app", "<b>3018</b>"),
    ],
)
def test_cwe_20_a_help_service_leads_to_a_person_or_is_refused(kind, value):
    """An author's slip here costs a child the help: the number or address is checked where the file is read."""
    with pytest.raises(ValidationError):
        TypeAdapter(Contact).validate_python({"kind": kind, "value": value})


def test_cwe_20_a_language_that_nobody_knows_is_refused_before_a_page_names_it():
    """It made the help page fail, of all pages."""
    kind = HelplineEntry.model_fields["languages"].annotation
    assert TypeAdapter(kind).validate_python(["fr", "pt-br"])
    for code in ("xx", "", "<script>", "FR"):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python([code])


def test_the_search_for_harm_finds_it():
    assert harm_in(MARK)
    assert harm_in('<a href=" javascript:alert(1)">') == ["javascript:alert(1)"]
    assert harm_in('<img src="//evil.example/x.png">')
    assert harm_in("50337")
    assert harm_in("<p>calm</p>") == []


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "＝", "＋", "－", "＠", "\u00a0=", "|", "%"]
)
def test_cwe_1236_no_cell_and_no_heading_is_a_formula(start):
    """A spreadsheet runs what begins like a formula; quotes and new lines try to break out of a cell."""
    cell = f'{start}HYPERLINK("https://evil.example";"x")'
    text = _csv("x", [(cell, "plain"), ("plain", cell), (f'a";{cell}', "b\n" + cell)]).content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [len(row) for row in rows] == [2, 2, 2]
    for one in (one for row in rows for one in row):
        assert not re.match(r"[\s\u00a0]*[=+\-@＝＋－＠]", one), one


@pytest.mark.django_db
def test_cwe_1236_the_files_of_a_class_and_of_a_school_hold_no_formula(world):
    plant("=cmd|'/c calc'!A1")
    type(world.school).objects.update(name="=1+1")
    Module.objects.update(title_en="@SUM(1)", title_fr="@SUM(1)")
    teacher, office = world.clients["teacher"], world.clients["administrator"]
    for client, path in (
        (teacher, f"/en/staff/classes/{world.classroom.pk}/report/{world.module.slug}/table.csv"),
        (office, "/en/staff/figures/table.csv"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        rows = csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff")), delimiter=";")
        assert [one for row in rows for one in row if one.lstrip()[:1] in tuple("=+-@")] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cwe_502_python_tag", "topics: !!python/object/apply:os.system ['touch /tmp/balise-owned']"),
        ("cwe_502_new_tag", "topics: !!python/name:os.system"),
        ("cwe_502_own_tag", "topics: !x 1"),
        ("cwe_776_aliases", "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\ntopics: [*c,*c,*c,*c]"),
        ("cwe_674_depth", "topics: " + "[" * 5000),
        ("cwe_400_parts", "topics: [" + "1," * 300_000 + "]"),
        ("merge_key", "a: &a {x: 1}\ntopics:\n  - <<: *a"),
        ("twice", "topics: []\ntopics: []"),
        ("nul", "topics: \x00"),
        ("latin", "topics: caf\udce9"),
        ("several_documents", "topics: []\n---\ntopics: []"),
    ],
)
def test_yaml_tricks_are_refused_before_anything_is_built(tmp_path, name, text):
    file = tmp_path / "topics.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    start = time.process_time()
    with pytest.raises(CurriculumError):
        read(file, Topics, root=tmp_path)
    assert time.process_time() - start < 0.5


@pytest.fixture
def pack(tmp_path):
    """The curriculum with two modules, for changing."""
    root = tmp_path / "curriculum"
    names = sorted(path.name for path in (settings.CURRICULUM_DIR / "modules").iterdir())[:2]
    root.mkdir()
    for file in settings.CURRICULUM_DIR.glob("*.yaml"):
        shutil.copy(file, root)
    for name in names:
        shutil.copytree(settings.CURRICULUM_DIR / "modules" / name, root / "modules" / name)
    return root


@pytest.mark.django_db
def test_cwe_59_and_22_a_pack_reads_no_file_outside_itself(pack, tmp_path):
    """Moodle's CVE-2022-35650 and CVE-2023-28330: an imported file read any other. Links, and slugs that climb."""
    before = every_row()
    secret = tmp_path / "secret.yaml"
    secret.write_text("topics: []")
    module = next((pack / "modules").iterdir())
    (pack / "topics.yaml").unlink()
    (pack / "topics.yaml").symlink_to(secret)
    with pytest.raises(CommandError, match="outside"):
        call_command("load_curriculum", path=pack, verbosity=0)
    (pack / "topics.yaml").unlink()
    shutil.copy(settings.CURRICULUM_DIR / "topics.yaml", pack)
    outside = tmp_path / "elsewhere"
    shutil.move(module, outside)
    module.symlink_to(outside)
    with pytest.raises(CommandError, match="outside"):
        call_command("load_curriculum", path=pack, verbosity=0)
    module.unlink()
    shutil.move(outside, module)
    file = module / "module.yaml"
    file.write_text(re.sub(r"^slug: .*$", "slug: ../../etc/passwd", file.read_text(), flags=re.MULTILINE))
    with pytest.raises(CommandError):
        call_command("load_curriculum", path=pack, verbosity=0)
    assert every_row() == before
    assert not Topic.objects.exists()


@pytest.mark.django_db
def test_cve_2022_28346_and_2025_64459_no_name_of_a_parameter_reaches_a_query(world):
    """Django's own holes were dictionaries of the request given to filter(), annotate() or order_by()."""
    names = [
        "order_by", "ordering", "sort", "filter", "q", "of", "period", "classroom", "territory", "band", "page",
        "school", "_connector", "_negated", "seat__pk", "school__users__password__startswith",
        "x'; DROP TABLE accounts_seat;--",
    ]  # fmt: skip
    values = [
        "' OR 1=1--",
        "password",
        "-password",
        "?",
        "1) UNION SELECT password FROM accounts_user--",
        "\x00",
        "9" * 400,
    ]
    addresses, broken = places(world), {}
    for role in some(("pupil", "teacher"), ("visitor", "pupil", "teacher", "administrator", "authority")):
        for view, place in addresses.items():
            for value in some(values[::4], values):
                answer = world.clients[role].get(place, dict.fromkeys(names, value))
                if answer.status_code >= 500:
                    broken[role, view, value] = answer.status_code
    assert broken == {}
    assert connection.introspection.table_names()


def patterns() -> dict[str, re.Pattern]:
    """Every pattern that a module of ours keeps, and every one of an address."""
    found = {}
    for app in (*OURS, "config"):
        package = importlib.import_module(app)
        for info in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" in info.name or info.name in ("config.wsgi", "config.asgi"):
                continue
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    found[f"{info.name}.{name}"] = value
    waiting = [get_resolver()]
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "url_patterns", [])
        if hasattr(one.pattern, "regex"):
            found[f"address {one.pattern}"] = one.pattern.regex
    return found


def written() -> dict[str, re.Pattern]:
    """Every pattern that stands in our code, wherever it stands: arguments of `re`, `pattern=` and `regex=`."""
    found = {}
    for file in (file for app in (*OURS, "config") for file in (settings.BASE_DIR / app).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            texts = [keyword.value for keyword in node.keywords if keyword.arg in ("pattern", "regex")]
            if ast.unparse(node.func).startswith("re."):
                texts += node.args[:1]
            for text in texts:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found[f"{file.relative_to(settings.BASE_DIR)}:{node.lineno}"] = re.compile(text.value)
    return found


HOSTILE = ["a" * 50_000, "a-" * 25_000, " " * 50_000 + "!", "<" * 50_000, "((" * 25_000, "1." * 25_000 + "x",
           "é’" * 25_000, "\n" * 50_000, "a, " * 16_000, "**a" * 16_000, "_a_" * 16_000, "[a](" * 12_000,
           "/a" * 25_000]  # fmt: skip
FOR_AUTHORS = ("lessons.linting", "quizzes.linting")
"""They read files of the curriculum on an author's machine, at most `LARGEST_FILE` long: no request reaches them."""


def seconds_of(pattern: re.Pattern, text: str) -> float:
    start = time.process_time()
    pattern.search(text if isinstance(pattern.pattern, str) else text.encode())
    return time.process_time() - start


def slow_ones(found: dict[str, re.Pattern]) -> set:
    """Slow three times: one time may be the memory's cleaning up after other tests."""
    every = product(found.items(), HOSTILE)
    return {(name, text[:4]) for (name, one), text in every if all(seconds_of(one, text) > 0.05 for _time in range(3))}


def test_cwe_1333_no_pattern_of_a_request_is_slow_on_hostile_text():
    found = {name: one for name, one in patterns().items() if not name.startswith(FOR_AUTHORS)}
    assert len(found) > 60
    assert slow_ones(found) == set()


def test_cwe_1333_no_pattern_that_stands_in_the_code_is_slow_on_hostile_text():
    found = written()
    assert len(found) > 25
    assert slow_ones(found) == set()


def test_a_slow_pattern_is_seen():
    assert slow_ones({"planted": re.compile("(<[^>]+>)")})


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:4]))
def test_cwe_400_hostile_markdown_of_50_kb_takes_less_than_a_second(text):
    start = time.process_time()
    prose.__wrapped__(text)
    assert time.process_time() - start < 1
