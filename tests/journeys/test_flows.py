"""Each flow once by keyboard alone, at 400 % zoom, without scripts, without pictures; focus and voices on the way."""

import pytest

from accounts.queries import card_of
from tests.factories.lessons import make_done
from tests.journeys.conftest import PHONE, Trouble, sit_down

ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %
FOCUSED = "document.activeElement && document.activeElement !== document.body && document.activeElement.tagName"
HEARD = """() => {
  window.heard = [];
  document.querySelectorAll("[role=status],[role=alert],[aria-live]").forEach((region) =>
    new MutationObserver(() => region.textContent.trim() && window.heard.push(region.textContent.trim()))
      .observe(region, { childList: true, characterData: true, subtree: true }));
}"""


def tab_to(page, name, most=60):
    """By Tab alone, as somebody without a mouse goes."""
    for _press in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || '') + document.activeElement.innerText"
        )
        if name in found:
            return
    raise AssertionError(f"Tab never reached {name}")


def test_a_story_by_keyboard_alone_to_its_ending(pupil, module):
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/1/")
    pupil.get_by_role("button", name="Continue", exact=True).press("Enter")
    pupil.wait_for_url(f"**/{module.slug}/2/")
    onward = pupil.get_by_role("button", name="Continue", exact=True)
    assert "btn-primary" not in onward.get_attribute("class"), "the story comes first"
    assert pupil.get_by_text("Title of step 2").is_visible()
    tab_to(pupil, "I tell somebody")
    pupil.keyboard.press("Enter")
    assert pupil.evaluate("document.activeElement.textContent") == "Let us see"
    assert not pupil.locator(".prose").first.is_visible(), "the introduction makes room"
    tab_to(pupil, "The story goes on")
    pupil.keyboard.press("Enter")
    assert pupil.get_by_text("An adult listens").is_visible()
    assert pupil.evaluate(FOCUSED) == "H2"
    assert "btn-primary" in onward.get_attribute("class"), "now going on is the main thing"
    tab_to(pupil, "Play again, choose otherwise")
    pupil.keyboard.press("Enter")
    assert pupil.get_by_text("A message comes").is_visible()
    assert pupil.locator(".prose").first.is_visible()
    onward.press("Enter")
    pupil.wait_for_url(f"**/{module.slug}/3/")


def test_sitting_down_by_keyboard_alone(page, live_server, classroom, seat):
    trouble = Trouble(page, live_server.url)
    page.goto(f"{live_server.url}/en/sit/")
    page.wait_for_load_state()
    page.get_by_label("Code of your class").focus()
    page.keyboard.type(classroom.code)
    for name, value in (("animal", seat.animal), ("colour", seat.colour)):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _press in range(20):
            chosen = page.locator(f"[name={name}]:checked")
            if chosen.count() and chosen.get_attribute("value") == value:
                break
            page.keyboard.press("ArrowRight")
        assert page.locator(f"[name={name}][value={value}]").is_checked()
    keys = page.locator("[data-picture-pad] > .pad__keys > button")
    for picture in card_of(seat).pictures:
        keys.nth(int(picture)).focus()
        page.keyboard.press("Enter")
    assert page.locator(".pad__slot svg").count() == 4
    tab_to(page, "Sit down")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/me/")
    assert trouble.found == []


def test_focus_is_never_lost_and_a_voice_speaks_once(pupil, module):
    pupil.goto(f"{pupil.origin}/en/me/{module.slug}/questions/before/")
    pupil.wait_for_load_state()
    for _question in range(3):
        pupil.get_by_role("button", name="Continue", exact=True).press("Enter")
        assert pupil.evaluate(FOCUSED) == "LEGEND"
    moves = pupil.get_by_role("button", name="Move", exact=False)
    assert moves.count() == 6
    pupil.evaluate(HEARD)
    pupil.locator(".order__move:not([disabled])").first.press("Enter")
    assert pupil.evaluate(FOCUSED) == "BUTTON"
    pupil.get_by_role("button", name="Continue", exact=True).press("Enter")
    joined = 0
    while pupil.locator(".match__answer").count():
        pupil.evaluate("window.heard = []")
        pupil.locator(".match__answer").first.press("Enter")
        joined += 1
        assert pupil.evaluate(FOCUSED) == "BUTTON", "on what comes next"
        pupil.wait_for_timeout(50)
        said = [line for line in pupil.evaluate("window.heard") if "goes with" in line]
        assert len(said) == 1, said
    assert joined == 3
    pupil.locator(".match__slot").nth(1).press("Enter")
    assert pupil.locator(".match__answer").count() == 1, "what was joined can be taken back"
    assert pupil.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    pupil.wait_for_selector("[data-save-status]:not(:empty)")
    assert len([line for line in pupil.evaluate("window.heard") if line.startswith("Kept")]) <= 1


@pytest.mark.parametrize("where", ["sit/", "help/", "me/", "me/SLUG/", "me/SLUG/2/", "me/SLUG/questions/practice/",
                                   "me/SLUG/end/", "me/SLUG/certificate/", ""])  # fmt: skip
def test_at_400_percent_everything_is_there_and_can_be_pressed(browser, live_server, seat, module, where):
    make_done(seat, module)
    page = browser.new_context(viewport=ZOOMED, locale="en-GB").new_page()
    if where.startswith("me/"):
        sit_down(page, live_server.url, seat)
    page.goto(f"{live_server.url}/en/{where.replace('SLUG', module.slug)}")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways"
    hidden = page.evaluate(
        """() => Array.from(document.querySelectorAll("main a, main button, main summary, footer a")).filter((one) => {
            if (!one.getClientRects().length || one.closest(".visually-hidden")) return false;
            one.scrollIntoView({ block: "center" });
            const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 100));
            return !top || !(one.contains(top) || top.contains(one));
        }).map((one) => one.textContent.trim())"""
    )
    assert hidden == [], "nothing lies under something else"
    page.context.close()


def test_the_whole_way_without_a_script(browser, live_server, classroom, seat, module, sensitive):
    page = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en-GB").new_page()
    page.goto(f"{live_server.url}/en/sit/")
    page.get_by_label("Code of your class").fill(classroom.code)
    page.locator(f"[name=animal][value={seat.animal}]").check(force=True)
    page.locator(f"[name=colour][value={seat.colour}]").check(force=True)
    for place, picture in enumerate(card_of(seat).pictures, start=1):
        page.locator(f"[name=picture_{place}][value='{int(picture)}']").check(force=True)
    page.get_by_role("button", name="Sit down").click()
    page.wait_for_url("**/en/me/")
    page.get_by_role("link", name="The quiet harbour").click()
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("button", name="I pass on all the questions").click()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("link", name="I tell somebody").click()
    page.get_by_role("link", name="The story goes on").click()
    assert page.get_by_text("An adult listens").is_visible()
    for _step in range(2):
        page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="I pass on all the questions").click()
    assert page.get_by_role("heading", name="Handed in.", exact=False).is_visible()
    page.get_by_role("link", name="Continue").click()
    assert page.get_by_role("heading", name="What I can do now").is_visible()
    page.goto(f"{live_server.url}/en/me/{sensitive.slug}/1/")
    page.get_by_text("Another activity").click()
    assert not page.get_by_role("heading", name="Title of step 1").is_visible()
    page.context.close()


def test_without_pictures_every_choice_has_its_word(browser, live_server, classroom, seat, module):
    page = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    page.route("**/*.svg*", lambda route: route.abort())
    page.goto(f"{live_server.url}/en/sit/")
    page.wait_for_load_state()
    for chosen in (f"[name=animal][value={seat.animal}]", f"[name=colour][value={seat.colour}]"):
        assert page.locator(f"label:has({chosen}) .pick__name").inner_text().strip()
    named = page.locator("[data-picture-pad] > .pad__keys > button").evaluate_all(
        "keys => keys.map((key) => key.getAttribute('aria-label'))"
    )
    assert len(set(named)) == 16
    assert all(named)
    sit_down(page, live_server.url, seat)
    page.goto(f"{live_server.url}/en/me/{module.slug}/1/")
    assert page.locator(".art svg[role=img]").first.get_attribute("aria-label")
    page.context.close()
