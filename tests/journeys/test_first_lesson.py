"""From the invitation in a teacher's letter-box to a class that is taught: in seconds and in clicks.

On the real curriculum, with thirty seats, by somebody who has never seen the software.
"""

import time

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import Classroom
from accounts.operations import invite
from lessons.models import Module
from tests.factories.accounts import SchoolFactory
from tests.journeys.conftest import DESKTOP, PHONE, Trouble, sit_down, violations

AIM_CLICKS, AIM_SECONDS = 12, 300
PASSWORD = "a short sentence is easy"
PAUSE_TO_READ = 8  # seconds that a person needs on each new page, added to what the machine took


class Counted:
    """A page on which each click is counted; typing is not."""

    def __init__(self, page):
        self.page, self.clicks, self.pages, self.started = page, 0, 0, time.monotonic()
        page.set_default_timeout(10_000)

    def click(self, name, role="button"):
        self.clicks += 1
        self.pages += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()

    @property
    def seconds(self):
        return time.monotonic() - self.started


@pytest.fixture
def invitation(transactional_db):
    call_command("load_curriculum", verbosity=0)
    school = SchoolFactory(language="en")
    _invitation, token = invite(school=school, email="new@example.org", role="TEACHER", actor=None)
    return token


def join(counted, origin, token):
    """The link of the letter, a name and a password."""
    page = counted.page
    page.goto(f"{origin}/en/staff/join/{token}/")
    page.fill("[name=name]", "Noor")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    counted.click("Join")


def prepare(counted, module):
    """A class of thirty, its cards, a module, and open."""
    page = counted.page
    counted.click("New class", role="link")
    page.fill("[name=label]", "Year 8 blue")
    page.fill("[name=age_of_youngest]", "12")
    page.fill("[name=seat_count]", "30")
    counted.click("Make the class")
    counted.click("Print the cards", role="link")
    assert page.locator(".seat-card").count() == 30
    counted.click("Year 8 blue", role="link")
    counted.click("Modules of the class", role="link")
    counted.click("Adopt this plan")
    assert page.get_by_role("link", name=module.title_en, exact=True).is_visible()
    counted.click("Open the class")


def test_an_invited_teacher_teaches_a_first_lesson(browser, live_server, invitation, capsys):
    page = browser.new_context(viewport=DESKTOP, locale="en-GB").new_page()
    trouble = Trouble(page, live_server.url)
    counted = Counted(page)
    module = Module.objects.filter(band="12-14", is_sensitive=False).order_by("position").first()
    join(counted, live_server.url, invitation)
    prepare(counted, module)
    assert page.url.endswith("/now/")
    assert "0 of 30 sit here" in page.content()
    seat = Classroom.objects.get().seats.in_order()[0]
    pupil = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    sit_down(pupil, live_server.url, seat)
    pupil.get_by_role("link", name=module.title_en, exact=True).click()
    assert pupil.get_by_role("link", name="Start", exact=True).is_visible()
    page.wait_for_selector("text=1 of 30 sit here", timeout=5000)
    seconds = counted.seconds
    with capsys.disabled():
        print(f"\nA first lesson: {counted.clicks} clicks, {seconds:.1f} s of machine on {counted.pages} pages")
    assert counted.clicks <= AIM_CLICKS
    assert seconds + counted.pages * PAUSE_TO_READ < AIM_SECONDS
    assert mail.outbox == []
    assert trouble.found == []
    for context in (page.context, pupil.context):
        context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_on_the_way_are_accessible(browser, live_server, invitation, viewport):
    page = browser.new_context(viewport=viewport, locale="en-GB").new_page()
    counted = Counted(page)
    join(counted, live_server.url, invitation)
    prepare(counted, Module.objects.filter(band="12-14", is_sensitive=False).order_by("position").first())
    classroom = Classroom.objects.get()
    module = classroom.assignments.first().module
    where = f"{live_server.url}/en/staff/classes/{classroom.pk}"
    addresses = [
        f"{where}/", f"{where}/modules/", f"{where}/now/", f"{where}/now/vote/", f"{where}/absent/", f"{where}/groups/",
        f"{where}/took-part/{module.slug}/", f"{where}/copy/", f"{live_server.url}/en/staff/classes/new/several/",
        f"{live_server.url}/en/staff/year-end/several/",
        f"{live_server.url}/en/staff/assigned/{classroom.assignments.first().pk}/seats/",
        f"{live_server.url}/en/staff/catalogue/{module.slug}/lesson/?classroom={classroom.pk}",
    ]  # fmt: skip
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page) == [], address
    page.context.close()
