"""Schools, staff, classes and seats. Seats get real cards, so that tests can sit down with them."""

import datetime

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import secrets
from accounts.enums import Language, Role, Territory
from accounts.models import (
    Authority,
    AuthorityAdministrator,
    AuthorityMembership,
    Classroom,
    Invitation,
    Membership,
    School,
    Seat,
    Sitting,
    Teaching,
    User,
)
from accounts.operations import create_classroom, open_classroom, sit_down_by_token
from accounts.operations.people import digest_of_invitation
from accounts.queries import card_of

PASSWORD = "a long sentence for tests"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    name = factory.Sequence("School {}".format)
    territory = Territory.FR
    language = Language.FR


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("staff{}@example.org".format)
    name = factory.Sequence("Person {}".format)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", PASSWORD)
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    school = factory.SubFactory(SchoolFactory)
    role = Role.TEACHER


def make_teacher(school: School | None = None, **fields) -> User:
    return MembershipFactory(user=UserFactory(**fields), school=school or SchoolFactory(), role=Role.TEACHER).user


def add_second_factor(user: User) -> User:
    """An app for codes, with the secret of the tests."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    return user


def make_administrator(school: School | None = None, **fields) -> User:
    """With the second factor that an administrator must have."""
    user = add_second_factor(UserFactory(**fields))
    return MembershipFactory(user=user, school=school or SchoolFactory(), role=Role.ADMINISTRATOR).user


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = Authority

    name = factory.Sequence("Authority {}".format)


def make_authority_administrator(*schools: School, **fields) -> User:
    authority = AuthorityFactory()
    for school in schools:
        AuthorityMembership.objects.create(authority=authority, school=school)
    user = add_second_factor(UserFactory(**fields))
    AuthorityAdministrator.objects.create(authority=authority, user=user)
    return user


class InvitationFactory(DjangoModelFactory):
    """`token` is the secret of the link."""

    class Meta:
        model = Invitation

    token = factory.Sequence("invitation-{}".format)
    school = factory.SubFactory(SchoolFactory)
    email = factory.Sequence("invited{}@example.org".format)
    role = Role.TEACHER
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=10))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        token = kwargs.pop("token")
        invitation = super()._create(model_class, *args, token_digest=digest_of_invitation(token), **kwargs)
        invitation.token = token
        return invitation


class ClassroomFactory(DjangoModelFactory):
    """A class with `seat_count` seats, taught by `teacher`, open when `is_open` (an hour).

    As opened by somebody who is ready to teach sensitive modules, unless `opens_sensitive` is said to be false.
    """

    class Meta:
        model = Classroom

    label = factory.Sequence("Class {}".format)
    age_of_youngest = 12
    seat_count = 2

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        is_open = kwargs.pop("is_open", False)
        opens_sensitive = kwargs.pop("opens_sensitive", True)
        teacher = kwargs.pop("teacher", None)
        school = kwargs.pop("school", None)
        school = school or (teacher.memberships.first().school if teacher else SchoolFactory())
        teacher = teacher or make_teacher(school)
        names = {"label", "age_of_youngest", "seat_count", "school_year"}
        fields = {key: kwargs.pop(key) for key in names & kwargs.keys()}
        classroom = create_classroom(school=school, teacher=teacher, **fields)
        if kwargs:
            Classroom.objects.filter(pk=classroom.pk).update(**kwargs)
            classroom.refresh_from_db()
        if is_open:
            classroom = open_classroom(classroom=classroom, actor=teacher)
            classroom.opens_sensitive = opens_sensitive
            classroom.save(update_fields=["opens_sensitive"])
        return classroom


def make_seat(**classroom_fields) -> Seat:
    """The first seat of a new class."""
    return ClassroomFactory(**classroom_fields).seats.in_order()[0]


def teacher_of(classroom: Classroom) -> User:
    return Teaching.objects.filter(classroom=classroom).first().user


def signed_in(user: User) -> Client:
    """A browser in which a member of staff is signed in."""
    client = Client()
    client.force_login(user)
    return client


def sit(seat: Seat, client: Client | None = None) -> Client:
    """A browser in which this seat sits. The class must be open, or take homework."""
    client = client or Client()
    answer = client.post("/en/card/", {"token": card_of(seat).token})
    assert answer.status_code == 302, "the card did not work: is the class open?"
    return client


def make_sitting(seat: Seat, device: str = "a device") -> Sitting:
    pepper = settings.BALISE_PEPPERS[max(settings.BALISE_PEPPERS)]
    token = card_of(seat).token
    return sit_down_by_token(token=token, device_key=secrets.keyed_device(pepper, device)).sitting
