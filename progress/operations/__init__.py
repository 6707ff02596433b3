"""Writes: releases, and the demonstration."""

from progress.operations.demonstration import (
    find_demonstration,
    make_demonstration,
    reopen_demonstration,
    set_demonstration_password,
)
from progress.operations.releases import (
    ReleaseRefusedError,
    make_authority_release,
    make_due_releases,
    make_school_release,
)

__all__ = [
    "ReleaseRefusedError",
    "find_demonstration",
    "make_authority_release",
    "make_demonstration",
    "make_due_releases",
    "make_school_release",
    "reopen_demonstration",
    "set_demonstration_password",
]
