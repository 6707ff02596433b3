"""Classes and their seats: made, opened, closed; cards made again."""

import datetime
import secrets
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.enums import Act, Animal, Colour, Form
from accounts.models import Classroom, School, Seat, SeatGroup, Sitting, Teaching, Throttle, User, WaitingSignIn
from accounts.operations.people import record_act
from accounts.operations.undoing import Undo
from accounts.permissions import can_teach_sensitive
from accounts.queries import newest_pepper
from accounts.secrets import home_key, lookup, new_class_code, qr_token

MOST_SEATS = 40
LESSON_MINUTES = 60
LONGEST_OPENING_MINUTES = 240

Handle = tuple[str, str]
_draw = secrets.SystemRandom()


def draw_handles(count: int, *, taken: Iterable[Handle] = ()) -> list[Handle]:
    """`count` handles that are not taken, as varied as they can be: the least used animal in its least used colour."""
    used, drawn = set(taken), []
    if len(used) + count > len(Animal) * len(Colour):
        raise ValueError("There are not so many handles.")
    for _number in range(count):
        animals = [animal for animal, _colour in used]
        colours = [colour for _animal, colour in used]
        free = [(a, c) for a in Animal.values for c in Colour.values if (a, c) not in used]
        weights = {handle: (animals.count(handle[0]), colours.count(handle[1])) for handle in free}
        least = min(weights.values())
        handle = _draw.choice([handle for handle in free if weights[handle] == least])
        used.add(handle)
        drawn.append(handle)
    return drawn


def set_card(seat: Seat, pepper_id: int | None = None) -> Seat:
    """Names a pepper, the newest if none is said, and stores the digests under which this version's card is found."""
    seat.pepper_id = pepper_id or newest_pepper()[0]
    pepper = settings.BALISE_PEPPERS[seat.pepper_id]
    seat.qr_digest = lookup(pepper, "qr", qr_token(pepper, seat.pk, seat.card_version))
    seat.home_digest = lookup(pepper, "home", home_key(pepper, seat.pk, seat.card_version))
    return seat


def _new_seats(classroom: Classroom, handles: list[Handle], first_position: int) -> list[Seat]:
    seats = [
        Seat(
            school_id=classroom.school_id,
            school_year=classroom.school_year,
            classroom=classroom,
            position=first_position + number,
            animal=animal,
            colour=colour,
        )
        for number, (animal, colour) in enumerate(handles)
    ]
    return Seat.objects.bulk_create([set_card(seat) for seat in seats])


def _free_code() -> str:
    while True:
        code = new_class_code()
        if not Classroom.objects.filter(code=code).exists():
            return code


@transaction.atomic
def create_classroom(
    *,
    school: School,
    teacher: User,
    label: str,
    age_of_youngest: int,
    seat_count: int,
    school_year: int | None = None,
) -> Classroom:
    """A class with its seats: handles, quiz form and code are drawn."""
    if not 1 <= seat_count <= MOST_SEATS:
        raise ValueError(f"A class has 1 to {MOST_SEATS} seats.")
    classroom = Classroom.objects.create(
        school=school,
        school_year=school_year or school.school_year_of(school.today()),
        label=label,
        age_of_youngest=age_of_youngest,
        code=_free_code(),
        form=_draw.choice(Form.values),
    )
    Teaching.objects.create(classroom=classroom, user=teacher)
    _new_seats(classroom, draw_handles(seat_count), first_position=1)
    record_act(act=Act.CREATE_CLASSROOM, school=school, actor=teacher, subject=label)
    return classroom


@transaction.atomic
def create_classrooms(*, teacher: User, rows: Iterable[dict]) -> list[Classroom]:
    """Several classes, all or none."""
    return [create_classroom(teacher=teacher, **row) for row in rows]


@transaction.atomic
def set_group(*, classroom: Classroom, age_of_youngest: int, seats: Iterable[Seat]) -> None:
    """Seats of a mixed class that are taught as from this age; from the class's own age: like everybody.

    Groups that have no seat left go.
    """
    if not classroom.age_of_youngest <= age_of_youngest <= 18:
        raise ValueError("A group is not younger than the youngest of its class.")
    group = None
    if age_of_youngest > classroom.age_of_youngest:
        group, _created = SeatGroup.objects.get_or_create(
            school_id=classroom.school_id,
            school_year=classroom.school_year,
            classroom=classroom,
            age_of_youngest=age_of_youngest,
        )
    classroom.seats.filter(pk__in=[seat.pk for seat in seats]).update(group=group)
    classroom.groups.filter(seats__isnull=True).delete()


@transaction.atomic
def open_classroom(
    *, classroom: Classroom, actor: User, minutes: int = LESSON_MINUTES, seats: Iterable[Seat] = ()
) -> Classroom:
    """Holds the class open from now on. A new opening forgets who sat in the last one; a longer one goes on.

    With `seats` it is a new opening for these alone: absent pupils who catch up. Sensitive modules open only if whoever
    opens is ready to teach them.
    """
    if not 1 <= minutes <= LONGEST_OPENING_MINUTES:
        raise ValueError(f"A class is open for 1 to {LONGEST_OPENING_MINUTES} minutes.")
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    called = [seat.pk for seat in seats]
    if called or not classroom.is_open:
        classroom.opening = uuid.uuid4()
        classroom.is_for_chosen = bool(called)
        _forget_opening(classroom)
        classroom.seats.filter(pk__in=called).update(called_for=classroom.opening)
    classroom.opens_sensitive = can_teach_sensitive(actor)
    classroom.open_until = timezone.now() + datetime.timedelta(minutes=minutes)
    classroom.save(update_fields=["open_until", "opening", "is_for_chosen", "opens_sensitive"])
    record_act(act=Act.OPEN_CLASSROOM, school=classroom.school, actor=actor, subject=classroom.label)
    return classroom


@transaction.atomic
def close_classroom(*, classroom: Classroom, actor: User) -> Undo:
    """Ends the opening, and with it who sits and who waits. What belongs to it ends by its key."""
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    before = {name: getattr(classroom, name) for name in ("open_until", "opening", "is_for_chosen", "opens_sensitive")}
    classroom.open_until = None
    classroom.opening = uuid.uuid4()
    classroom.is_for_chosen = classroom.opens_sensitive = False
    classroom.save(update_fields=["open_until", "opening", "is_for_chosen", "opens_sensitive"])
    _forget_opening(classroom)
    record_act(act=Act.CLOSE_CLASSROOM, school=classroom.school, actor=actor, subject=classroom.label)
    return Undo("close", {"classroom": classroom.pk, "closed": classroom.opening, **before})


def _forget_opening(classroom: Classroom) -> None:
    """Pupils at home (a homework sitting) are not of the opening, and stay."""
    Sitting.objects.filter(seat__classroom=classroom, is_home=False).delete()
    WaitingSignIn.objects.filter(seat__classroom=classroom).delete()


@transaction.atomic
def set_homework(*, classroom: Classroom, until: datetime.date | None, actor: User) -> Undo:
    """Until that day the QR code and the home key work while the class is closed; none ends it."""
    before = classroom.homework_until
    classroom.homework_until = until
    classroom.save(update_fields=["homework_until"])
    if until is None:
        Sitting.objects.filter(seat__classroom=classroom, is_home=True).delete()
    record_act(act=Act.SET_HOMEWORK, school=classroom.school, actor=actor, subject=classroom.label)
    return Undo("homework", {"classroom": classroom.pk, "until": until, "before": before})


@transaction.atomic
def reissue_cards(*, classroom: Classroom, actor: User, seat: Seat | None = None) -> Undo:
    """New secrets for one seat, or for all: old cards stop working, whoever sits with one stands up."""
    seats = classroom.seats.select_for_update(no_key=True).order_by("position")
    seats = list(seats.filter(pk=seat.pk) if seat else seats)
    before = [(one.pk, one.card_version, one.pepper_id) for one in seats]
    for one in seats:
        one.card_version += 1
        set_card(one)
    Seat.objects.bulk_update(seats, ["card_version", "pepper_id", "qr_digest", "home_digest"])
    for model in (Sitting, WaitingSignIn, Throttle):
        model.objects.filter(seat__in=seats).delete()
    record_act(act=Act.REISSUE_CARDS, school=classroom.school, actor=actor, subject=classroom.label)
    return Undo("reissue", {"classroom": classroom.pk, "cards": before}, count=len(seats))


def reissue_card(*, seat: Seat, actor: User) -> Undo:
    return reissue_cards(classroom=seat.classroom, actor=actor, seat=seat)


@transaction.atomic
def add_seat(*, classroom: Classroom, actor: User) -> Seat | None:
    """One seat more; none when the class is full."""
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    handles = list(classroom.seats.values_list("animal", "colour"))
    if len(handles) >= MOST_SEATS:
        return None
    last = classroom.seats.aggregate(last=Max("position"))["last"] or 0
    [seat] = _new_seats(classroom, draw_handles(1, taken=handles), first_position=last + 1)
    record_act(act=Act.ADD_SEAT, school=classroom.school, actor=actor, subject=classroom.label)
    return seat


@transaction.atomic
def share_classroom(
    *, classroom: Classroom, colleague: User, actor: User, ends_on: datetime.date | None = None
) -> Teaching:
    teaching, _created = Teaching.objects.update_or_create(
        classroom=classroom, user=colleague, defaults={"ends_on": ends_on}
    )
    record_act(act=Act.SHARE_CLASSROOM, school=classroom.school, actor=actor, subject=colleague.email)
    return teaching


@transaction.atomic
def unshare_classroom(*, teaching: Teaching, actor: User) -> Undo | None:
    """Ends a colleague's part; a class keeps at least one teacher: then nothing is done."""
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=teaching.classroom_id)
    if not classroom.teachings.exclude(pk=teaching.pk).exists():
        return None
    record_act(act=Act.UNSHARE_CLASSROOM, school=classroom.school, actor=actor, subject=teaching.user.email)
    before = {"classroom": classroom.pk, "user": teaching.user_id, "ends_on": teaching.ends_on}
    teaching.delete()
    return Undo("unshare", before)
