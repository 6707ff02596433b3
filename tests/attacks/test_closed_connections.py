"""What the attack's clients make of a connection that the server closed: opened again once, counted, never hidden."""

import http.client
import socket
import threading

import pytest

from benchmarks.client import Connection, Person
from benchmarks.siege import CUT_OFF, LARGEST, Wire

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def closing():
    """A server that answers what `answers` says, one request a connection, and closes; a port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(answers):
        for answer in answers:
            beside = listening.accept()[0]
            beside.recv(1000)  # and no more: closing with unread bytes is a reset
            beside.sendall(answer)
            beside.shutdown(socket.SHUT_WR)
            beside.close()
            closed.release()

    closed = threading.Semaphore(0)

    def start(*answers):
        threading.Thread(target=serve, args=[answers], daemon=True).start()
        return listening.getsockname()[1], closed

    yield start
    listening.close()


def test_a_connection_closed_while_idle_is_opened_again_and_counted(closing):
    port, closed = closing(ANSWER, ANSWER)
    one = Connection(port, timeout=5)
    assert one.get(Person(), "/")[0] == 200
    closed.acquire(timeout=5)
    assert one.post(Person(), "/", {})[0] == 200
    assert one.reopened == 1
    one.http.close()


def test_a_new_connection_that_is_closed_without_an_answer_stays_a_finding(closing):
    port, _closed = closing(b"", b"")
    one = Connection(port, timeout=5)
    with pytest.raises(http.client.RemoteDisconnected):
        one.get(Person(), "/")
    one.http.close()
    assert Wire(port, {}).send("GET", "/", {})[0] == 0


def test_a_kept_one_is_opened_again_once_and_no_more(closing):
    port, closed = closing(ANSWER, b"")
    wire, before = Wire(port, {}), Wire.reopened
    assert wire.send("GET", "/", {})[0] == 200
    closed.acquire(timeout=5)
    assert wire.send("GET", "/", {})[0] == 0
    assert Wire.reopened == before + 1


def test_only_a_body_that_is_too_large_may_be_cut_off(closing):
    port, _closed = closing(b"", b"")
    assert Wire(port, {}).send("PUT", "/", {}, b"x" * (LARGEST * 10))[0] == CUT_OFF
    assert Wire(port, {}).send("PUT", "/", {}, b"x" * LARGEST)[0] == 0
