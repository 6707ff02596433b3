"""Backups: taken while the installation runs, sealed, checked; brought back whole or not at all."""

import datetime
import gzip
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from privacy.models import JobRun
from privacy.operations.ledger import LedgerError, read_ledger
from privacy.secrets import CHUNK, SealError, facts_of, keys_of, seal, unseal

SUFFIX = ".balise"
KEEP_DAYS = 30
ENDED = ("accounts_signedin", "django_session", "accounts_sitting", "accounts_waitingsignin")
"""Who was signed in or sat down then does so again: a session that had ended must not come back."""


class BackupError(Exception):
    """Nothing was changed, and why."""


@dataclass(frozen=True)
class Backup:
    path: Path
    size: int
    digest: str


def read_keys(path: Path) -> dict[int, bytes]:
    try:
        return keys_of(path.read_text())
    except (OSError, ValueError):
        raise BackupError(f"No backup key can be read in {path}: `make setup` writes one.") from None


def take_backup(*, folder: Path, key_file: Path) -> Backup:
    """Seals the database as it is at one moment, and writes its checksum beside it; old ones go."""
    keys = read_keys(key_file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = timezone.now()
    path = folder / f"{now:%Y-%m-%dT%H%M%S.%f}{SUFFIX}"
    draft = path.with_suffix(".part")
    facts = {"engine": connection.vendor, "made_at": now.isoformat(timespec="seconds")}
    with _new_file(draft) as target, _dump() as source:
        seal(iter(lambda: source.read(CHUNK), b""), target, keys=keys, facts=facts)
        target.flush()
        os.fsync(target.fileno())
    _prove(draft, keys)
    digest = _digest(draft)
    path.with_suffix(f"{SUFFIX}.sha256").write_text(f"{digest}  {path.name}\n")
    draft.replace(path)
    _forget_old(folder, now)
    JobRun.objects.update_or_create(name="backup", defaults={"ended_at": now})
    return Backup(path, path.stat().st_size, digest)


def _prove(path: Path, keys: dict[int, bytes]) -> None:
    """A backup that cannot be opened is none: it is read again before it counts."""
    with path.open("rb") as source:
        for _chunk in unseal(source, keys=keys):
            pass


def _new_file(path: Path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget_old(folder: Path, now: datetime.datetime) -> None:
    oldest = (now - datetime.timedelta(days=KEEP_DAYS)).timestamp()
    for file in folder.glob(f"*{SUFFIX}*"):
        if file.stat().st_mtime < oldest:
            file.unlink()


@contextmanager
def _dump() -> Iterator:
    """The whole database as a file that is read once, from one moment, while others write."""
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        path = Path(folder) / "copy"
        if connection.vendor == "sqlite":
            _copy_sqlite(path)
        else:
            _pg("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(path))
        with path.open("rb") as source:
            yield source


def _copy_sqlite(path: Path) -> None:
    plain = path.with_suffix(".plain")
    with (
        closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as live,
        closing(sqlite3.connect(plain)) as copy,
    ):
        live.backup(copy)
    with plain.open("rb") as source, gzip.open(path, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target, CHUNK)


def _pg(program: str, *arguments: str, name: str = "") -> None:
    """One of PostgreSQL's own programs; the password travels in the environment, never in a list of processes."""
    facts = settings.DATABASES["default"]
    where = ["--host", facts["HOST"] or "", "--port", str(facts["PORT"] or 5432), "--username", facts["USER"] or ""]
    environment = os.environ | {"PGPASSWORD": facts["PASSWORD"] or ""}
    command = [program, *where, "--dbname", name or facts["NAME"], *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed: its version may be older than the server's.")


def restore(*, path: Path, key_file: Path) -> str:
    """Brings a backup back: opened whole, brought up to date, the erasure ledger applied, and only then put in place.

    Raises BackupError with nothing changed. Nobody may be served meanwhile.
    """
    _check_digest(path)
    keys = read_keys(key_file)
    _check_ledger()
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        opened = Path(folder) / "opened"
        try:
            with path.open("rb") as source, _new_file(opened) as target:
                for chunk in unseal(source, keys=keys):
                    target.write(chunk)
            with path.open("rb") as source:
                facts = facts_of(source)[0]
        except SealError as error:
            raise BackupError(str(error)) from None
        if facts["engine"] != connection.vendor:
            raise BackupError(
                f"This is a backup of {facts['engine']}, and the installation runs on {connection.vendor}."
            )
        if connection.vendor == "sqlite":
            _restore_sqlite(opened, Path(folder))
        else:
            _restore_postgresql(opened)
    return facts["made_at"]


def _check_digest(path: Path) -> None:
    note = path.with_suffix(f"{SUFFIX}.sha256")
    if not path.exists():
        raise BackupError(f"There is no {path}.")
    if note.exists() and note.read_text().split()[0] != _digest(path):
        raise BackupError("The backup is not the file that was written: its checksum differs.")


def _check_ledger() -> None:
    """The ledger must be as new as the database that is replaced, if that one can still be asked."""
    try:
        read_ledger()
    except LedgerError as error:
        raise BackupError(str(error)) from None
    except DatabaseError:
        return


def _prepare(url: str) -> None:
    """Migrates the copy, and erases in it whatever had been erased; in a process of its own, on that database alone."""
    environment = os.environ | {"DATABASE_URL": url}
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["apply_ledger"]):
        arguments = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise BackupError(f"The backup could not be brought up to date ({command[0]}): {reason}")


def _restore_sqlite(opened: Path, folder: Path) -> None:
    fresh, live = folder / "fresh.sqlite3", Path(settings.DATABASES["default"]["NAME"])
    with gzip.open(opened) as source, _new_file(fresh) as target:
        shutil.copyfileobj(source, target, CHUNK)
    with closing(sqlite3.connect(fresh)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError("The backup's database is damaged.")
    _prepare(f"sqlite:///{fresh}")
    with closing(sqlite3.connect(fresh)) as copy:
        for table in ENDED:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
        copy.commit()
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy.execute("PRAGMA journal_mode=DELETE")
    connections.close_all()
    for leftover in ("-wal", "-shm"):
        Path(f"{live}{leftover}").unlink(missing_ok=True)
    os.replace(fresh, live)


def _restore_postgresql(opened: Path) -> None:
    """Into a database beside the live one, which then takes its name: the role needs CREATEDB."""
    facts = settings.DATABASES["default"]
    name = facts["NAME"]
    fresh, before = f"{name}_restored", f"{name}_replaced"
    connections.close_all()
    connection.close_pool()
    _run_beside(f'DROP DATABASE IF EXISTS "{fresh}"', f'CREATE DATABASE "{fresh}"')
    try:
        _pg("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", str(opened), name=fresh)
        _prepare(_url(fresh))
        with psycopg.connect(_url(fresh)) as copy:
            for table in ENDED:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608
    except BackupError:
        _run_beside(f'DROP DATABASE "{fresh}"')
        raise
    _run_beside(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608
        f'ALTER DATABASE "{name}" RENAME TO "{before}"',
        f'ALTER DATABASE "{fresh}" RENAME TO "{name}"',
        f'DROP DATABASE "{before}"',
    )


def _run_beside(*statements: str) -> None:
    """On the server's own database: one cannot rename where one stands."""
    with psycopg.connect(_url("postgres"), autocommit=True) as beside:
        for statement in statements:
            beside.execute(statement)


def _url(name: str) -> str:
    facts = settings.DATABASES["default"]
    user, password = quote(facts["USER"] or "", safe=""), quote(facts["PASSWORD"] or "", safe="")
    host = f"{facts['HOST'] or 'localhost'}:{facts['PORT'] or 5432}"
    return f"postgresql://{user}{':' + password if password else ''}@{host}/{quote(name, safe='')}"
