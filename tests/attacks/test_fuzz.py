"""Malformed requests at every form, as every role; `make attack` sends ten thousand of them to a real server."""

import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, seed, settings

from config.routes import routes
from tests.attacks import fuzzing
from tests.attacks.inventory import forms, inventory
from tests.attacks.volume import some
from tests.attacks.walking import places
from tests.test_access import VIEWS

pytestmark = pytest.mark.django_db


def test_every_route_and_every_form_is_in_the_inventory(world, capsys):
    call_command("show_routes", json=True)
    shown = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in shown} >= set(VIEWS)
    assert len(shown) == len(routes()) > 150
    call_command("show_routes")
    assert "lessons:step_detail" in capsys.readouterr().out
    found = json.loads(json.dumps(inventory(world)))
    assert any(form["action"].endswith("/questions/before/") and "key" in form["fields"] for form in found["forms"])
    assert {form["role"] for form in found["forms"]} >= {"visitor", "pupil", "administrator", "teacher"}
    assert len(found["forms"]) > 40
    assert {one["name"] for one in shown if one["is_open"]} >= {"healthz", "accounts:sit_down", "lessons:step_detail"}


def test_cwe_20_malformed_requests_are_answered_and_never_a_fault(world):
    addresses = places(world)
    targets = forms(world, addresses) + fuzzing.bare(addresses)
    for client in world.clients.values():
        client.raise_request_exception = True

    @seed(7)
    @settings(
        max_examples=some(200, 2000), deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(fuzzing.attempts(targets))
    def send(attempt):
        status = fuzzing.send_inside(world.clients[attempt.role], attempt)
        assert status < 500, attempt

    send()
