"""A server whose workers are forked, so that killing one a thousand times is cheap; it says how far each had come.

Only `benchmarks/kills.py` starts it. Each worker has a place in a small shared file: its process, and the phase of what
it is doing. Whoever finds a worker dead reads there what it died in. The product knows nothing of it.
"""

import mmap
import os
import random
import re
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
PLACE = struct.Struct("ii")  # process, phase
COUNTS = struct.Struct("8i")  # workers found dead in each phase


class Phase(IntEnum):
    IDLE = 0
    READING = 1  # the request is here, nothing is written
    WRITING = 2  # from the first write on
    COMMITTING = 3
    COMMITTED = 4
    ANSWERING = 5  # the answer is made and not yet sent whole


class Board:
    """The shared file: a place for each worker, then how many died in which phase."""

    def __init__(self, path: Path, workers: int) -> None:
        size = PLACE.size * workers + COUNTS.size
        if not path.exists():
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), size)
        self.workers = workers

    def place(self, worker: int) -> tuple[int, Phase]:
        pid, phase = PLACE.unpack_from(self.memory, worker * PLACE.size)
        return pid, Phase(phase)

    def put(self, worker: int, pid: int, phase: Phase) -> None:
        PLACE.pack_into(self.memory, worker * PLACE.size, pid, phase)

    @property
    def died_in(self) -> dict[Phase, int]:
        counts = COUNTS.unpack_from(self.memory, self.workers * PLACE.size)
        return {phase: counts[phase] for phase in Phase}

    def count_death(self, phase: Phase) -> None:
        counts = list(COUNTS.unpack_from(self.memory, self.workers * PLACE.size))
        counts[phase] += 1
        COUNTS.pack_into(self.memory, self.workers * PLACE.size, *counts)


DAWDLE_SECONDS = 0.04


class Watched:
    """The product's application, with its phase on the board while it takes a submission.

    It dawdles in one phase of each, so that whoever strikes from outside meets every phase, on a busy machine too.
    """

    def __init__(self, application: Callable, board: Board, worker: int) -> None:
        from django.db import connection

        self.application, self.board, self.worker = application, board, worker
        self.is_watched, self.dawdles_in = False, None
        connection.execute_wrappers.append(self._execute)
        commit = connection._commit

        def watched_commit() -> None:
            self._reach(Phase.COMMITTING)
            commit()
            self._reach(Phase.COMMITTED)

        connection._commit = watched_commit

    def _reach(self, phase: Phase) -> None:
        if self.is_watched:
            self.board.put(self.worker, os.getpid(), phase)
            if phase == self.dawdles_in:
                self.dawdles_in = None
                time.sleep(DAWDLE_SECONDS)

    def _execute(self, execute: Callable, sql, params, many, context):
        result = execute(sql, params, many, context)
        if WRITES.match(str(sql)):
            self._reach(Phase.WRITING)
        return result

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.is_watched = environ["REQUEST_METHOD"] == "POST" and "/questions/" in environ["PATH_INFO"]
        self.dawdles_in = random.choice([*Phase][1:])
        self._reach(Phase.READING)
        answer = self.application(environ, start_response)
        self._reach(Phase.ANSWERING)
        try:
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
            self._reach(Phase.IDLE)
            self.is_watched = False


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def serve(listener: socket.socket, application: Callable, board: Board, worker: int) -> None:
    server = WSGIServer(listener.getsockname(), QuietHandler, bind_and_activate=False)
    server.socket.close()
    server.socket, server.server_name, server.server_port = listener, "127.0.0.1", listener.getsockname()[1]
    server.setup_environ()
    server.set_app(Watched(application, board, worker))
    server.serve_forever()


def main() -> None:
    port, path, workers = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    from config.wsgi import application

    board, processes = Board(path, workers), {}
    listener = socket.create_server(("127.0.0.1", port), backlog=256)

    def fork(worker: int) -> None:
        pid = os.fork()
        if pid == 0:
            random.seed()
            board.put(worker, os.getpid(), Phase.IDLE)
            serve(listener, application, board, worker)
            os._exit(0)
        processes[pid] = worker

    for worker in range(workers):
        fork(worker)
    while True:
        pid, _status = os.wait()
        worker = processes.pop(pid)
        board.count_death(board.place(worker)[1])
        board.put(worker, 0, Phase.IDLE)
        fork(worker)


if __name__ == "__main__":
    main()
