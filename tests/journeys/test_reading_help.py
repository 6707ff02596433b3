"""Read aloud, bigger letters, explained words."""

import pytest

from tests.factories.accounts import ClassroomFactory
from tests.factories.lessons import make_assigned, make_scenario
from tests.journeys.conftest import sit_down

VOICES = """
window.said = [];
const voices = %s;
class Utterance { constructor(text) { this.text = text; } }
const speech = {
  getVoices: () => voices, cancel: () => {}, addEventListener: () => {},
  speak: (one) => { window.said.push([one.text, one.voice.name]); window.last = one; },
};
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = Utterance;
"""
LOCAL = '[{name: "afar", lang: "en-US", localService: false}, {name: "Anna", lang: "en-GB", localService: true}]'


def open_step(page, module):
    page.goto(f"{page.origin}/en/me/{module.slug}/1/")


@pytest.mark.parametrize(
    ("voices", "is_shown"),
    [
        ("[]", False),
        ('[{name: "afar", lang: "en-US", localService: false}]', False),
        ('[{name: "Amélie", lang: "fr-FR", localService: true}]', False),
        (LOCAL, True),
    ],
    ids=["none", "on a server", "another language", "on the device"],
)
def test_only_a_voice_of_the_device_in_the_page_s_language_reads(pupil, module, voices, is_shown):
    pupil.add_init_script(VOICES % voices)
    open_step(pupil, module)
    assert pupil.get_by_role("button", name="Read aloud").is_visible() is is_shown


def test_the_sentence_is_followed_on_screen_and_the_text_stays_whole(pupil, module):
    pupil.add_init_script(VOICES % LOCAL)
    open_step(pupil, module)
    text = pupil.locator(".prose").first.inner_html()
    pupil.get_by_role("button", name="Read aloud").click()
    pupil.wait_for_selector("mark.spoken")
    seen = []
    for _sentence in range(5):
        seen.append("".join(pupil.locator("mark.spoken").all_inner_texts()).strip())
        pupil.evaluate("window.last.onend()")
    assert seen == [
        "Title of step 1", "A harbour is calm.", "Boats rest there.", "You can ask for help.", "Somebody listens.",
    ]  # fmt: skip
    assert {voice for _text, voice in pupil.evaluate("window.said")} == {"Anna"}
    pupil.get_by_role("button", name="Stop reading").click()
    assert pupil.locator("mark").count() == 0
    assert pupil.locator(".prose").first.inner_html() == text


@pytest.mark.parametrize(("age", "goes_on"), [(7, True), (12, False)])
def test_for_the_youngest_the_voice_goes_on_with_the_story(page, live_server, transactional_db, age, goes_on):
    classroom = ClassroomFactory(is_open=True, age_of_youngest=age)
    module = make_assigned(classroom)
    make_scenario(module.steps.get(position=1))
    page.add_init_script(VOICES % LOCAL)
    sit_down(page, live_server.url, classroom.seats.first())
    page.goto(f"{live_server.url}/en/me/{module.slug}/1/")
    page.get_by_role("button", name="Read aloud").click()
    page.wait_for_selector("mark.spoken")
    page.get_by_role("link", name="I tell somebody").click()
    assert (page.locator("mark.spoken").count() > 0) is goes_on
    assert (page.evaluate("window.said.slice(-1)[0][0]") == "I tell somebody") is goes_on
    if goes_on:
        page.get_by_role("button", name="Stop reading").click()
        page.get_by_role("link", name="The story goes on").click()
    assert page.locator("mark.spoken").count() == 0


def test_a_word_is_explained_on_tap_and_by_keyboard(pupil, module):
    open_step(pupil, module)
    assert not pupil.get_by_text("A place where boats are safe.").is_visible()
    pupil.get_by_role("link", name="harbour").press("Enter")
    assert pupil.get_by_text("A place where boats are safe.").is_visible()
    assert pupil.evaluate("document.activeElement.textContent") == "harbour"


@pytest.mark.parametrize("has_javascript", [True, False], ids=["script", "no script"])
def test_bigger_letters_and_more_room_stay_until_the_browser_closes(browser, live_server, seat, module, has_javascript):
    page = browser.new_page(java_script_enabled=has_javascript)
    page.goto(f"{live_server.url}/en/me/reading/?next=/en/help/")
    before = page.evaluate("[getComputedStyle(document.body).fontSize, getComputedStyle(document.body).lineHeight]")
    page.get_by_text("Very large").click()
    page.get_by_role("group", name="Between the lines").get_by_text("Wide").click()
    page.get_by_role("button", name="Try it").click()
    assert page.locator("html").get_attribute("data-size") == "huge"
    page.get_by_role("button", name="Keep it and go back").click()
    assert page.url == f"{live_server.url}/en/help/"
    after = page.evaluate("[getComputedStyle(document.body).fontSize, getComputedStyle(document.body).lineHeight]")
    assert float(after[0][:-2]) > float(before[0][:-2]) * 1.2
    assert float(after[1][:-2]) / float(after[0][:-2]) > 1.9
    cookie = next(one for one in page.context.cookies() if one["name"] == "balise_seat")
    assert (cookie["httpOnly"], cookie["expires"]) == (True, -1)
    page.context.close()
