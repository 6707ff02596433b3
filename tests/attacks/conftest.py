import json
import os
import sys
from pathlib import Path

import pytest
from django.core.signals import got_request_exception, request_started

from tests.attacks.real_server import harbour
from tests.world import World

COUNTED = {"requests": 0, "faults": 0}


def _request(**signal):
    COUNTED["requests"] += 1


def _fault(**signal):
    COUNTED["faults"] += "planted" not in str(sys.exc_info()[1])


def pytest_configure(config):
    request_started.connect(_request)
    got_request_exception.connect(_fault)


def pytest_sessionfinish(session):
    """`make attack` asks how many requests were tried, and how many ended in a fault that no test planted."""
    if target := os.environ.get("BALISE_COUNTED"):
        Path(target).write_text(json.dumps(COUNTED))


@pytest.fixture
def world(db):
    return World.make()


@pytest.fixture(scope="package")
def attacked():
    """A real server with an open class of 35."""
    with harbour() as made:
        yield made


@pytest.fixture
def made(attacked):
    attacked.forget_tries()
    return attacked
