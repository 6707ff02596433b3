"""Runs the server and says why it ended. A process of its own, so that it costs what a bare Python costs.

`python -m config.serving granian …`. Signals go on to the server; its exit status is ours.
"""

import signal
import subprocess
import sys

HINTS = {
    signal.SIGKILL: "The machine ends processes so when memory runs out: fewer --workers, or more memory.",
    signal.SIGSEGV: "A library broke. Install again what is needed: remove .venv, then `make run`.",
}


def reason(status: int, received: int) -> str:
    """Why the server ended, of its exit status (negative: a signal's number) and of the signal that came to us."""
    if received == signal.SIGINT:
        return "Balise has stopped: Ctrl-C."
    if received:
        return f"Balise has stopped: this machine asked for it ({signal.Signals(received).name})."
    if status < 0:
        name = signal.Signals(-status)
        return " ".join(filter(None, [f"Balise was ended from outside ({name.name}).", HINTS.get(name, "")]))
    if status == 0:
        return "Balise has stopped: the server ended by itself."
    return f"Balise could not go on: the server ended with status {status}. What it said stands above."


def main(arguments: list[str]) -> int:
    received: list[int] = []
    server = subprocess.Popen([sys.executable, "-m", *arguments])  # noqa: S603

    def pass_on(number: int, _frame: object) -> None:
        received.append(number)
        if number != signal.SIGINT:  # a terminal sends Ctrl-C to both
            server.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = server.wait()
    sys.stderr.write(f"\n{reason(status, received[0] if received else 0)}\n")
    if received:
        return 0
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
