"""Takes back a class or a seat that was just made: it is erased, as long as nobody has used it."""

from accounts.models import Seat, User
from accounts.operations.undoing import only_if, own_classroom, undoes
from privacy.operations.erasure import erase_classroom, erase_seat


@undoes("make")
def _unmake(actor: User, *, classroom: str):
    found = own_classroom(actor, classroom)
    school, label = found.school, found.label
    only_if(not found.is_open and not found.seats.exclude(last_used_on=None).exists())
    erase_classroom(classroom=found, actor=actor)
    return school, label


@undoes("add_seat")
def _take_seat_away(actor: User, *, seat: str):
    found = Seat.objects.visible_to(actor).select_related("classroom__school").filter(pk=seat).first()
    only_if(found and found.last_used_on is None)
    school, label = found.classroom.school, found.classroom.label
    erase_seat(seat=found, actor=actor)
    return school, label
