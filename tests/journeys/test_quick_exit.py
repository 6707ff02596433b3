"""Leaving at once: what the browser keeps, what an attempt keeps, and what nobody sees."""

import pytest
from django.apps import apps

from tests.factories.lessons import make_done
from tests.journeys.conftest import sit_down

APPS = ("accounts", "lessons", "quizzes", "progress", "privacy")


def everything():
    return {
        model._meta.label: sorted(map(str, model.objects.values_list()))
        for name in APPS
        for model in apps.get_app_config(name).get_models()
    }


def open_steps(page, module):
    """The start, the questions before, then the first step: three entries of history."""
    page.goto(f"{page.origin}/en/me/{module.slug}/")
    page.goto(f"{page.origin}/en/me/{module.slug}/1/")


def test_one_tap_leads_to_a_page_that_names_nothing(pupil, module):
    open_steps(pupil, module)
    pupil.get_by_role("link", name="Quick exit").click()
    pupil.wait_for_url("**/en/leave/")
    assert pupil.title() == "Multiplication tables"
    assert "Balise" not in pupil.content().replace("balise.css", "")
    assert "harbour" not in pupil.content()


def test_the_page_left_is_gone_from_the_history(pupil, module):
    open_steps(pupil, module)
    entries = pupil.evaluate("history.length")
    pupil.get_by_role("link", name="Quick exit").click()
    pupil.wait_for_url("**/en/leave/")
    assert pupil.evaluate("history.length") == entries
    pupil.go_back()
    assert pupil.url.endswith(f"/en/me/{module.slug}/"), "the page before is back, not the one that was left"
    pupil.go_forward()
    assert pupil.url.endswith("/en/leave/")


def test_escape_three_times_leaves_and_twice_does_not(pupil, module):
    open_steps(pupil, module)
    pupil.keyboard.press("Escape")
    pupil.keyboard.press("Escape")
    pupil.keyboard.press("a")
    pupil.keyboard.press("Escape")
    assert pupil.url.endswith("/1/")
    pupil.keyboard.press("Escape")
    pupil.keyboard.press("Escape")
    pupil.wait_for_url("**/en/leave/")


def test_the_screen_is_blank_before_the_next_page_comes(pupil, module):
    open_steps(pupil, module)
    seen = pupil.evaluate(
        """() => {
            document.querySelector("[data-quick-exit]").click();
            return [document.documentElement.hidden, document.body.textContent, document.title.trim()];
        }"""
    )
    assert seen == [True, "", ""]
    pupil.wait_for_url("**/en/leave/")


def test_without_javascript_it_is_a_link(browser, live_server, module, seat):
    from accounts.queries import card_of

    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/en/card/")
    page.get_by_label("key").fill(card_of(seat).home_key)
    page.get_by_role("button", name="Sit down").click()
    page.goto(f"{live_server.url}/en/me/{module.slug}/1/")
    page.get_by_role("link", name="Quick exit").click()
    assert page.title() == "Multiplication tables"
    page.context.close()


@pytest.mark.parametrize("how", ["tap", "keys"])
def test_it_ends_no_attempt_and_leaves_no_trace(pupil, module, how):
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/questions/before/")
    pupil.get_by_text("the tell", exact=True).first.click()
    pupil.wait_for_selector("[data-save-status]:not(:empty)")
    before = everything()
    assert any("tell" in row for row in before["quizzes.Attempt"])
    if how == "tap":
        pupil.get_by_role("link", name="Quick exit").click()
    else:
        for _press in range(3):
            pupil.keyboard.press("Escape")
    pupil.wait_for_url("**/en/leave/")
    assert everything() == before, "neither the attempt nor what the cockpit reads"
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/questions/before/")
    assert pupil.locator('input[value="tell"]').first.is_checked()


@pytest.mark.parametrize("where", ["", "SLUG/", "SLUG/1/", "SLUG/questions/before/", "SLUG/end/", "reading/", "kept/"])
def test_help_and_quick_exit_are_on_every_page_of_a_pupil(pupil, module, seat, where):
    if "/end/" in where:
        make_done(seat, module)
    address = f"{pupil.origin}/en/me/{where.replace('SLUG', module.slug)}"
    pupil.goto(address)
    assert pupil.url == address
    assert pupil.get_by_role("link", name="Quick exit").count() == 1
    pupil.get_by_role("link", name="Help", exact=True).first.click()
    assert pupil.url.endswith("/en/help/")
    assert pupil.get_by_role("link", name="Quick exit").count() == 1
    pupil.get_by_text("What “Quick exit” cannot hide").click()
    assert pupil.get_by_text("somebody who watches this device").is_visible()


def test_help_needs_no_sign_in_and_is_said_in_the_child_s_words_first(page, live_server, classroom):
    page.goto(f"{live_server.url}/en/help/")
    assert page.get_by_role("heading", level=1).inner_text() == "You can get help"
    page.get_by_label("Where are you?").select_option("BE")
    page.get_by_role("button", name="Show").click()
    assert "territory=BE" in page.url


def test_after_quick_exit_the_seat_is_still_there(page, live_server, seat, module):
    sit_down(page, live_server.url, seat)
    page.get_by_role("link", name="Quick exit").click()
    page.goto(f"{live_server.url}/en/me/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Hello")
