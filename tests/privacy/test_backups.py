"""A backup is opened whole or not at all, and brings nothing back that had been erased."""

import io
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from privacy.secrets import SealError, facts_of, keys_of, seal, unseal

KEYS = {1: bytes(range(32)), 2: bytes(range(32, 64))}
DRILL = Path(__file__).with_name("drill.py")


def sealed(*chunks: bytes, keys=KEYS) -> bytes:
    target = io.BytesIO()
    seal(chunks, target, keys=keys, facts={"engine": "sqlite"})
    return target.getvalue()


def opened(content: bytes, keys=KEYS) -> bytes:
    return b"".join(unseal(io.BufferedReader(io.BytesIO(content)), keys=keys))


@given(st.lists(st.binary(max_size=50), max_size=5))
@effort(max_examples=50, deadline=None)
def test_what_is_sealed_is_opened_again(chunks):
    assert opened(sealed(*chunks)) == b"".join(chunks)


def test_nothing_of_it_can_be_read_and_no_two_files_are_alike():
    text = b"Loutre bleue" * 100
    assert b"Loutre" not in sealed(text)
    assert sealed(text) != sealed(text)


@given(st.data())
@effort(max_examples=150, deadline=None)
def test_a_file_that_was_cut_or_changed_anywhere_is_refused(data):
    whole = sealed(b"a" * 40, b"b" * 40, b"c" * 40)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    for bad in (whole[:place], bytes(changed), whole + b"x"):
        with pytest.raises(SealError):
            opened(bad)


def test_chunks_cannot_be_left_out_at_the_end():
    first = sealed(b"a" * 40, b"b" * 40)
    with pytest.raises(SealError):
        opened(first[: len(first) - 60])


def test_a_file_is_opened_with_an_older_key_that_is_kept_and_not_with_another():
    old = sealed(b"text", keys={1: KEYS[1]})
    assert opened(old) == b"text"
    with pytest.raises(SealError, match="key 1, which is not in the key file"):
        opened(old, keys={2: KEYS[2]})
    with pytest.raises(SealError):
        opened(old, keys={1: KEYS[2]})
    assert facts_of(io.BytesIO(sealed(b"text")))[0]["key"] == 2


@pytest.mark.parametrize("text", ["", "1:ab", "1"])
def test_a_weak_or_missing_key_is_refused(text):
    with pytest.raises((SealError, ValueError)):
        keys_of(text)


@pytest.fixture
def database(tmp_path):
    """The address of an empty database of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/live.sqlite3"
        return
    facts, name = settings.DATABASES["default"], f"drill_{secrets.token_hex(4)}"
    server = f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST'] or 'localhost'}:{facts['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as beside:
        beside.execute(f'CREATE DATABASE "{name}"')
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as beside:
        beside.execute(f'DROP DATABASE IF EXISTS "{name}"')


def test_the_drill(database, tmp_path):
    """Two schools, a backup, one of them erased and a third made; four restores that fail and one that works."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "BALISE_VAR": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "BALISE_PEPPERS": f"1:{secrets.token_hex(32)}",
        "BALISE_LEDGER_KEY": secrets.token_hex(32),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, DRILL], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["before"] == ["Kept", "Made afterwards"]
    refusals = said["refusals"]
    assert "another key" in refusals["wrong key"]
    assert "checksum" in refusals["cut"]
    assert "cut" in refusals["cut, without its checksum"]
    assert "ledger" in refusals["no ledger"]
    assert all("Nothing was changed." in text for text in refusals.values())
    assert said["unchanged"] == [said["before"]] * len(refusals)
    assert said["after"] == ["Kept"], "the erased school stays erased, the backup is as old as it is"
    assert said["sessions"] == 0
    assert said["mode"] == "0o600"
    assert not list(tmp_path.glob("tmp*")), "no opened copy is left"
