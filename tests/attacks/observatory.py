"""Mozilla Observatory's published rules, as far as one answer and its page decide them. Nothing is asked of a network.

Bonuses count only where the score without them is 90 or more. Not here: what only a scan from outside sees (the
redirect from HTTP, the preload list), which is taken as neither won nor lost.
"""

import re
from http.cookies import SimpleCookie

SIX_MONTHS = 15_768_000
BROAD = {"*", "http:", "https:", "ftp:", "data:", "blob:"}


def directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name.lower(): values for name, *values in parts}


def _policy(csp: dict[str, list[str]]) -> int:
    if not csp:
        return -25
    fallback = csp.get("default-src", ["*"])
    script, style, objects = (set(csp.get(name, fallback)) for name in ("script-src", "style-src", "object-src"))
    if script & (BROAD | {"'unsafe-inline'"}) or objects & BROAD:
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | {"'unsafe-inline'"}):
        return 0
    return 10 if fallback == ["'none'"] else 5


def _cookies(cookies: SimpleCookie, *, has_hsts: bool) -> int:
    scores = []
    for name, cookie in cookies.items():
        is_session = any(word in name.lower() for word in ("sess", "login", "seat"))
        if is_session and not cookie["httponly"]:
            scores.append(-30)
        elif not cookie["secure"]:
            scores.append((-10 if is_session else -5) if has_hsts else (-40 if is_session else -20))
        elif "csrf" in name.lower() and not cookie["samesite"]:
            scores.append(-20)
        else:
            scores.append(5 if cookie["samesite"] in ("Lax", "Strict") else 0)
    return min(scores, default=0)


def _frames(headers, csp) -> int:
    if set(csp.get("frame-ancestors", ["*"])) & BROAD == set():
        return 5
    return 0 if headers.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def _referrer(value: str) -> int:
    if not value:
        return 0
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    return 5 if value in private else -5


def _transport(value: str) -> int:
    age = re.search(r"max-age=(\d+)", value)
    if not age:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def _scripts(page: str, origin: str) -> int:
    """Scripts of one's own origin need no integrity."""
    foreign = [src for src in re.findall(r"<script[^>]*\ssrc=[\"']?([^\"'\s>]+)", page) if "//" in src]
    foreign = [src for src in foreign if not src.startswith(origin)]
    return -5 * bool(foreign) if all(src.startswith("https:") for src in foreign) else -50


def modifiers(response, origin: str = "https://testserver") -> dict[str, int]:
    headers, csp = response.headers, directives(response.headers.get("Content-Security-Policy", ""))
    hsts = headers.get("Strict-Transport-Security", "")
    is_html = headers.get("Content-Type", "").startswith("text/html")
    return {
        "content security policy": _policy(csp),
        "cookies": _cookies(response.cookies, has_hsts="max-age" in hsts),
        "cross-origin resource sharing": -50 if headers.get("Access-Control-Allow-Origin") == "*" else 0,
        "cross-origin resource policy": 10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
        "frames": _frames(headers, csp),
        "referrer": _referrer(headers.get("Referrer-Policy", "")),
        "strict transport security": _transport(hsts),
        "scripts": _scripts(response.content.decode(), origin) if is_html else 0,
        "content type": 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
    }


def score(response) -> int:
    found = modifiers(response).values()
    without = 100 + sum(value for value in found if value < 0)
    return max(without + sum(value for value in found if value > 0), 0) if without >= 90 else max(without, 0)
