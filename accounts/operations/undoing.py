"""Acts that can be taken back. An operation returns what undoes it; the page that confirms the act offers that.

What undoes an act is kept nowhere: it travels, sealed, in a button of the page, for half an hour and for whoever acted.
The right is checked anew, and nothing is taken back that was changed again meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.models import Classroom, School, User


class TooLateError(Exception):
    """Half an hour is over, the right is gone, or what was done was changed since."""


@dataclass(frozen=True)
class Undo:
    """How an act is taken back: which, and what was there before. `count` is for the page: how much was done."""

    act: str
    before: dict = field(default_factory=dict)
    count: int = 1


Undoer = Callable[..., tuple[School, str]]
UNDOERS: dict[str, Undoer] = {}
"""For each act what restores it, with the actor and `before`; it says in which school, and whose trail line it is."""


def undoes(act: str) -> Callable[[Undoer], Undoer]:
    def register(undoer: Undoer) -> Undoer:
        UNDOERS[act] = undoer
        return undoer

    return register


def own_classroom(actor: User, key: str) -> Classroom:
    """The class, held until the transaction ends, if the person teaches it now."""
    if not Classroom.objects.visible_to(actor).filter(pk=key).exists():
        raise TooLateError
    return Classroom.objects.select_for_update(no_key=True, of=("self",)).select_related("school").get(pk=key)


def own_school(actor: User, key: str) -> School:
    """The school, if the person administers it now."""
    school = School.objects.administered_by(actor).filter(pk=key).first()
    if school is None:
        raise TooLateError
    return school


def only_if(still_so: object) -> None:
    if not still_so:
        raise TooLateError
