"""Writes what an installation must not share, keys and a pepper, to `BALISE_VAR`, readable by its owner only."""

import os
import secrets
from pathlib import Path

VAR = Path(os.environ.get("BALISE_VAR") or Path(__file__).resolve().parent.parent / "var")


def write_once(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
    print(f"Wrote {path}: keep it, and keep it secret.")


def main() -> None:
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_once(VAR / "secret_key", secrets.token_urlsafe(48))
    write_once(VAR / "peppers", f"1:{secrets.token_hex(32)}")
    write_once(VAR / "ledger_key", secrets.token_hex(32))
    write_once(VAR / "backup_key", f"1:{secrets.token_hex(32)}")
    write_once(VAR / "outbox_key", secrets.token_hex(32))


if __name__ == "__main__":
    main()
