"""Malformed requests: a form or an address of ours with something dropped, doubled, retyped, renamed or made huge."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart
from hypothesis import strategies as st

from tests.attacks.inventory import Form

NASTY = [
    "", " ", "\x00", "'", '"', "%", "%00", "%2e%2e/", "../" * 6 + "etc/passwd", "<script>alert(1)</script>", "{{7*7}}",
    "None", "null", "true", "-1", "0", "1e309", "NaN", "inf", "9" * 30, "9" * 5000, "x" * 20_000, "٣", "１", "\u202e",
    "\ufeff", "ﷺ" * 50, "2026-02-31", "0000-00-00", "99999-01-01", "1' OR '1'='1", "$(id)", "=1+1", "[]", "{}",
    "\r\nX: y", "é", "\ud800", "00000000-0000-0000-0000-000000000000", "id__gt", "__proto__", "-password", "?",
]  # fmt: skip
HEADERS = {
    "Accept": ["", "*/*", "application/json", "text/html;q=x", "," * 300],
    "Accept-Language": ["", "fr;q=nan", "xx-" + "y" * 600, "*", "en-" * 200, "é"],
    "HX-Request": ["true", "x"],
    "HX-Current-URL": ["javascript:x", "%", "http://[::1"],
    "X-Forwarded-Proto": ["https", "x"],
    "X-Forwarded-Host": ["evil.example"],
    "Referer": ["", "http://[::1", "\x7f"],
    "Origin": ["null", "http://[", "https://evil.example"],
    "If-Modified-Since": ["x", "Mon, 99 Foo 0000 99:99:99 GMT"],
    "If-None-Match": ['"', "*"],
    "Range": ["bytes=9-1", "x"],
    "Sec-Fetch-Site": ["cross-site"],
    "Content-Language": ["\x01"],
    "Cookie": ["balise_seat=x:y:z", "sessionid=" + "a" * 3000, "=;;=", "csrftoken=é", 'balise_seat="', "balise_csrf=;"],
}
FORM = "application/x-www-form-urlencoded"
KINDS = [
    *[FORM] * 6, MULTIPART_CONTENT, MULTIPART_CONTENT, "multipart/form-data", "", "x", "application/json",
    "multipart/form-data; boundary=" + "b" * 300, "text/plain; charset=utf-99", f"{FORM}; charset=utf-16",
]  # fmt: skip
METHODS = [
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "X",
]


@dataclass
class Attempt:
    """One request as it will be sent; `about` names the view for the report."""

    role: str
    about: str
    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


ROLES = ["visitor", "pupil", "teacher", "administrator", "authority"]
values = st.one_of(
    *[st.sampled_from(NASTY)] * 2, st.text(max_size=30), st.integers().map(str), st.uuids().map(str)
)  # fmt: skip


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def _raw(text: str) -> bytes:
    """As a hostile client sends it: halves of characters too."""
    return text.encode("utf-8", "surrogatepass")


@st.composite
def _pairs(draw, fields: dict[str, list[str]]) -> list[tuple[str, str]]:
    pairs = []
    for name, offered in fields.items():
        change = draw(st.integers(0, 9))
        value = draw(values) if change in (1, 2, 3) or not offered else draw(st.sampled_from(offered))
        name = draw(values) if change == 4 else name
        pairs += [(name, value)] * (0 if change == 5 else 2 if change == 6 else 1)
    if draw(st.integers(0, 9)) == 0:
        pairs += [(draw(values), draw(values))] * draw(st.sampled_from([1, 1, 1, 1200]))
    return pairs


def _bytes(pairs: list[tuple[str, str]], kind: str) -> bytes:
    if kind == MULTIPART_CONTENT:
        return encode_multipart("BoUnDaRyStRiNg", {_plain(name): _plain(value) for name, value in pairs})
    return urlencode([(_raw(name), _raw(value)) for name, value in pairs]).encode()


@st.composite
def _target(draw, action: str) -> str:
    """The address, one part of it changed now and then."""
    parts, change = action.partition("?")[0].split("/"), draw(st.integers(0, 9))
    if change == 0:
        parts[draw(st.integers(1, len(parts) - 1))] = quote(_raw(draw(values)), safe="%")[:2000]
    elif change == 1:
        odd = ["", ".", "..", "%2f", "%00", "%5c", ";x", "%ff", "%0d%0aX:y"]
        parts.insert(draw(st.integers(1, len(parts))), draw(st.sampled_from(odd)))
    return "/" + "/".join(parts).lstrip("/")


@st.composite
def _headers(draw) -> dict[str, str]:
    some = draw(st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 9), max_size=2))
    return {name: HEADERS[name][number % len(HEADERS[name])] for name, number in some.items()}


@st.composite
def attempts(draw, forms: list[Form]) -> Attempt:
    form = draw(st.sampled_from(forms))
    role = form.role if draw(st.integers(0, 3)) else draw(st.sampled_from(ROLES))
    method = draw(st.sampled_from(METHODS))
    pairs, target, headers = draw(_pairs(form.fields)), draw(_target(form.action)), draw(_headers())
    query = pairs if method in ("GET", "HEAD") else draw(_pairs({})) if draw(st.integers(0, 5)) == 0 else []
    if query:
        target += "?" + _bytes(query[:40], "").decode()[:6000]
    body = b""
    if method not in ("GET", "HEAD", "TRACE"):
        kind = headers["Content-Type"] = draw(st.sampled_from(KINDS))
        body = draw(st.binary(max_size=200)) if draw(st.integers(0, 11)) == 0 else _bytes(pairs, kind)
    return Attempt(role, form.view, method, target, headers, body)


def bare(addresses: dict[str, str]) -> list[Form]:
    """Each address without any form: for what no page shows."""
    names = {"key": [], "q": [], "next": ["/en/"], "of": [], "classroom": [], "minutes": ["60"]}
    return [Form("teacher", view, path, "POST", names) for view, path in addresses.items()]


def send_inside(client: Client, attempt: Attempt) -> int:
    """Through Django alone, without a server."""
    own = {name: value for name, value in attempt.headers.items() if name not in ("Content-Type", "Cookie")}
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in own.items()}
    kind = attempt.headers.get("Content-Type", "")
    return client.generic(attempt.method, attempt.target, attempt.body, kind, **headers).status_code
