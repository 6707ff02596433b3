"""A pupil and a teacher open every page of every module of the real curriculum, in both languages.

Every text of the database has to stand on its page, and what a story's page links to is held against its rows: played
from its beginning, each reply read, to each of its endings, with help at every one. A thousand pages in 20 seconds.
"""

import datetime
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from accounts.enums import Band
from accounts.models import Seat
from lessons.models import Module, Reading, Step
from lessons.operations import assign_modules
from lessons.schemas import LAST_AGE
from lessons.templatetags.prose import prose
from quizzes.models import Question
from tests.factories.accounts import ClassroomFactory, make_teacher, sit

pytestmark = pytest.mark.django_db
PUPILS = [Band.SIX, Band.NINE, Band.TWELVE, Band.FIFTEEN]
PAPERS = ("worksheet", "easy-read", "letter")


class Scenes(HTMLParser):
    """What a page's scenes link to: the id of each section, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: dict[str, list[str]] = {}
        self.current = self.first = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        classes = (found.get("class") or "").split()
        if tag == "section" and "scene" in classes:
            self.current = found["id"]
            self.links[self.current] = []
            if "scene--first" in classes:
                self.first = self.current
        elif tag == "a" and self.current:
            self.links[self.current].append(found["href"])

    def handle_endtag(self, tag):
        if tag == "section":
            self.current = None

    def reached(self) -> set[str]:
        seen, to_visit = set(), [self.first]
        while to_visit:
            section = to_visit.pop()
            if section not in seen:
                seen.add(section)
                to_visit += [href[1:] for href in self.links[section] if href.startswith("#")]
        return seen


def plain(page: str) -> str:
    """What a reader sees, whatever the marks around it."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", page)))


class Reader:
    """A client that collects what is wrong with a page instead of stopping at the first."""

    def __init__(self, client: Client, language: str) -> None:
        self.client, self.language, self.faults, self.count = client, language, [], 0

    def open(self, where: str, data: dict | None = None) -> str:
        where = f"/{self.language}/{where}"
        answer = self.client.get(where) if data is None else self.client.post(where, data)
        self.where, self.count = where, self.count + 1
        if answer.status_code != 200:
            self.faults.append(f"{where}: {answer.status_code}")
        self.page = answer.content.decode()
        self.seen = plain(self.page)
        return self.page

    def expects(self, *texts: str | None, marked: bool = False) -> None:
        for text in filter(None, texts):
            html = prose(text) if marked else escape(text)
            if html not in self.page and plain(html) not in self.seen:
                self.faults.append(f"{self.where}: without “{text[:90]}”")


def _questions(reader: Reader, module: Module, kind: str, *, explained: bool) -> None:
    for question in Question.objects.current().filter(quiz__module=module, quiz__kind=kind).prefetch_related("choices"):
        reader.expects(question.prompt, None if explained else question.picture_alt)
        for choice in question.choices.all():
            reader.expects(choice.text, choice.partner, choice.speaker, choice.why if explained else None)


def _step(reader: Reader, step: Step) -> None:
    reader.expects(step.title, step.picture_alt, step.neutral_title)
    reader.expects(step.body, step.neutral_body, marked=True)
    scenes = list(step.scenes.prefetch_related("replies"))
    for scene in scenes:
        reader.expects(scene.title, scene.picture_alt)
        reader.expects(scene.text, marked=True)
        for reply in scene.replies.all():
            reader.expects(reply.text)
            reader.expects(reply.feedback, marked=True)
    if scenes:
        reader.faults += [f"{reader.where}: {fault}" for fault in _played(Scenes(reader.page), scenes)]


def _played(page: Scenes, scenes: list) -> Iterator[str]:
    """Plays as a pupil does: from the first scene, each reply read, to each ending; and back to the beginning."""
    places = {f"scene-{scene.slug}" for scene in scenes}
    places |= {f"reply-{scene.slug}-{reply.slug}" for scene in scenes for reply in scene.replies.all()}
    nowhere = {link[1:] for links in page.links.values() for link in links if link.startswith("#")} - set(page.links)
    if nowhere:
        yield f"links to {sorted(nowhere)}, which are not there"
        return
    if places != set(page.links):
        yield f"sections of the page and rows differ: {sorted(places ^ set(page.links))}"
    if lost := places - page.reached():
        yield f"nobody reaches {sorted(lost)}"
    for scene in scenes:
        here = page.links.get(f"scene-{scene.slug}", [])
        replies = [f"#reply-{scene.slug}-{reply.slug}" for reply in scene.replies.all()]
        if not scene.is_ending and here != replies:
            yield f"{scene.slug}: its links are {here}"
        if scene.is_ending and (f"#{page.first}" not in here or not any(link.endswith("/help/") for link in here)):
            yield f"the ending {scene.slug}: no way to help, or none to begin again"
        for reply in scene.replies.all():
            onward = reply.next_scene.slug if reply.next_scene else scene.slug
            if page.links.get(f"reply-{scene.slug}-{reply.slug}") != [f"#scene-{onward}"]:
                yield f"{scene.slug}/{reply.slug}: does not lead on to {onward}"


def _taught(reader: Reader, seat: Seat, module: Module) -> None:
    """A pupil's whole way: start, before, steps, after, end, easy reading, practice, and later."""
    where = f"me/{module.slug}"
    objectives = [objective.text for objective in module.objectives.all()]
    reader.open(f"{where}/")
    reader.expects(module.title, module.summary, *objectives)
    reader.open(f"{where}/questions/before/")
    _questions(reader, module, "A", explained=False)
    reading, _new = Reading.objects.update_or_create(
        school=seat.school, school_year=seat.school_year, seat=seat, module=module, defaults={"furthest_step": 10}
    )
    for step in module.steps.all():
        reader.open(f"{where}/{step.position}/")
        _step(reader, step)
    reading.done_on = timezone.localdate() - datetime.timedelta(days=20)
    reading.save()
    for moment, kind in (("practice", "A"), ("after", "B"), ("later", "BOOSTER")):
        if reader.language == "fr":  # handed in once; in the other language it is read again
            reader.open(f"{where}/questions/{moment}/")
            _questions(reader, module, kind, explained=False)
        reader.open(f"{where}/questions/{moment}/", {"key": str(uuid4()), "pass": "1"})
        _questions(reader, module, kind, explained=True)
    reader.open(f"{where}/end/")
    reader.expects(*objectives)
    reader.expects(module.next_words, module.way_back, marked=True)
    reader.open(f"{where}/easy/")
    reader.expects(module.paper["easy_read"]["title"], *(line["text"] for line in module.paper["easy_read"]["lines"]))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name not in ("thing", "things"):
                yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, str):
        yield part


def _prepared(reader: Reader, module: Module) -> None:
    """A teacher's pages of a module for pupils: plan, papers, questions on paper."""
    where = f"staff/catalogue/{module.slug}"
    reader.open(f"{where}/")
    reader.expects(module.title, module.summary)
    reader.expects(*_texts(module.plan), marked=True)
    for kind in PAPERS:
        reader.open(f"{where}/paper/{kind}/")
        reader.expects(*_texts(module.paper[kind.replace("-", "_")]), marked=True)
    reader.open(f"{where}/paper/story/")
    for step in module.steps.all():
        reader.expects(step.title, *(scene.text for scene in step.scenes.all()), marked=True)
    reader.open(f"{where}/questions/")
    for kind in ("A", "B"):
        _questions(reader, module, kind, explained=True)


def _read_by_staff(reader: Reader, module: Module) -> None:
    where = f"staff/catalogue/{module.slug}"
    reader.open(f"{where}/")
    reader.expects(module.title, module.summary, *(objective.text for objective in module.objectives.all()))
    for step in module.steps.all():
        reader.open(f"{where}/read/{step.position}/")
        _step(reader, step)
    page = reader.open(f"{where}/own-questions/")
    _questions(reader, module, "STAFF", explained=False)
    asked = Question.objects.current().filter(quiz__module=module).prefetch_related("choices")
    data = {"key": re.search(r'name="key" value="([^"]+)"', page)[1]}
    for question in asked:
        names = [question] if question.kind not in ("order", "match") else question.choices.all()
        for place, one in enumerate(names, start=1):
            data[str(one.pk)] = place if question.kind == "order" else question.choices.all()[0].slug
    reader.open(f"{where}/own-questions/", data)
    _questions(reader, module, "STAFF", explained=True)


@pytest.fixture
def teacher():
    call_command("load_curriculum", verbosity=0)
    return make_teacher(ready_to_teach_on=timezone.localdate())


def test_every_page_of_every_module_shows_every_text_in_both_languages(client, teacher):
    client.force_login(teacher)
    faults, pages = [], 0
    for band in PUPILS:
        modules = list(Module.objects.filter(band=band).order_by("position"))
        classroom = ClassroomFactory(teacher=teacher, age_of_youngest=LAST_AGE[band], is_open=True, form="A")
        assign_modules(classroom=classroom, modules=modules)
        for language, seat in zip(("fr", "en"), classroom.seats.in_order(), strict=True):
            reader, staff = Reader(sit(seat), language), Reader(client, language)
            for module in modules:
                with override(language):
                    _taught(reader, seat, module)
                    _prepared(staff, module)
            faults, pages = [*faults, *reader.faults, *staff.faults], pages + reader.count + staff.count
    for language in ("fr", "en"):
        reader = Reader(client, language)
        for module in Module.objects.filter(band=Band.STAFF):
            with override(language):
                _read_by_staff(reader, module)
        faults, pages = [*faults, *reader.faults], pages + reader.count
    assert not faults, "\n".join([f"{len(faults)}:", *faults[:40]])
    assert pages > 1000
    stories = Step.objects.filter(kind="scenario").exclude(module__band=Band.STAFF)
    assert set(stories.values_list("module_id", flat=True)) == {m.pk for m in Module.objects.exclude(band=Band.STAFF)}
