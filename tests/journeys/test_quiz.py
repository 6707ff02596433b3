"""The questions in a browser: one a screen with a script, all on one page without, and by keyboard alone."""

import pytest

from lessons.models import Reading
from quizzes.models import Attempt, Tally

FOCUSED = """(() => {
    const one = document.activeElement;
    return (one.getAttribute("aria-label") || one.value || one.textContent).trim();
})()"""


@pytest.fixture
def quiz(pupil, module):
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/questions/before/")
    return pupil


def shown(page):
    return [one.inner_text().split()[1] for one in page.locator(".question legend").all() if one.is_visible()]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_one_question_a_screen_and_the_focus_goes_along(quiz):
    assert shown(quiz) == ["1"]
    assert not quiz.get_by_role("button", name="Hand in").is_visible()
    press(quiz, "Continue")
    assert shown(quiz) == ["2"]
    assert quiz.evaluate("document.activeElement.tagName") == "LEGEND"
    assert quiz.get_by_role("img", name="Question 2 of 6").is_visible()
    for _question in range(4):
        press(quiz, "Continue")
    assert shown(quiz) == ["6"]
    assert quiz.get_by_role("button", name="Hand in").is_visible()
    assert not quiz.get_by_role("button", name="Continue", exact=True).is_visible()
    press(quiz, "Back")
    assert shown(quiz) == ["5"]


def test_moving_loses_no_answer_and_what_was_answered_is_kept(quiz):
    quiz.get_by_text("the tell", exact=True).click()
    press(quiz, "Continue")
    quiz.get_by_text("the false", exact=True).click()
    press(quiz, "Back")
    assert quiz.locator('input[value="tell"]').is_checked()
    quiz.wait_for_selector("[data-save-status]:not(:empty)")
    quiz.reload()
    assert shown(quiz) == ["3"], "it goes on at the first question without an answer"
    press(quiz, "Back")
    assert quiz.locator('input[value="false"]').is_checked()


def test_without_a_script_all_questions_stand_on_one_page(browser, live_server, module, seat):
    from accounts.queries import card_of

    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/en/card/")
    page.get_by_label("key").fill(card_of(seat).home_key)
    page.get_by_role("button", name="Sit down").click()
    page.goto(f"{live_server.url}/en/me/{module.slug}/questions/before/")
    assert shown(page) == ["1", "2", "3", "4", "5", "6"]
    page.get_by_text("the tell", exact=True).click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    assert page.get_by_text("5 questions have no answer yet").is_visible()
    page.get_by_role("button", name="Hand in as it is").click()
    assert page.url.endswith(f"/en/me/{module.slug}/1/")
    assert Attempt.objects.get().is_submitted
    page.context.close()


def put_in_order(page, wanted):
    """Moves each item up until it stands in its place; the focus stays on the button that was pressed."""
    for place, text in enumerate(wanted):
        while [one.inner_text() for one in page.locator(".order__text").all()][place] != text:
            page.get_by_role("button", name=f"Move up: {text}").focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.className").count("order__move")


def test_the_whole_quiz_by_keyboard_alone(pupil, module, seat):
    Reading.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, furthest_step=3
    )
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/questions/after/")
    keys = pupil.keyboard

    def tab_to(name):
        for _press in range(60):
            keys.press("Tab")
            if name in pupil.evaluate(FOCUSED):
                return
        raise AssertionError(name)

    tab_to("tell")
    keys.press("Space")
    keys.press("Enter")  # goes on, hands nothing in
    assert shown(pupil) == ["2"]
    tab_to("true")
    keys.press("ArrowDown")
    keys.press("Enter")
    for name in ("leave", "ask"):
        tab_to(name)
        keys.press("Space")
    keys.press("Enter")
    assert shown(pupil) == ["4"]
    put_in_order(pupil, ["the close", "the walk", "the talk"])
    if pupil.get_by_role("button", name="✓").is_visible():
        pupil.get_by_role("button", name="✓").press("Enter")
    pupil.get_by_role("button", name="Continue", exact=True).press("Enter")
    for slug in ("gift", "secret", "threat"):
        pupil.get_by_role("button", name=f"the {slug} →").press("Enter")
        pupil.get_by_role("button", name=f"partner of {slug}", exact=True).press("Enter")
    pupil.get_by_role("button", name="Continue", exact=True).press("Enter")
    tab_to("hush")
    keys.press("Space")
    tab_to("Hand in")
    keys.press("Enter")
    pupil.wait_for_selector("text=Handed in.")
    assert Tally.objects.filter(item="=right", running=1).count() == 6


def test_the_explanations_come_one_a_screen_too(quiz, module, seat):
    Reading.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, furthest_step=3
    )
    quiz.goto(f"{quiz.origin}/en/me/{module.slug}/questions/after/")
    press(quiz, "I pass on all the questions")
    assert quiz.locator(".answer:visible").count() == 1
    for _question in range(5):
        press(quiz, "Continue")
    quiz.get_by_role("link", name="Continue").click()
    assert quiz.url.endswith("/end/")
