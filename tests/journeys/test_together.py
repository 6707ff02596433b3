"""Taking part without a device, and a kind end."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, teacher_of
from tests.factories.lessons import make_done
from tests.journeys.conftest import DESKTOP, PHONE, Trouble, sit_down, violations
from tests.journeys.test_quick_exit import everything

WALL = {"width": 1920, "height": 1080}


@pytest.fixture(params=[WALL, {"width": 1024, "height": 768}], ids=["a wide wall", "an old projector"])
def desk(browser, live_server, classroom, request):
    """A teacher's page on the wall; nothing went wrong at the end."""
    page = browser.new_context(viewport=request.param, locale="en-GB").new_page()
    trouble = Trouble(page, live_server.url)
    page.goto(f"{live_server.url}/en/staff/account/login/")
    page.fill("[name=login]", teacher_of(classroom).email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/**")
    page.origin = live_server.url
    yield page
    assert trouble.found == []
    page.context.close()


def test_a_class_without_devices_plays_the_story_and_answers_by_hands(desk, module):
    desk.goto(f"{desk.origin}/en/staff/catalogue/{module.slug}/projector/1/")
    before = everything()
    assert desk.get_by_role("heading", name="Title of step 1").is_visible()
    assert desk.get_by_role("heading", level=1).evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 24
    desk.get_by_role("link", name="Continue").click()
    desk.get_by_role("link", name="I wait").click()
    expect(desk.get_by_text("One can begin again.")).to_be_visible()
    desk.get_by_role("link", name="The story goes on").click()
    desk.get_by_role("link", name="I tell somebody").click()
    desk.get_by_role("link", name="The story goes on").click()
    expect(desk.get_by_text("An adult listens")).to_be_visible()
    desk.get_by_role("link", name="Continue").click()
    desk.get_by_role("link", name="The questions, hands up").click()
    assert desk.url.endswith("/projector/questions/")
    desk.wait_for_load_state()
    assert desk.locator(".answer:visible").count() == 1, "one question a screen"
    assert not desk.locator(".answers__row").first.is_visible(), "nothing is given away before the hands are down"
    desk.get_by_text("Hands down: let us look at it together").first.click()
    assert desk.locator(".answers__row--fits:visible").count() >= 1
    assert violations(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert everything() == before, "nothing is counted or kept"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_end_is_kind(browser, live_server, seat, module, viewport):
    make_done(seat, module)
    page = browser.new_context(viewport=viewport, locale="en-GB").new_page()
    trouble = Trouble(page, live_server.url)
    sit_down(page, live_server.url, seat)
    page.goto(f"{live_server.url}/en/me/{module.slug}/end/")
    for heading in ("What I can do now", "Who can help", "And then?"):
        assert page.get_by_role("heading", name=heading).is_visible()
    assert page.locator(".can li").count() == module.objectives.count() > 0
    assert page.get_by_text("a few new questions will wait for you here").is_visible(), "the booster is announced"
    text = page.locator("main").inner_text().lower()
    assert not [word for word in ("point", "score", "rank", "streak", "level", "badge", "%", "best") if word in text]
    page.get_by_role("link", name="A paper to print").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name="Print").is_visible()
    assert page.locator(".certificate input, .certificate textarea").count() == 0, "a name is written by hand"
    assert page.locator(".certificate__line").count() == 2
    page.emulate_media(media="print")
    assert not page.locator(".top, .bar, .foot").first.is_visible()
    assert page.locator(".certificate").bounding_box()["height"] < 1050, "one sheet of A4"
    page.emulate_media(media="screen")
    page.goto(f"{live_server.url}/en/me/{module.slug}/")
    page.get_by_role("link", name="See the steps again").click()
    assert page.url.endswith("/1/")
    assert trouble.found == []
    page.context.close()


def test_the_room_is_drawn_anew_and_the_focus_stays(desk, classroom, seat, module, browser, live_server):
    desk.goto(f"{desk.origin}/en/staff/classes/{classroom.pk}/now/")
    desk.wait_for_load_state()
    desk.get_by_role("link", name="Projector").focus()
    desk.evaluate("document.querySelector('#room').dataset.old = 'yes'")
    pupil = browser.new_context(viewport=PHONE).new_page()
    sit_down(pupil, live_server.url, seat)  # a room that looks the same is not sent again
    desk.wait_for_selector("#room:not([data-old])", timeout=8000)
    assert desk.evaluate("document.activeElement.textContent") == "Projector"
    places = desk.locator("#room a, #room button, #room select, #room summary")
    lost = places.evaluate_all("all => all.filter((one) => !one.id).map((one) => one.textContent.trim())")
    assert lost == [], "htmx finds the focus again by its id"
    pupil.context.close()
