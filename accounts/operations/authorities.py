"""Schools and the authorities over them: asked, agreed to, left. Each act stands in the school's trail."""

from uuid import UUID

from django.db import transaction

from accounts.enums import Act
from accounts.models import Authority, AuthorityMembership, AuthorityRequest, School, User
from accounts.operations.people import record_act
from config import rows


@transaction.atomic
def ask_school(*, authority: Authority, key: UUID, actor: User) -> AuthorityRequest | None:
    """Asks the school with this key, which the school itself has given; none where there is no such school.

    A school that belongs to the authority already is asked nothing.
    """
    rows.admit_school(key)
    school = School.objects.filter(pk=key).exclude(authority_memberships__authority=authority).first()
    if school is None:
        return None
    request, is_new = AuthorityRequest.objects.get_or_create(authority=authority, school=school)
    if is_new:
        record_act(act=Act.ASK_SCHOOL, school=school, actor=actor, subject=authority.name)
    return request


@transaction.atomic
def answer_authority(*, request: AuthorityRequest, agrees: bool, actor: User) -> None:
    """The school's word. Its first authority is the one that reports for it."""
    school, authority = request.school, request.authority
    if agrees:
        reports = not school.authority_memberships.filter(is_reporting=True).exists()
        AuthorityMembership.objects.get_or_create(
            authority=authority, school=school, defaults={"is_reporting": reports}
        )
    act = Act.JOIN_AUTHORITY if agrees else Act.REFUSE_AUTHORITY
    record_act(act=act, school=school, actor=actor, subject=authority.name)
    request.delete()


@transaction.atomic
def withdraw_request(*, request: AuthorityRequest) -> None:
    request.delete()


@transaction.atomic
def end_authority(*, membership: AuthorityMembership, actor: User, by_school: bool) -> None:
    """Ends at once what the authority sees of the school. Totals that it has published stay."""
    school = membership.school
    rows.admit_school(school.pk)  # the act stands in the school's trail, whoever ends it
    act = Act.LEAVE_AUTHORITY if by_school else Act.REMOVE_SCHOOL
    record_act(act=act, school=school, actor=actor, subject=membership.authority.name)
    membership.delete()


@transaction.atomic
def choose_reporting(*, membership: AuthorityMembership, actor: User) -> None:
    """From the next release on, this authority's totals hold what the school's own release withholds."""
    school = membership.school
    memberships = AuthorityMembership.objects.filter(school=school)
    memberships.exclude(pk=membership.pk).update(is_reporting=False)
    memberships.filter(pk=membership.pk).update(is_reporting=True)
    record_act(act=Act.CHOOSE_REPORTING, school=school, actor=actor, subject=membership.authority.name)
