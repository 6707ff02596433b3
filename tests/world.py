"""One school with everything that an address can name, and seven who knock at every door."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.test import Client

from accounts.enums import Act
from accounts.models import (
    AuditLine,
    Authority,
    AuthorityRequest,
    Classroom,
    Membership,
    School,
    Teaching,
    User,
    WaitingSignIn,
)
from lessons.models import Assignment, Module
from quizzes.enums import QuizKind
from quizzes.operations import load_quiz
from tests.factories import quizzes
from tests.factories.accounts import (
    AuthorityFactory,
    ClassroomFactory,
    InvitationFactory,
    SchoolFactory,
    make_administrator,
    make_authority_administrator,
    make_teacher,
    sit,
)
from tests.factories.lessons import GlossaryTermFactory, HelplineFactory, ModuleFactory
from tests.factories.quizzes import make_assigned_with_quiz
from tests.lessons.test_staff_views import PAPER, PLAN

ROLES = ("visitor", "pupil", "stranger", "elsewhere", "administrator", "authority", "teacher")


@dataclass
class World:
    school: School
    teacher: User
    classroom: Classroom
    module: Module
    staff_module: Module

    @classmethod
    def make(cls) -> "World":
        """A class of three that is open, with a module assigned and read by nobody yet."""
        school = SchoolFactory(name="School of the world")
        teacher = make_teacher(school)
        classroom = ClassroomFactory(teacher=teacher, school=school, seat_count=3, is_open=True, form="A")
        content = {"plan_en": PLAN, "plan_fr": PLAN, "paper_en": PAPER, "paper_fr": PAPER}
        module = make_assigned_with_quiz(classroom, slug="quiet-harbour", **content)
        staff_module = ModuleFactory(band="staff", slug="staff-harbour", steps=1)
        load_quiz(module=staff_module, kind=QuizKind.STAFF, questions=quizzes.questions("s"))
        GlossaryTermFactory(), HelplineFactory(), HelplineFactory(territory="ANY", is_emergency=True)
        return cls(school, teacher, classroom, module, staff_module)

    @classmethod
    def make_again(cls, label: str) -> "World":
        """A second school beside the first, with the same module: whatever is of it is foreign there."""
        school = SchoolFactory(name=f"School of {label}")
        teacher = make_teacher(school)
        classroom = ClassroomFactory(teacher=teacher, school=school, seat_count=3, is_open=True, form="A", label=label)
        module = Module.objects.get(slug="quiet-harbour")
        Assignment.objects.create(
            school=school, school_year=classroom.school_year, classroom=classroom, module=module, position=1
        )
        return cls(school, teacher, classroom, module, Module.objects.get(slug="staff-harbour"))

    @cached_property
    def clients(self) -> dict[str, Client]:
        """A browser for each role. `stranger` teaches in another school, and `elsewhere` administers that one."""
        another = SchoolFactory(name="Another school")
        users = {
            "stranger": make_teacher(another),
            "elsewhere": make_administrator(another),
            "administrator": make_administrator(self.school),
            "authority": make_authority_administrator(self.school),
            "teacher": self.teacher,
        }
        clients = {role: Client() for role in ROLES}
        for role, user in users.items():
            clients[role].force_login(user)
        sit(self.classroom.seats.in_order()[0], clients["pupil"])
        return clients

    def name(self, argument: str, view: str) -> object:
        """What stands in an address for an argument of this name: a thing of this school that is there."""
        return getattr(self, f"_{argument}")(view)

    def _classroom_id(self, view):
        return self.classroom.pk

    def _seat_id(self, view):
        return self.classroom.seats.in_order()[1].pk

    def _school_id(self, view):
        return self.school.pk

    def _document(self, view):
        return "notices"

    def _slug(self, view):
        return self.staff_module.slug if view in ("quizzes:staff_quiz", "lessons:staff_step") else self.module.slug

    def _number(self, view):
        return 1

    def _kind(self, view):
        return "worksheet"

    def _band(self, view):
        return "9-11"

    def _moment(self, view):
        return "before"

    def _assignment_id(self, view):
        return Assignment.objects.get(classroom=self.classroom).pk

    def _waiting_id(self, view):
        seat = self.classroom.seats.in_order()[2]
        return WaitingSignIn.objects.create(
            school=self.school, school_year=seat.school_year, seat=seat, device_key=uuid.uuid4().hex * 2
        ).pk

    def _teaching_id(self, view):
        return Teaching.objects.create(classroom=self.classroom, user=make_teacher(self.school)).pk

    def _membership_id(self, view):
        if view.startswith("accounts:authority"):
            return self._authority.memberships.get().pk
        return Membership.objects.get(user=make_teacher(self.school)).pk

    @property
    def _authority(self) -> Authority:
        assert self.clients, "its administrator makes it"
        return Authority.objects.get(schools=self.school)

    def _authority_id(self, view):
        return self._authority.pk

    def _request_id(self, view):
        authority = self._authority
        if view == "accounts:authority_answer":
            authority = AuthorityFactory()
        return AuthorityRequest.objects.get_or_create(authority=authority, school=self.school)[0].pk

    def _invitation_id(self, view):
        return InvitationFactory(school=self.school).pk

    def _token(self, view):
        return InvitationFactory(school=self.school).token

    def _pk(self, view):
        return 1

    def _provider_id(self, view):
        return "nobody"

    def _key(self, view):
        return "no-key"

    def _uidb36(self, view):
        return "1"

    def _line_id(self, view):
        return AuditLine.objects.create(
            school_key=self.school.pk,
            actor_key=self.teacher.pk,
            act=Act.ERASE_CLASSROOM,
            subject="Class 9 · 3 · 12",
        ).pk
