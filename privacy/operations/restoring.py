"""After a restore: what had been erased is erased again, before anything is served."""

from uuid import UUID

from django.db import transaction

from privacy.operations.erasure import forget
from privacy.operations.ledger import MODELS, digest_of, read_ledger


@transaction.atomic
def apply_ledger() -> dict[str, int]:
    """Erases again whatever a restore brought back; says how many of each kind. Again is the same as once.

    Raises LedgerError where the ledger is missing, damaged or older than the database.
    """
    wanted = {(line.kind, line.digest) for line in read_ledger()}
    erased = {}
    for kind in ("user", "school", "classroom", "seat"):
        back = [key for key in _keys_of(kind, wanted) if (kind, digest_of(kind, key)) in wanted]
        for start in range(0, len(back), 500):
            forget(kind, back[start : start + 500])
        erased[kind] = len(back)
    return erased


def _keys_of(kind: str, wanted: set[tuple[str, str]]) -> list[UUID]:
    if not any(one == kind for one, _digest in wanted):
        return []
    return list(MODELS[kind].objects.values_list("pk", flat=True))
