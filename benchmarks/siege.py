"""Attacks that need a real server: doors, malformed requests and messages, a crowd. Counts, and says what it found."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from benchmarks.client import closed_while_idle
from benchmarks.server import Server

SLOWEST = 1.0  # seconds for one answer, tried three times
SECRET = "a" * 32  # of the forged CSRF cookies: a client that attacks its own session needs no other's
REPEATS = 2
LARGEST = 2_621_440  # bytes of a body that is read: Django's DATA_UPLOAD_MAX_MEMORY_SIZE
CUT_OFF = -1  # closed while a larger body was being sent and nobody read it, as RFC 9110 (15.5.14) allows
DOOR = re.compile(r"/(sit|login|not-me)/")


@dataclass
class Tally:
    """What one suite did. A finding is one line of text, kept once."""

    suite: str
    attempts: int = 0
    faults: int = 0
    slowest: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def add(self, status: int, seconds: float) -> None:
        self.attempts += 1
        self.faults += status >= 500
        self.slowest = max(self.slowest, seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def find(self, what: str) -> None:
        if what not in self.findings:
            self.findings.append(what)
            print(f"FOUND ({self.suite}): {what}", flush=True)


class Wire:
    """A hostile browser: sends what it is told, cookies and a token of its own included.

    Like any browser it opens a connection again that was kept and is closed, once; `reopened` counts that, of all.
    """

    reopened: ClassVar[int] = 0

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, {**cookies, "csrftoken": SECRET, "balise_csrf": SECRET}
        self.connection: http.client.HTTPConnection | None = None

    def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, str, bytes, float]:
        """Status, where it leads, body, seconds. Status 0 when nothing was answered, or CUT_OFF."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": "127.0.0.1", "X-CSRFToken": SECRET, **headers}
        sent["Cookie"] = "; ".join(filter(None, [jar, headers.get("Cookie", "")]))
        if self.connection and closed_while_idle(self.connection):
            self.close()
            Wire.reopened += 1
        while True:
            began, kept = time.perf_counter(), self.connection is not None
            try:
                return *self._send(method, target, sent, body), time.perf_counter() - began
            except (http.client.HTTPException, OSError) as error:
                self.close()  # the server did, as it may after a refusal
                if kept:
                    Wire.reopened += 1
                    continue
                cut_off = isinstance(error, BrokenPipeError | ConnectionResetError) and len(body) > LARGEST
                return CUT_OFF if cut_off else 0, "", b"", time.perf_counter() - began

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _send(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if not re.search(r"[\r\n]", value):
                self.connection.putheader(name, value.encode("utf-8", "surrogatepass"))
        if body or method == "POST":
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read()


def wires(port: int, clients: dict) -> dict[str, Wire]:
    """A browser for each role, with the cookies that the role was given."""
    return {
        role: Wire(port, {name: one.value for name, one in client.cookies.items()}) for role, client in clients.items()
    }


def judge(tally: Tally, what: str, ask: Callable[[], tuple[int, str, bytes, float]]) -> tuple[int, str, bytes]:
    """Sends, counts, and finds: a fault, no answer, one that takes too long however often it is asked."""
    status, location, body, seconds = ask()
    for _again in range(REPEATS * (seconds > SLOWEST)):
        seconds = min(seconds, ask()[3])
    tally.add(status, seconds)
    if status >= 500 or status == 0:
        tally.find(f"{status}: {what}")
    if seconds > SLOWEST:
        tally.find(f"{seconds:.1f} s: {what}")
    return status, location, body


def doors(tally: Tally, browsers: dict[str, Wire], crossed: dict, secret: bytes) -> None:
    """Every address × role × another school's ids, for reading and writing, and every id below a foreign parent."""
    for (view, wrong), target in crossed.items():
        for role, browser in browsers.items():
            for method, body in (("GET", b""), ("POST", b"minutes=60&until=&ends_on=")):
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                status, location, text = judge(
                    tally,
                    f"{method} {view} as {role}",
                    lambda: browser.send(method, target, kind, body),  # noqa: B023
                )
                led_away = status == 302 and DOOR.search(location)
                if (status not in (403, 404, 405) and not led_away) or secret in text:
                    tally.find(f"{method} {view} with a foreign {wrong} as {role}: {status} {location}")


def forgeries(
    tally: Tally, port: int, browsers: dict[str, Wire], addresses: dict[str, str], by_ticket: set[str]
) -> None:
    """Unsafe methods without our token, and with a token from another origin."""
    for role, browser in browsers.items():
        for view, target in addresses.items():
            for method, headers in (
                ("POST", {"X-CSRFToken": "b" * 32}),
                ("DELETE", {"Origin": "https://evil.example"}),
            ):
                what = f"{method} {view} as {role}"
                status, *_rest = judge(tally, what, lambda: browser.send(method, target, headers))  # noqa: B023
                if status != 403 and view not in by_ticket:
                    tally.find(f"{what} without a token: {status}")


HEAD = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /en/sit/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
CHUNKS = POST + b"Transfer-Encoding: chunked\r\n\r\n"
UPGRADE = HEAD + b"Connection: Upgrade\r\nUpgrade: "
MESSAGES: dict[str, bytes] = {
    "CWE-444: two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "CWE-444: length and chunks": POST + b"Content-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "CWE-444: chunked twice": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    "CWE-444: a space before the colon": HEAD + b"Content-Length : 5\r\n\r\nabcde",
    "CWE-444: a bare line feed": b"GET /en/ HTTP/1.1\nHost: 127.0.0.1\n\n",
    "a chunk that is no number": CHUNKS + b"zz\r\nabc\r\n0\r\n\r\n",
    "a chunk of 2⁶⁴": CHUNKS + b"ffffffffffffffffff\r\n",
    "a length below nothing": POST + b"Content-Length: -1\r\n\r\n",
    "a length that is too long": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "no host": b"GET /en/ HTTP/1.1\r\n\r\n",
    "two hosts": HEAD + b"Host: evil.example\r\n\r\n",
    "a host of another": b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "an absolute address": b"GET http://evil.example/en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "TRACE": b"TRACE /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Secret: seen\r\n\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a header of 200 kB": HEAD + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "5,000 headers": HEAD + b"X: y\r\n" * 5000 + b"\r\n",
    "an address of 100 kB": b"GET /en/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a method of 10 kB": b"A" * 10_000 + b" /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a NUL in the address": b"GET /en/\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a NUL in a header": HEAD + b"X: a\x00b\r\n\r\n",
    "bytes that are no text": b"GET /en/\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "HTTP/9.9": b"GET /en/ HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    "HTTP/0.9": b"GET /en/\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a handshake of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "an upgrade": HEAD + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "a web socket": UPGRADE + b"websocket\r\nSec-WebSocket-Key: QUJDREVGR0hJSktMTU5PUA==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n",
    "expect": POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde",
    "half a request": POST + b"Content-Length: 500\r\n\r\nabc",
    "nothing": b"",
}  # fmt: skip


def _say(port: int, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        try:
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return b""


def messages(tally: Tally, port: int) -> None:
    """Messages that are no proper HTTP. None is answered with a fault, with another's page, or by a dead server."""
    browser = Wire(port, {})
    for what, message in MESSAGES.items():
        began = time.perf_counter()
        heard = _say(port, message)
        status = int(found[1]) if (found := re.match(rb"HTTP/1\.[01] (\d+)", heard)) else 444
        tally.add(status, time.perf_counter() - began)
        if status >= 500:
            tally.find(f"{status}: {what}")
        if heard.count(b"HTTP/1.1 ") > 1 and b"/admin/" in message:
            tally.find(f"two answers to one message: {what}")
        if b"X-Secret" in heard:
            tally.find(f"the server repeats what it is told: {what}")
        if judge(Tally("after"), what, lambda: browser.send("GET", "/robots.txt", {}))[0] != 200:
            tally.find(f"the server is gone after: {what}")


@dataclass
class Crowd:
    """A class sits down with its cards while one of them types wrong pictures as fast as four connections can."""

    tally: Tally
    port: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    seated: int = 0

    def post(self, browser: Wire, target: str, fields: dict, what: str) -> str:
        """Where the answer leads, if it leads on."""
        own, kind = Tally(what), {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields).encode()
        status, location, _body = judge(own, what, lambda: browser.send("POST", target, kind, body))
        with self.lock:
            self.tally.add(status, own.slowest)
            for finding in own.findings:
                self.tally.find(finding)
        return location if status == 302 else ""

    def hostile(self, tries: Iterator[dict]) -> None:
        browser = Wire(self.port, {})
        while True:
            with self.lock:
                fields = next(tries, None)
            if fields is None:
                return
            if self.post(browser, "/en/sit/", fields, "a guess").endswith("/me/"):
                self.seated += 1

    def classmate(self, token: str) -> None:
        if not self.post(Wire(self.port, {}), "/en/card/", {"token": token}, "a card").endswith("/me/"):
            self.tally.find("a classmate's card was refused")

    def run(self, tokens: list[str], tries: Iterator[dict]) -> None:
        threads = [threading.Thread(target=self.hostile, args=[tries]) for _number in range(4)]
        threads += [threading.Thread(target=self.classmate, args=[token]) for token in tokens]
        for thread in threads:
            thread.start()
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        if self.seated > 1:  # 0.5 % of a class and a day: one by luck, two are a hole
            self.tally.find(f"{self.seated} guesses sat down")


def lost_workers(server: Server, before: list[int]) -> Iterator[str]:
    now = server.pids() if server.process.poll() is None else []
    if set(before) != set(now):
        yield f"a worker was lost: {len(before) - 1} before, {max(len(now) - 1, 0)} now"
