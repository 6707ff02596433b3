"""Staff: invited, welcomed, gone; and the trail of what adults did."""

import datetime
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.enums import Act, Language, Role, Territory
from accounts.models import AuditLine, Authority, Classroom, Invitation, Membership, School, Teaching, User
from accounts.operations.undoing import Undo
from config import rows

INVITATION_DAYS = 14
SYSTEM = "00000000-0000-0000-0000-000000000000"  # the actor of what the operator did on the machine


def record_act(*, act: Act, school: School, actor: User | None, subject: str = "") -> AuditLine:
    """Keeps an act of an adult. The subject names adults and classes, never anything of a pupil."""
    return AuditLine.objects.create(
        act=act, school_key=school.pk, actor_key=actor.pk if actor else SYSTEM, subject=subject[:120]
    )


def digest_of_invitation(token: str) -> str:
    """256 random bits need no pepper."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_school(
    *, name: str, territory: Territory, language: Language, email: str, time_zone: str = ""
) -> tuple[School, str]:
    """Makes a school and invites its first administrator; gives the school and the invitation's token."""
    time_zone = time_zone or Territory(territory).time_zone
    school = School.objects.create(name=name, territory=territory, language=language, time_zone=time_zone)
    record_act(act=Act.CREATE_SCHOOL, school=school, actor=None, subject=name)
    _invitation, token = invite(school=school, email=email, role=Role.ADMINISTRATOR, actor=None)
    return school, token


@transaction.atomic
def set_controller(*, school: School, actor: User, data_controller: str, officer_contact: str) -> None:
    """Says who answers for a school's data, and where the data protection officer is reached."""
    School.objects.filter(pk=school.pk).update(data_controller=data_controller, officer_contact=officer_contact)
    record_act(act=Act.SET_CONTROLLER, school=school, actor=actor, subject=data_controller)


@transaction.atomic
def invite(
    *, school: School, email: str, role: Role, actor: User | None, ends_on: datetime.date | None = None
) -> tuple[Invitation, str]:
    """Invites, or invites again: the newest link is the good one."""
    token = secrets.token_urlsafe(32)
    invitation, _created = Invitation.objects.update_or_create(
        school=school,
        email=email.lower(),
        role=role,
        defaults={
            "token_digest": digest_of_invitation(token),
            "expires_at": timezone.now() + datetime.timedelta(days=INVITATION_DAYS),
            "accepted_on": None,
            "ends_on": ends_on,
        },
    )
    record_act(act=Act.INVITE, school=school, actor=actor, subject=email.lower())
    return invitation, token


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User) -> Undo:
    names = ("id", "email", "role", "token_digest", "ends_on", "expires_at")
    before = {"school": invitation.school_id} | {name: getattr(invitation, name) for name in names}
    record_act(act=Act.REVOKE_INVITATION, school=invitation.school, actor=actor, subject=invitation.email)
    invitation.delete()
    return Undo("revoke", before)


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, user: User | None, name: str = "", password: str = "", language: str = Language.FR
) -> User | None:
    """Gives the invited person the role, once; none when the invitation was used or taken back meanwhile.

    Without a `user`, the account is made; an account that had been closed is opened again with the new password.
    """
    invitation = Invitation.objects.select_for_update(no_key=True, of=("self",)).filter(pk=invitation.pk).first()
    if invitation is None or not invitation.is_open:
        return None
    if user is None:
        user = User.objects.filter(email=invitation.email).first() or User(email=invitation.email)
        user.name, user.language, user.is_active = name, language, True
        user.set_password(password)
        user.save()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    Membership.objects.update_or_create(
        user=user, school=invitation.school, role=invitation.role, defaults={"ends_on": invitation.ends_on}
    )
    invitation.accepted_on = timezone.localdate()
    invitation.save(update_fields=["accepted_on"])
    record_act(act=Act.ACCEPT_INVITATION, school=invitation.school, actor=user, subject=invitation.email)
    return user


@transaction.atomic
def end_membership(*, membership: Membership, actor: User) -> Undo:
    """Ends a role at once, and every session of the person; an account without any role is closed."""
    user, school = membership.user, membership.school
    record_act(act=Act.END_MEMBERSHIP, school=school, actor=actor, subject=user.email)
    before = {"school": school.pk, "user": user.pk, "role": membership.role, "ends_on": membership.ends_on}
    before |= {"classes": [], "closed": False}
    if membership.role == Role.TEACHER:
        teachings = Teaching.objects.filter(user=user, classroom__school=school)
        before["classes"] = list(teachings.values_list("classroom_id", "ends_on"))
        teachings.delete()
    Invitation.objects.filter(school=school, email=user.email, role=membership.role).delete()
    membership.delete()
    end_sessions(user=user)
    rows.admit_roles_of(user.pk)
    has_place = user.memberships.current().exists() or Authority.objects.filter(administrators=user).exists()
    if not has_place and not user.is_superuser:
        before["closed"] = user.is_active
        user.is_active = False
        user.save(update_fields=["is_active"])
    return Undo("end_role", before)


def end_sessions(*, user: User, but: str = "") -> int:
    """Signs a person out everywhere (but for the session with the key `but`); says how many sessions ended."""
    return Session.objects.filter(signed_in__user=user).exclude(pk=but).delete()[1].get("sessions.Session", 0)


@transaction.atomic
def hand_over(*, school: School, leaver: User, successor: User, actor: User) -> Undo:
    """Gives all classes of one teacher in a school to another."""
    classrooms = list(Classroom.objects.filter(school=school, teachings__user=leaver))
    days = dict(Teaching.objects.filter(classroom__in=classrooms, user=leaver).values_list("classroom_id", "ends_on"))
    taught = dict(Teaching.objects.filter(classroom__in=classrooms, user=successor).values_list("classroom", "ends_on"))
    classes = [(one.pk, days[one.pk], one.pk in taught, taught.get(one.pk)) for one in classrooms]
    Teaching.objects.bulk_create(
        [Teaching(classroom=classroom, user=successor) for classroom in classrooms],
        update_conflicts=True,
        unique_fields=["classroom", "user"],
        update_fields=["ends_on"],
    )
    Teaching.objects.filter(classroom__in=classrooms, user=leaver).delete()
    record_act(act=Act.HAND_OVER, school=school, actor=actor, subject=f"{leaver.email} → {successor.email}")
    before = {"school": school.pk, "leaver": leaver.pk, "successor": successor.pk, "classes": classes}
    return Undo("hand_over", before, count=len(classrooms))
