import pytest

from tests.attacks.real_server import harbour
from tests.world import World


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
