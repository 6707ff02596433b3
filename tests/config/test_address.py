import socket

import pytest

from config import address


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_named_with_a_free_one(listener, host):
    said = address.fault(host, listener)
    assert said.startswith(f"Port {listener} is taken by another program.")
    free = int(said.rsplit("PORT=")[1])
    assert free != listener
    assert address.fault(host, free) == ""


@pytest.mark.parametrize("port", ["0", "65536", "-1", "abc", ""])
def test_what_is_no_port_is_said(port):
    assert "is no port" in address.fault("localhost", port)


def test_what_is_no_address_of_this_machine_is_said():
    assert "no address of this machine" in address.fault("nothing.invalid", "8000")


def test_no_network_is_no_fault(monkeypatch):
    def unreachable(*_arguments):
        raise OSError("Network is unreachable")

    monkeypatch.setattr(address.socket.socket, "connect", unreachable)
    assert address.lan_address() is None
