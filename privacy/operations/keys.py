"""New keys in place of old ones, without a lesson ending or a card becoming worthless."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Count

from accounts.models import Seat

VARIABLES = {"secret": "SECRET_KEY", "pepper": "BALISE_PEPPERS", "backup": ""}
NAMES = {"secret": "secret_key", "pepper": "peppers", "backup": "backup_key"}


class KeyChangeError(Exception):
    """Nothing was changed, and why."""


def _file(kind: str) -> Path:
    """Where the key stands. One that the environment gives is changed there, by whoever set it."""
    if VARIABLES[kind] in os.environ:
        raise KeyChangeError(f"{VARIABLES[kind]} comes from the environment: change it there.")
    return settings.VAR_DIR / NAMES[kind]


def _write(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner only."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text.rstrip("\n") + "\n" if text else "")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _numbered(path: Path) -> dict[int, str]:
    entries = path.read_text().replace(",", "\n").split() if path.exists() else []
    return {int(entry.partition(":")[0]): entry for entry in entries}


def seats_by_pepper() -> dict[int, int]:
    rows = Seat.objects.order_by("pepper_id").values_list("pepper_id").annotate(Count("pk"))
    return dict(rows)


def add_key(*, kind: str) -> str:
    """Draws a new key; the earlier ones go on being believed. Takes hold when the service starts again."""
    path = _file(kind)
    if kind == "secret":
        earlier = settings.VAR_DIR / "secret_key_fallbacks"
        known = earlier.read_text() if earlier.exists() else ""
        _write(earlier, f"{path.read_text().strip()}\n{known}")
        _write(path, secrets.token_urlsafe(48))
        return "the earlier secret keys still open cookies, sessions and second factors"
    entries = _numbered(path)
    number = max(entries, default=0) + 1
    entries[number] = f"{number}:{secrets.token_hex(32)}"
    _write(path, "\n".join(entries.values()))
    return f"{kind} {number} is the newest"


def retire_key(*, kind: str, number: int | None = None) -> str:
    """Forgets an earlier key for good; refuses while something still needs it."""
    path = _file(kind)
    if kind == "secret":
        count = _seal_again()
        _write(settings.VAR_DIR / "secret_key_fallbacks", "")
        return f"{count} second factors are sealed with the newest secret key; the earlier ones are forgotten"
    entries = _numbered(path)
    if number not in entries:
        raise KeyChangeError(f"There is no {kind} {number}.")
    if number == max(entries):
        raise KeyChangeError(f"{kind} {number} is the newest: draw a new one first.")
    if kind == "pepper" and (count := seats_by_pepper().get(number, 0)):
        raise KeyChangeError(f"{count} seats have cards of pepper {number}: give these classes new cards first.")
    del entries[number]
    _write(path, "\n".join(entries.values()))
    return f"{kind} {number} is forgotten"


@transaction.atomic
def _seal_again() -> int:
    """Second factors move to the newest secret key. Raises KeyChangeError where one cannot be opened."""
    adapter, count = get_adapter(), 0
    for factor in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        for name in {"secret", "seed"} & factor.data.keys():
            factor.data[name] = _opened(adapter.decrypt, adapter.encrypt, factor.data[name])
        factor.save(update_fields=["data"])
        count += 1
    return count


def _opened(decrypt: Callable[[str], str], encrypt: Callable[[str], str], sealed: str) -> str:
    plain = decrypt(sealed)
    if not plain:
        raise KeyChangeError("A second factor cannot be opened with the secret keys that are known.")
    return encrypt(plain)
