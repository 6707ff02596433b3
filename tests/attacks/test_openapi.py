"""Schemathesis on every route and form, as each role: over WSGI, as a server calls the product, tokens asked for."""

from collections import Counter

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import Resolver404, resolve
from django.utils import translation
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.attacks.openapi import document
from tests.attacks.test_forged_requests import BY_TICKET
from tests.attacks.volume import some
from tests.world import World

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
]
ROLES = ("visitor", "pupil", "teacher", "administrator", "authority")
SECRET, OTHER = "a" * 32, "b" * 32
LONGEST = 1.0  # seconds for one answer, asked three times
EPOCH = 1000  # requests to one school: by then much is closed


def cookies(world: World) -> dict[str, dict[str, str]]:
    """What the browser of each role has, and a token of its own."""
    own = {"csrftoken": SECRET, "balise_csrf": SECRET}
    return {role: {name: one.value for name, one in world.clients[role].cookies.items()} | own for role in ROLES}


def attempts(world: World) -> st.SearchStrategy[Case]:
    """Two of three as the forms allow, with anything in their free fields; one of three as they do not."""
    schema = schemathesis.openapi.from_dict(document(world)).exclude(path_regex="^/admin/.")
    good, bad = (schema.as_strategy(generation_mode=one) for one in GenerationMode)
    return st.one_of(good, good, bad)


def view(case: Case) -> str:
    path = case.formatted_path
    with translation.override(path.split("/")[1] if path[3:4] == "/" else "en"):
        try:
            return resolve(path).view_name
        except Resolver404:
            return ""


class Sender:
    """Sends and judges; says what was answered how often."""

    def __init__(self, world: World) -> None:
        self.application, self.cookies = WSGIHandler(), cookies(world)
        self.answers: Counter[tuple[str, int]] = Counter()

    def send(self, case: Case, role: str, token: str) -> Response:
        """A server closes old connections around a request; here all is one transaction of one connection."""
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        try:
            return self._send(case, role, token)
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)

    def _send(self, case: Case, role: str, token: str) -> Response:
        ask = {"app": self.application, "cookies": self.cookies[role], "headers": {"X-CSRFToken": token}}
        response = case.call(**ask)
        seconds = response.elapsed
        for _again in range(2 * (seconds > LONGEST)):
            seconds = min(seconds, case.call(**ask).elapsed)
        case.validate_response(response, checks=CHECKS, headers=ask["headers"])
        assert seconds < LONGEST, f"{seconds:.1f} s as {role}: {case.as_curl_command()}"
        self.answers[role, response.status_code] += 1
        return response


def test_schemathesis_finds_no_fault_no_unknown_answer_and_no_bare_one(world):
    """After the forms of OWASP's API8: as each role, with a token and, one time in ten, with a stranger's."""
    answers: Counter[tuple[str, int]] = Counter()
    for epoch in range(some(1, 10)):
        school = World.make_again(f"Epoch {epoch}") if epoch else world
        sender = Sender(school)

        @seed(epoch)
        @settings(max_examples=some(150, EPOCH), deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(attempts(school), st.sampled_from(ROLES), st.sampled_from([SECRET] * 9 + [OTHER]))
        def attack(case, role, token):
            response = sender.send(case, role, token)  # noqa: B023
            is_forged = token == OTHER and case.method == "POST" and view(case) not in BY_TICKET
            assert not is_forged or response.status_code in (403, 404), case.as_curl_command()

        attack()
        answers += sender.answers
    print(sorted(answers.items()))
    assert {status for _role, status in answers} >= {200, 302, 403, 404}, answers
    assert sum(answers.values()) >= some(150, 10_000)
