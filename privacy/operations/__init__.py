"""Erasing, remembering what was erased, and letting nothing outlive its term."""

from privacy.operations.erasure import Erased, erase_classroom, erase_classrooms, erase_school, erase_seat, erase_user
from privacy.operations.ledger import LedgerError, read_ledger
from privacy.operations.restoring import apply_ledger
from privacy.operations.retention import retain
from privacy.operations.taking_back import _unmake  # noqa: F401 - registers what it undoes

__all__ = [
    "Erased",
    "LedgerError",
    "apply_ledger",
    "erase_classroom",
    "erase_classrooms",
    "erase_school",
    "erase_seat",
    "erase_user",
    "read_ledger",
    "retain",
]
