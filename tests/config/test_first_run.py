import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "config/first_run.py"


def test_the_keys_are_written_once_where_the_installation_keeps_things(tmp_path):
    where = tmp_path / "kept" / "here"

    def run() -> str:
        environment = os.environ | {"BALISE_VAR": str(where)}
        return subprocess.run(
            [sys.executable, SCRIPT], env=environment, check=True, capture_output=True, text=True
        ).stdout

    assert f"Wrote {where}/secret_key" in run()
    written = {file.name: file.read_text() for file in where.iterdir()}
    assert set(written) == {"secret_key", "peppers", "ledger_key", "backup_key", "outbox_key"}
    assert {oct(file.stat().st_mode)[-3:] for file in where.iterdir()} == {"600"}
    assert run() == ""
    assert {file.name: file.read_text() for file in where.iterdir()} == written
