"""The same submission over twenty connections at once to the running server: one attempt, and tallies without drift."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.conf import settings
from django.db import connection

from accounts.queries import card_of
from lessons.models import Reading
from quizzes.models import Attempt, Tally
from tests.factories.accounts import ClassroomFactory
from tests.factories.quizzes import make_assigned_with_quiz

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS = 20


def database_url() -> str:
    """The suite's own database, as the server's process must name it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


@pytest.fixture
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--no-ws", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


class Browser:
    def __init__(self, server: str) -> None:
        self.server, self.cookies = server, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        return self.opener.open(self.server + path, timeout=30).read().decode()

    def post(self, path: str, data: dict[str, str]) -> int:
        body = urllib.parse.urlencode(data, doseq=True).encode()
        return self.opener.open(self.server + path, body, timeout=60).status

    def token(self, page: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def test_one_submission_over_twenty_connections_counts_once(server):
    classroom = ClassroomFactory(is_open=True, form="A", seat_count=1)
    seat = classroom.seats.get()
    module = make_assigned_with_quiz(classroom)
    Reading.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, furthest_step=3
    )
    browser = Browser(server)
    token = browser.token(browser.get("/en/card/"))
    browser.post("/en/card/", {"token": card_of(seat).token, "csrfmiddlewaretoken": token})
    path = f"/en/me/{module.slug}/questions/after/"
    page = browser.get(path)
    data = {
        "csrfmiddlewaretoken": browser.token(page),
        "key": re.search(r'name="key" value="([^"]+)"', page)[1],
        "anyway": "1",
        re.search(r'name="([^"]+)" value="hide"', page)[1]: "hide",
    }
    start, answers = threading.Barrier(CONNECTIONS), []

    def send() -> None:
        start.wait()
        answers.append(browser.post(path, data))

    threads = [threading.Thread(target=send) for _number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * CONNECTIONS
    attempt = Attempt.objects.get()
    assert attempt.is_submitted
    assert attempt.responses == ""
    assert dict(Tally.objects.values_list("item", "running")) == {"": 1, "hide": 1}
