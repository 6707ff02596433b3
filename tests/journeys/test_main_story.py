"""The main story in two browsers: a teacher prepares and teaches, two pupils learn, the teacher reads the report.

On the real curriculum, in French and in English.
"""

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from accounts.models import Classroom, Seat
from accounts.queries import card_of
from lessons.models import Module, Reading
from quizzes.models import Attempt, Tally
from tests.factories.accounts import PASSWORD, make_teacher
from tests.journeys.conftest import DESKTOP, PHONE, Trouble, violations

SLUG = "when-a-contact-weighs"
LAST = "[data-final]"
ANSWER_ALL = """() => document.querySelectorAll("fieldset.question").forEach((question) => {
  const input = question.querySelector("input");
  if (input) input.click();
  question.querySelectorAll("select").forEach((select, place) => {
    select.value = select.options[place + 1].value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
})"""


@pytest.fixture
def teacher(transactional_db):
    call_command("load_curriculum", verbosity=0)
    return make_teacher(email="teacher@example.org", ready_to_teach_on=timezone.localdate())


class Stage:
    """A browser of its own for each person on it."""

    def __init__(self, browser, origin, language):
        self.browser, self.origin, self.language, self.troubles = browser, origin, language, []

    def enter(self, viewport):
        locale = {"fr": "fr-FR", "en": "en-GB"}[self.language]
        page = self.browser.new_context(viewport=viewport, locale=locale).new_page()
        self.troubles.append(Trouble(page, self.origin))
        return page

    def url(self, path):
        return f"{self.origin}/{self.language}/{path}"

    def is_clean(self):
        return all(trouble.found == [] for trouble in self.troubles)


def prepare(stage, page):
    """From the sign-in page to an open class: what a teacher does who has never seen the software."""
    page.goto(stage.url("staff/account/login/"))
    page.fill("[name=login]", "teacher@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/classes/")
    page.click("main a[href$='/classes/new/'] >> nth=0")
    page.fill("[name=label]", "5e B")
    page.fill("[name=age_of_youngest]", "13")
    page.fill("[name=seat_count]", "2")
    page.click("main button[type=submit]")
    classroom = Classroom.objects.get()
    page.wait_for_url(f"**/{classroom.pk}/")
    page.click("a[href$='/cards/']")
    assert page.locator(".seat-card").count() == 2
    assert page.locator(".seat-card__qr svg").count() == 2
    page.goto(stage.url(f"staff/catalogue/?classroom={classroom.pk}"))
    page.click(f"a[href*='/catalogue/{SLUG}/']")
    assert page.locator(".timeline li").count() >= 3
    page.click("#assign button.btn-primary")
    page.wait_for_url(f"**/{classroom.pk}/**")
    page.goto(stage.url(f"staff/classes/{classroom.pk}/"))
    page.click("form[action$='/open/'] button")
    page.wait_for_load_state()
    return Classroom.objects.get()


def sit_by_pictures(stage, page, classroom, seat):
    page.goto(stage.url("sit/"))
    page.fill("[name=code]", classroom.code)
    page.locator(f"[name=animal][value={seat.animal}]").check(force=True)
    page.locator(f"[name=colour][value={seat.colour}]").check(force=True)
    for picture in card_of(seat).pictures:
        page.locator("[data-picture-pad] > .pad__keys > button").nth(int(picture)).click()
    page.click("button[form=sit-form]")
    page.wait_for_url("**/me/")


def page_through(page):
    """One question a screen, up to the last button, and that one. Scripts have run once the page is loaded."""
    page.wait_for_load_state()
    while not page.locator(LAST).is_visible():
        page.locator("[data-next]").click()
    page.click(LAST)


def hand_in(page):
    page.wait_for_selector("#quiz-form")
    page.wait_for_load_state()
    page.evaluate(ANSWER_ALL)
    page_through(page)


def play_to_an_ending(page):
    """Takes the first reply of every scene until a scene has none."""
    for _scene in range(30):
        choice = page.locator("[id^=scene-] .choices a:visible").first
        if not choice.is_visible():
            break
        choice.click()
        page.locator("[id^=reply-] a.btn-primary[href^='#scene-']:visible").first.click()
    assert page.locator("[id^=scene-] a[href*='/help/']:visible").count() >= 1, "an ending leads to help"


def read_steps(page, up_to=None):
    """Reads on until the questions, or for so many steps; plays the scenario on the way."""
    done = played = 0
    while "/questions/" not in page.url and (up_to is None or done < up_to):
        if page.locator("[id^=scene-]").count() > 6:  # a scenario: a check has one scene
            play_to_an_ending(page)
            played += 1
        page.locator("form.bar__form button").last.click()
        page.wait_for_load_state()
        done += 1
    assert played or up_to, "the scenario was met"


def learn_to_the_end(stage, seat):
    """A pupil with a card: questions, steps, questions, explanations."""
    phone = stage.enter(PHONE)
    phone.goto(stage.url(f"card/#{card_of(seat).token}"))
    phone.wait_for_url("**/me/")
    assert "#" not in phone.url
    phone.click(f"a[href$='/me/{SLUG}/']")
    phone.click("a.btn-primary[href$='/questions/before/']")
    hand_in(phone)
    phone.wait_for_url(f"**/{SLUG}/1/")
    read_steps(phone)
    assert phone.url.endswith("/questions/after/")
    hand_in(phone)
    phone.wait_for_selector("#handed-in")
    assert phone.locator(".answer").count() == 8
    assert violations(phone) == []
    page_through(phone)
    phone.wait_for_url("**/end/")
    return phone


def pass_and_resume_elsewhere(stage, classroom, seat):
    """A pupil with code and pictures, who passes the questions and goes on on another device."""
    tablet = stage.enter(PHONE)
    sit_by_pictures(stage, tablet, classroom, seat)
    tablet.goto(stage.url(f"me/{SLUG}/questions/before/"))
    tablet.click("[name=pass]")
    tablet.wait_for_url(f"**/{SLUG}/1/")
    read_steps(tablet, up_to=2)
    elsewhere = stage.enter(PHONE)
    sit_by_pictures(stage, elsewhere, classroom, seat)
    elsewhere.goto(stage.url(f"me/{SLUG}/"))
    elsewhere.click(".bar a.btn-primary")
    elsewhere.wait_for_url(f"**/{SLUG}/3/")
    return elsewhere


def follow_close_and_read(stage, desk, classroom, phone, elsewhere, names):
    """The teacher sees who is where, closes the class and reads the report; pupils leave."""
    desk.goto(stage.url(f"staff/classes/{classroom.pk}/now/"))
    desk.wait_for_selector(".tile--done")
    assert desk.locator(".tile--done").count() == 1
    assert desk.locator(".tile--seated").count() == 1
    phone.locator("form[action$='/stand-up/'] button.btn-primary").click()
    phone.wait_for_url("**/bye/")
    phone.go_back()
    phone.wait_for_load_state()
    assert names[0] not in phone.content(), "nothing can be read after leaving"
    desk.locator("form[action$='/close/'] button").first.click()
    desk.wait_for_load_state()
    elsewhere.goto(stage.url("me/"))
    assert elsewhere.url.endswith("/sit/?ended"), "a neutral sentence says that the lesson is over"
    assert elsewhere.locator(".alert[role=status]").is_visible()
    desk.goto(stage.url(f"staff/classes/{classroom.pk}/report/{SLUG}/"))
    assert desk.locator("h1").count() == 1
    assert violations(desk) == []
    assert names[1] in desk.content()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_class_is_prepared_taught_and_read(browser, live_server, teacher, language):
    stage = Stage(browser, live_server.url, language)
    desk = stage.enter(DESKTOP)
    classroom = prepare(stage, desk)
    first, second = Seat.objects.order_by("position")
    with translation.override(language):
        names = [first.handle, second.handle]

    phone = learn_to_the_end(stage, first)
    elsewhere = pass_and_resume_elsewhere(stage, classroom, second)
    follow_close_and_read(stage, desk, classroom, phone, elsewhere, names)

    module = Module.objects.get(slug=SLUG)
    assert Reading.objects.get(seat=first, module=module).done_on is not None
    assert Attempt.objects.filter(is_submitted=True, responses="").count() == 3
    assert set(Tally.objects.filter(item="").values_list("running", "published")) == {(1, 0)}
    assert stage.is_clean(), [trouble.found for trouble in stage.troubles]
