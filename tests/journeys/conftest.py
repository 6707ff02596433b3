"""A real browser, on the pages of a class with one module that is not sensitive and one that is."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.queries import card_of
from tests.conftest import CHROMIUM
from tests.factories.accounts import ClassroomFactory
from tests.factories.lessons import GlossaryTermFactory, HelplineFactory, make_assigned_with_glossary, make_scenario
from tests.factories.quizzes import make_quizzes

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/journeys" in str(item.path):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": PHONE, "locale": "en-GB"}


SAY_WHAT_IS_BROKEN = """addEventListener("securitypolicyviolation", (broken) => console.error(
  `policy broken: ${broken.effectiveDirective} ${broken.blockedURI} ${broken.sourceFile} ${broken.sample}`));"""


class Watched:
    """A browser of which every page, in whatever context, tells what of the content security policy it broke."""

    def __init__(self, browser):
        self._browser, self.broken, self._opened = browser, [], []

    def __getattr__(self, name):
        return getattr(self._browser, name)

    def new_context(self, **options):
        context = self._browser.new_context(**options)
        context.add_init_script(SAY_WHAT_IS_BROKEN)
        context.on("console", self._hear)
        context.on("close", lambda closed: self._opened.remove(context))
        self._opened.append(context)
        return context

    def new_page(self, **options):
        return self.new_context(**options).new_page()

    def leave(self):
        """Closes what a test opened and left: its pages would go on asking while the next test runs."""
        for context in list(self._opened):
            context.close()

    def _hear(self, line):
        if line.text.startswith("policy broken") or "Content Security Policy" in line.text:
            self.broken.append(line.text)


@pytest.fixture(scope="session")
def browser(browser):
    return Watched(browser)


@pytest.fixture(autouse=True)
def _no_policy_is_broken(browser):
    browser.broken.clear()
    yield
    browser.leave()
    assert browser.broken == []


@pytest.fixture
def classroom(transactional_db):
    HelplineFactory(), HelplineFactory(territory="ANY", is_emergency=True)
    return ClassroomFactory(is_open=True, form="A", age_of_youngest=12)


@pytest.fixture
def module(classroom):
    """Three steps, the second a scenario; a word to explain; a quiz."""
    term = GlossaryTermFactory(term_en="harbour", definition_en="A place where boats are safe.")
    module = make_assigned_with_glossary(classroom, term, title_en="The quiet harbour")
    first = module.steps.get(position=1)
    first.body_en = "A harbour is calm. Boats rest there.\n\nYou can *ask* for help. Somebody listens."
    first.save()
    make_scenario(module.steps.get(position=2))
    make_quizzes(module)
    return module


@pytest.fixture
def sensitive(classroom):
    module = make_assigned_with_glossary(classroom, title_en="The lighthouse", is_sensitive=True)
    make_quizzes(module)
    return module


@pytest.fixture
def seat(classroom):
    return classroom.seats.in_order()[0]


class Trouble:
    """What a page should never do: write to the console, or ask another origin."""

    def __init__(self, page, origin):
        self.found = []
        page.on("console", lambda line: line.type == "error" and self.found.append(line.text))
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("request", lambda request: self._asks(request.url, origin))

    def _asks(self, url, origin):
        if not url.startswith((origin, "blob:", "data:", "about:")):
            self.found.append(url)


def sit_down(page, origin, seat, language="en"):
    page.goto(f"{origin}/{language}/card/#{card_of(seat).token}")
    page.wait_for_url(f"**/{language}/me/")


def violations(page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [f"{one['id']}: {node['html'][:140]}" for one in found for node in one["nodes"]]


@pytest.fixture
def pupil(page, live_server, seat):
    """A page on which this seat sits, and nothing went wrong at the end."""
    trouble = Trouble(page, live_server.url)
    sit_down(page, live_server.url, seat)
    page.origin = live_server.url
    yield page
    assert trouble.found == []
