"""A small client: kept-alive connections, cookies by hand, latencies measured."""

import http.client
import re
import select
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

CONNECTIONS = 8


def closed_while_idle(connection: http.client.HTTPConnection) -> bool:
    """Whether the server ended a kept-alive connection (granian: after 30 s of quiet). Asked before anything is sent,
    so that nothing can be done twice; what is closed after that is a finding.
    """
    return connection.sock is not None and bool(select.select([connection.sock], [], [], 0)[0])


@dataclass
class Person:
    """Somebody with cookies, and the CSRF token that goes with them."""

    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def headers(self) -> dict[str, str]:
        found = {"Host": "127.0.0.1"}
        if self.cookies:
            found["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return found

    def learn(self, answer: http.client.HTTPResponse, body: bytes) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body):
            self.token = found[1].decode()


class Connection:
    """Kept alive. `reopened` counts how often the server had closed it while it lay idle, as browsers meet it too."""

    def __init__(self, port: int, *, timeout: float = 60) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.reopened = 0
        self.headers: http.client.HTTPMessage | dict = {}

    def get(self, person: Person, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        return self._send(person, "GET", path, None, headers)

    def post(
        self, person: Person, path: str, data: dict[str, object], headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        body = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": person.token}, doseq=True)
        return self._send(person, "POST", path, body, headers)

    def _send(
        self, person: Person, method: str, path: str, body: str | None, more: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        headers = person.headers() | (more or {})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if closed_while_idle(self.http):
            self.http.close()
            self.reopened += 1
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        content, self.headers = answer.read(), answer.headers
        self.led_to = answer.headers.get("Location", "")
        person.learn(answer, content)
        return answer.status, content


@dataclass
class Run:
    """What one run of one job gave. Latencies in seconds; `size` in bytes of the last answer."""

    latencies: list[float]
    statuses: set[int]
    size: int
    seconds: float

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(
    port: int, act: Callable[[Connection, int], tuple[int, bytes]], *, count: int, connections: int = CONNECTIONS
) -> Run:
    """Acts `count` times over so many kept-alive connections; `act` gets the connection and the turn's number."""
    latencies, statuses, sizes, turn, lock = [], set(), [0], iter(range(count)), threading.Lock()
    failed: list[BaseException] = []

    def work() -> None:
        connection = Connection(port)
        try:
            while True:
                with lock:
                    number = next(turn, None)
                if number is None:
                    return
                began = time.perf_counter()
                status, content = act(connection, number)
                latencies.append(time.perf_counter() - began)
                statuses.add(status)
                sizes[0] = len(content)
        except BaseException as error:
            failed.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Run(latencies, statuses, sizes[0], time.perf_counter() - began)
