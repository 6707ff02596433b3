"""What a measure takes for itself and leaves nothing of: a folder, a database, a checkout; where figures stay."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.postgresql import PostgreSQL
from benchmarks.server import ROOT

FIGURES = ROOT / "var" / "figures"


@dataclass
class Place:
    """`postgresql` is none on SQLite."""

    var: Path
    url: str
    postgresql: PostgreSQL | None


def tidy_when_ended() -> None:
    """From now on SIGTERM runs what is written to run at the end, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(143))


@contextlib.contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """Gone at the end."""
    tidy_when_ended()
    folder = Path(tempfile.mkdtemp(prefix=f"balise-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def own_place(name: str, database: str = "sqlite", **settings: str) -> Iterator[Place]:
    """A folder, and SQLite in it or a PostgreSQL with these settings; gone at the end."""
    with own_folder(name) as var, contextlib.ExitStack() as stack:
        if database == "sqlite":
            yield Place(var, f"sqlite:///{var / f'{name}.sqlite3'}", None)
            return
        postgresql = PostgreSQL(**settings)
        stack.callback(postgresql.remove)
        yield Place(var, postgresql.url(), postgresql)


@contextlib.contextmanager
def checkout_of(commit: str, folder: Path) -> Iterator[Path]:
    """The project as it was at a commit, in a folder that is not there yet."""
    quiet = {"cwd": ROOT, "stdout": 2, "stderr": 2}
    subprocess.run(["git", "worktree", "add", "--detach", "--force", folder, commit], check=True, **quiet)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", folder], check=False, **quiet)


def keep(name: str, figures: object) -> None:
    """Writes var/figures/NAME.json."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{name}.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False))
