"""What the content security policy forbids does not happen, and would be seen in any journey."""

import pytest

from tests.journeys.conftest import sit_down

PLANTED = {
    "img-src": "document.body.append(Object.assign(new Image(), { src: 'https://evil.example/x.png' }))",
    "style-src": "document.body.setAttribute('style', 'color: red')",
    "script-src": "document.body.setAttribute('onclick', 'alert(1)'); document.body.click()",
    "require-trusted-types-for": "document.createElement('script').text = 'alert(1)'",
    "connect-src": "fetch('https://evil.example/').catch(() => {})",
    "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), { src: '/en/' }))",
}


@pytest.mark.parametrize("directive", PLANTED)
def test_cwe_693_what_is_planted_is_refused_and_heard(browser, page, live_server, seat, directive):
    sit_down(page, live_server.url, seat)
    page.evaluate(
        f"() => {{ try {{ {PLANTED[directive]} }} catch (refused) {{ console.error('policy broken: ' + refused) }} }}"
    )
    page.wait_for_timeout(300)
    heard = list(browser.broken)
    browser.broken.clear()
    assert heard, directive
    assert all("evil" in one or "policy" in one.lower() for one in heard)
