"""Takes back what was done to classes and staff. Who sat when a class was closed is not kept: cards are shown again."""

import json

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.enums import Act, Role
from accounts.models import Classroom, Invitation, Membership, School, Seat, Sitting, Teaching, User
from accounts.operations.classrooms import set_card
from accounts.operations.people import record_act
from accounts.operations.undoing import UNDOERS, TooLateError, Undo, only_if, own_classroom, own_school, undoes
from accounts.permissions import can_teach_sensitive
from accounts.secrets import sealing

SECONDS_TO_UNDO = 30 * 60


def seal_undo(undo: Undo, actor: User) -> str:
    text = json.dumps([str(actor.pk), undo.act, undo.before], default=str)
    return sealing(settings.SECRET_KEY, "undo").encrypt(text.encode()).decode()


@transaction.atomic
def take_back(*, actor: User, sealed: str) -> Undo:
    """Restores what was there before, or raises `TooLateError` and changes nothing."""
    try:
        text = sealing(settings.SECRET_KEY, "undo").decrypt(sealed.encode(), ttl=SECONDS_TO_UNDO)
    except InvalidToken:
        raise TooLateError from None
    person, act, before = json.loads(text)
    only_if(person == str(actor.pk))
    school, subject = UNDOERS[act](actor, **before)
    record_act(act=Act.TAKE_BACK, school=school, actor=actor, subject=subject)
    return Undo(act, before)


@undoes("close")
def _reopen(actor: User, *, classroom: str, closed: str, open_until: str | None, opens_sensitive: bool, **opening):
    """The same opening goes on, with its pause, its step and its votes; sensitive modules by who is ready for them."""
    found, until = own_classroom(actor, classroom), parse_datetime(open_until or "")
    only_if(str(found.opening) == closed and until and until > timezone.now())
    opening |= {"open_until": until, "opens_sensitive": opens_sensitive and can_teach_sensitive(actor)}
    for name, value in opening.items():
        setattr(found, name, value)
    found.save(update_fields=list(opening))
    return found.school, found.label


@undoes("homework")
def _restore_homework(actor: User, *, classroom: str, until: str | None, before: str | None):
    found = own_classroom(actor, classroom)
    only_if(found.homework_until == (until and parse_date(until)))
    found.homework_until = before
    found.save(update_fields=["homework_until"])
    if before is None:
        Sitting.objects.filter(seat__classroom=found, is_home=True).delete()
    return found.school, found.label


@undoes("reissue")
def _restore_cards(actor: User, *, classroom: str, cards: list):
    """The cards printed before work again, and those made since no longer."""
    found = own_classroom(actor, classroom)
    seats = {str(one.pk): one for one in found.seats.select_for_update(no_key=True)}
    only_if(all(key in seats and seats[key].card_version == version + 1 for key, version, _pepper in cards))
    only_if(all(pepper in settings.BALISE_PEPPERS for _key, _version, pepper in cards))
    for key, version, pepper in cards:
        seats[key].card_version = version
        set_card(seats[key], pepper)
    changed = [seats[key] for key, *_rest in cards]
    Seat.objects.bulk_update(changed, ["card_version", "pepper_id", "qr_digest", "home_digest"])
    Sitting.objects.filter(seat__in=changed).delete()
    return found.school, found.label


def _teaches_in(user: str, school: School) -> bool:
    return Membership.objects.current().filter(user=user, school=school, role=Role.TEACHER).exists()


@undoes("unshare")
def _restore_part(actor: User, *, classroom: str, user: str, ends_on: str | None):
    """Whoever left a class comes back alone; a colleague is brought back by who teaches the class."""
    if user == str(actor.pk):
        found = Classroom.objects.select_related("school").filter(pk=classroom).first()
        only_if(found)
    else:
        found = own_classroom(actor, classroom)
    only_if(_teaches_in(user, found.school) and not found.teachings.filter(user=user).exists())
    Teaching.objects.create(classroom=found, user_id=user, ends_on=ends_on)
    return found.school, User.objects.get(pk=user).email


@undoes("hand_over")
def _give_back(actor: User, *, school: str, leaver: str, successor: str, classes: list):
    """`classes`: key, the leaver's last day, whether the successor taught it before, the successor's last day."""
    found = own_school(actor, school)
    keys = [key for key, *_rest in classes]
    teachings = Teaching.objects.filter(classroom__in=keys, classroom__school=found)
    only_if(_teaches_in(leaver, found) and not teachings.filter(user=leaver).exists())
    only_if(teachings.filter(user=successor, ends_on=None).count() == len(keys))
    for key, ends_on, taught, successor_ends_on in classes:
        Teaching.objects.create(classroom_id=key, user_id=leaver, ends_on=ends_on)
        own = teachings.filter(classroom=key, user=successor)
        own.update(ends_on=successor_ends_on) if taught else own.delete()
    return found, User.objects.get(pk=leaver).email


@undoes("revoke")
def _invite_again(actor: User, *, school: str, email: str, role: str, **row):
    """The link that was sent works again."""
    found = own_school(actor, school)
    only_if(not Invitation.objects.filter(school=found, email=email, role=role).exists())
    Invitation.objects.create(school=found, email=email, role=role, **row)
    return found, email


@undoes("end_role")
def _restore_role(actor: User, *, school: str, user: str, role: str, ends_on: str | None, classes: list, closed: bool):
    """The role and its classes; the person signs in again."""
    found = own_school(actor, school)
    person = User.objects.filter(pk=user).first()
    only_if(person and not Membership.objects.filter(user=person, school=found, role=role).exists())
    Membership.objects.create(user=person, school=found, role=role, ends_on=ends_on)
    there = Classroom.objects.filter(school=found, pk__in=[key for key, _day in classes])
    days = dict(classes)
    rows = [Teaching(classroom=one, user=person, ends_on=days[str(one.pk)]) for one in there]
    Teaching.objects.bulk_create(rows, ignore_conflicts=True)
    if closed:
        User.objects.filter(pk=user).update(is_active=True)
    return found, person.email
