"""Where to serve: names a taken port, and finds this machine's address on the local network. Standard library only."""

import errno
import socket
import sys

LOCAL = {"localhost", "127.0.0.1", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104


def ip_of(host: str) -> str:
    """What the server binds: `localhost` is 127.0.0.1."""
    return "127.0.0.1" if host == "localhost" else host


def is_taken(host: str, port: int) -> bool:
    """Whether another program listens there, or, on localhost, where a browser would look first.

    Raises OSError where this machine cannot serve at all.
    """
    places = ["127.0.0.1", "::1"] if host in LOCAL else [host]
    for place in places:
        with socket.socket(socket.AF_INET6 if ":" in place else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((place, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return True
                if host not in LOCAL:
                    raise
    return False


def lan_address() -> str | None:
    """This machine's address on the local network; nothing is sent to find it. None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: it only makes the system choose a route
        except OSError:
            return None
        return probe.getsockname()[0]


def fault(host: str, port: str | int) -> str:
    """Why nobody can serve there, in words for a newcomer; empty when it is free."""
    try:
        number = int(port)
        if not 1 <= number <= 65535:
            raise ValueError
    except ValueError:
        return f"{port} is no port: choose a number from 1 to 65535, as in `make run PORT=8001`."
    try:
        if not is_taken(host, number):
            return ""
    except PermissionError:
        return f"Port {number} is for the system: choose one from 1024 up, as in `make run PORT=8000`."
    except OSError:
        return f"{host} is no address of this machine: use HOST=localhost or HOST=0.0.0.0."
    free = next((p for p in range(number + 1, min(number + 50, 65536)) if not is_taken(host, p)), 8001)
    return f"Port {number} is taken by another program. Stop it, or use a free one: make run PORT={free}"


if __name__ == "__main__":
    if reason := fault(sys.argv[1], sys.argv[2]):
        sys.exit(reason)
