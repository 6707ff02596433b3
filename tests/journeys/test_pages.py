"""A pupil's pages in a browser, both languages, phone and desktop: nothing for axe to find, no stranger, no error.

The whole crawl, with weights and times, is `make audit-pages`.
"""

import pytest

from tests.factories.lessons import make_done
from tests.journeys.conftest import DESKTOP, PHONE, Trouble, sit_down, violations

PUBLIC = [
    "",
    "about/",
    "accessibility/",
    "sit/",
    "card/",
    "help/",
    "words/",
    "what-we-keep/",
    "leave/",
    "bye/",
    "no/such/page/",
]
PUPIL = ["", "SLUG/", "SLUG/1/", "SLUG/2/", "SLUG/questions/practice/", "SLUG/end/", "SLUG/certificate/", "SLUG/waits/",
         "reading/", "kept/", "SLUG/99/"]  # fmt: skip


def check(page, address):
    page.goto(address)
    assert page.url == address, "it leads elsewhere: this page would be looked at twice, and that one never"
    assert violations(page) == [], address
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{address} scrolls sideways"


def enter(browser, live_server, viewport):
    page = browser.new_context(viewport=viewport).new_page()
    page.set_default_timeout(15_000)
    return page, Trouble(page, live_server.url)


def is_clean(trouble):
    return [line for line in trouble.found if "status of 404" not in line] == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_for_anybody(browser, live_server, classroom, language, viewport):
    page, trouble = enter(browser, live_server, viewport)
    for path in PUBLIC:
        check(page, f"{live_server.url}/{language}/{path}")
    assert is_clean(trouble)
    page.context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_of_a_pupil(browser, live_server, seat, module, sensitive, language, viewport):
    make_done(seat, module)
    page, trouble = enter(browser, live_server, viewport)
    sit_down(page, live_server.url, seat, language)
    for path in [*(path.replace("SLUG", module.slug) for path in PUPIL), f"{sensitive.slug}/1/"]:
        check(page, f"{live_server.url}/{language}/me/{path}")
    assert is_clean(trouble)
    page.context.close()


@pytest.mark.parametrize(
    ("scheme", "forced"), [("dark", "none"), ("light", "active")], ids=["in the dark", "in forced colours"]
)
def test_a_step_and_a_question_narrow_and_very_large(browser, live_server, seat, module, scheme, forced):
    narrow = {"width": 320, "height": 640}
    context = browser.new_context(viewport=narrow, color_scheme=scheme, forced_colors=forced)
    page = context.new_page()
    sit_down(page, live_server.url, seat)
    page.request.post(f"{live_server.url}/en/me/reading/", form={"size": "huge"})
    for path in ("1/", "questions/before/"):
        check(page, f"{live_server.url}/en/me/{module.slug}/{path}")
    context.close()


def test_text_spacing_cuts_nothing_off(pupil, module, seat):
    """WCAG 1.4.12: lines 1.5, paragraphs 2, letters .12, words .16."""
    make_done(seat, module)
    for path in ("1/", "2/", "questions/practice/", "end/", "certificate/"):
        pupil.goto(f"{pupil.origin}/en/me/{module.slug}/{path}")
        assert pupil.url.endswith(path)
        cut = pupil.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; " +
                    "word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
                document.adoptedStyleSheets = [sheet];
                const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
                const cut = Array.from(document.querySelectorAll("main .btn, main .choice__body, main p")).filter(
                    (one) => one.getClientRects().length && (one.scrollWidth > one.clientWidth + 1
                        || one.scrollHeight > one.clientHeight + 1));
                return [wide, cut.map((one) => one.className + one.textContent.trim().slice(0, 40))];
            }"""
        )
        assert cut == [False, []], path


def test_answers_that_only_a_post_brings(browser, live_server, seat, module):
    """Unanswered questions, the explanations, wrong pictures: states of a page that no address names."""
    page, _trouble = enter(browser, live_server, PHONE)
    page.goto(f"{live_server.url}/en/card/")
    page.get_by_label("key").fill("nonsense")
    page.get_by_role("button", name="Sit down").click()
    assert violations(page) == []
    page.goto("about:blank")
    sit_down(page, live_server.url, seat)
    make_done(seat, module)
    page.goto(f"{live_server.url}/en/me/{module.slug}/questions/after/")
    while page.locator("[data-next]").is_visible():
        page.locator("[data-next]").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_selector("#unanswered")
    assert violations(page) == []
    page.get_by_role("button", name="Hand in as it is").click()
    page.wait_for_selector("text=Handed in.")
    for _question in range(5):
        assert violations(page) == []
        page.locator("[data-next]").click()
    page.context.close()
