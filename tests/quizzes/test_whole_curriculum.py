"""The real curriculum on its pages, in both languages: every step is shown, every scenario played to every ending."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core.management import call_command
from django.utils.translation import override

from lessons.models import Module, Step
from tests.factories.accounts import make_teacher

pytestmark = pytest.mark.django_db
LANGUAGES = ["fr", "en"]


@pytest.fixture
def staff(client):
    call_command("load_curriculum", verbosity=0)
    client.force_login(make_teacher())
    return client


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


def steps_of_all() -> Iterator[Step]:
    return Step.objects.select_related("module").order_by("module__slug", "position").iterator()


def letters(text: str) -> str:
    """Text as a reader sees it, without marks and without any space: a word may be a link in the page."""
    return re.sub(r"<[^>]+>|[*_>`\s-]", "", unescape(re.sub(r"<[^>]+>", "", text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_shows_its_words_and_its_calm_activity(staff, language):
    shown = 0
    for step in steps_of_all():
        answer = staff.get(f"/{language}/staff/catalogue/{step.module.slug}/steps/{step.position}/")
        assert answer.status_code == 200, step
        page = letters(answer.content.decode())
        with override(language):
            for text in (step.title, step.body, step.neutral_title or "", step.neutral_body or ""):
                for line in re.sub(r"(?m)^\s*(?:\d+\.|[-*])\s+", "", text).split("\n"):
                    assert letters(line) in page, f"{step.module.slug}/{step.slug}: {line[:80]}"
        shown += 1
    assert shown > 180


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scenario_is_played_to_every_ending_and_each_leads_to_help(staff, language):
    played = endings = 0
    for step in Step.objects.filter(kind="scenario").select_related("module"):
        page = staff.get(f"/{language}/staff/catalogue/{step.module.slug}/steps/{step.position}/").content.decode()
        scenes = Scenes(page)
        assert scenes.reached() == set(scenes.links), f"{step.module.slug}: a scene that nobody can reach"
        for scene in step.scenes.filter(is_ending=True):
            hrefs = scenes.links[f"scene-{scene.slug}"]
            assert any("/help/" in href for href in hrefs), f"{step.module.slug}/{scene.slug}: an end without help"
            endings += 1
        assert step.scenes.filter(is_ending=True).count() >= 3 or step.module.band == "staff"
        assert step.scenes.count() >= 8
        played += 1
    pupils = Module.objects.exclude(band="staff")
    assert played >= pupils.count() == 22
    assert endings > 60
