"""A school that nobody attends: made up by a seeded generator, so that every page has something to show."""

import datetime
import random
import uuid

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.enums import Act, Band, Language, Role, Territory
from accounts.models import (
    AuditLine,
    Authority,
    AuthorityAdministrator,
    AuthorityMembership,
    Classroom,
    Membership,
    School,
    Seat,
    User,
)
from accounts.operations import LONGEST_OPENING_MINUTES, create_classroom, open_classroom
from lessons.models import Module, Reading
from lessons.operations import assign_module
from lessons.queries import shown_steps
from progress.disclosure import period
from progress.operations.answers import Pupil
from progress.operations.releases import make_authority_release, make_school_release
from quizzes.enums import Moment
from quizzes.operations import submit_attempt
from quizzes.queries import keys_of, questions_of, quiz_for

SEED = 2026
SCHOOL = "École de démonstration · Demonstration school"
AUTHORITY = "Académie de démonstration · Demonstration authority"
TEACHER, ADMINISTRATOR = "teacher@balise.example", "admin@balise.example"
OPEN_CLASS, FINISHED_CLASS = "5e bleue (démonstration)", "4e verte (démonstration)"
MODULES = ["images-around-us", "when-a-contact-weighs", "words-matter"]
LAST_YEAR = {"": {6: 4, 9: 4, 12: 5, 15: 3}, "B": {9: 3, 12: 3}, "C": {9: 1, 12: 2}, "D": {9: 2, 12: 1, 15: 1}}
"""Classes of last year: by school (the first is the demonstration's own), by age of the youngest."""


def find_demonstration() -> School | None:
    return School.objects.filter(is_demonstration=True, name=SCHOOL).first()


@transaction.atomic
def make_demonstration(*, password: str) -> School:
    """A school with two classes, its staff, an authority above it, and last year's releases; last year's seats go."""
    chance = random.Random(SEED)  # noqa: S311
    schools = {
        letter: School.objects.create(
            name=f"{SCHOOL} {letter}".strip(),
            territory=Territory.FR,
            language=Language.FR,
            is_demonstration=True,
            data_controller="Démonstration · Demonstration",
        )
        for letter in LAST_YEAR
    }
    school = schools[""]
    teacher = _make_user(TEACHER, "Camille (démonstration)", password, school, Role.TEACHER)
    administrator = _make_user(ADMINISTRATOR, "Dominique (démonstration)", password, school, Role.ADMINISTRATOR)
    authority = Authority.objects.create(name=AUTHORITY)
    AuthorityAdministrator.objects.create(authority=authority, user=administrator)
    for one in schools.values():
        AuthorityMembership.objects.create(authority=authority, school=one)
    _make_last_year(schools, authority, teacher, chance)
    _make_this_year(school, teacher, chance)
    return school


def _make_user(email: str, name: str, password: str, school: School, role: Role) -> User:
    """Ready to teach, since it is nobody."""
    user = User.objects.create_user(email, password, name=name, ready_to_teach_on=timezone.localdate())
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Membership.objects.create(user=user, school=school, role=role)
    return user


@transaction.atomic
def set_demonstration_password(*, password: str) -> None:
    for user in User.objects.filter(email__in=[TEACHER, ADMINISTRATOR]):
        user.set_password(password)
        user.save(update_fields=["password"])


@transaction.atomic
def reopen_demonstration(*, school: School) -> Classroom:
    """Holds the class open for as long as one may be; makes this year's classes if they are gone."""
    teacher = User.objects.get(email=TEACHER)
    year = school.school_year_of(timezone.localdate())
    where = {"school": school, "school_year": year, "label": OPEN_CLASS}
    if not Classroom.objects.filter(**where).exists():
        _make_this_year(school, teacher, random.Random(SEED + year))  # noqa: S311
    classroom = Classroom.objects.get(**where)
    return open_classroom(classroom=classroom, actor=teacher, minutes=LONGEST_OPENING_MINUTES)


def _make_last_year(schools: dict[str, School], authority: Authority, teacher: User, chance: random.Random) -> None:
    """Classes that read modules over three terms; what stays of them is what the terms' releases say."""
    year = schools[""].school_year_of(timezone.localdate()) - 1
    classrooms = [
        _make_old_class(school, teacher, f"{age}-{number}", age, chance, year)
        for letter, school in schools.items()
        for age, count in LAST_YEAR[letter].items()
        for number in range(1, count + 1)
    ]
    for classroom in classrooms:
        _read_over_a_year(classroom, chance)
    for term in (1, 2, 3):
        name = f"{year}-T{term}"
        for school in schools.values():
            ends_on = period(name, year_end_month=school.year_end_month).ends_on
            make_school_release(school=school, period_name=name, today=ends_on + datetime.timedelta(days=1))
        make_authority_release(authority=authority, period_name=name, today=ends_on + datetime.timedelta(days=1))
    ids = [classroom.pk for classroom in classrooms]
    Reading.objects.filter(seat__classroom__in=ids).delete()
    Seat.objects.filter(classroom__in=ids).delete()
    Classroom.objects.filter(pk__in=ids).delete()
    AuditLine.objects.filter(
        act=Act.CREATE_CLASSROOM, school_key__in=[school.pk for school in schools.values()]
    ).delete()


def _make_old_class(school: School, teacher: User, label: str, age: int, chance: random.Random, year: int) -> Classroom:
    classroom = create_classroom(
        school=school,
        teacher=teacher,
        label=label,
        age_of_youngest=age,
        seat_count=chance.randint(22, 28),
        school_year=year,
    )
    _backdate(classroom)
    return classroom


def _backdate(classroom: Classroom) -> None:
    """A class begins with its school year."""
    began = classroom.school.year_ends_on(classroom.school_year - 1) + datetime.timedelta(days=1)
    classroom.created_on = began
    Classroom.objects.filter(pk=classroom.pk).update(created_on=began)


def _read_over_a_year(classroom: Classroom, chance: random.Random) -> None:
    """Each module of the band is taught in one term, to most of the class; a few of younger bands, to some."""
    terms = [
        period(f"{classroom.school_year}-T{term}", year_end_month=classroom.school.year_end_month) for term in (1, 2, 3)
    ]
    readings = []
    seats = list(classroom.seats.in_order())
    for module in Module.objects.for_band(classroom.band):
        is_own = module.band == classroom.band
        if chance.random() > (0.7 if is_own else 0.15):
            continue
        term = chance.choice(terms)
        share = chance.uniform(0.7, 1.0)
        for seat in seats:
            if chance.random() < share:
                day = term.starts_on + datetime.timedelta(days=chance.randint(10, 80))
                readings.append(_reading(seat, module, furthest_step=6, done_on=day))
    Reading.objects.bulk_create(readings)


def _reading(seat: Seat, module: Module, **fields) -> Reading:
    return Reading(school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, **fields)


def _make_this_year(school: School, teacher: User, chance: random.Random) -> None:
    """One class in the middle of its modules, and one that has finished before, after and some later questions."""
    open_class, finished_class = (
        create_classroom(school=school, teacher=teacher, label=label, age_of_youngest=13, seat_count=seats)
        for label, seats in ((OPEN_CLASS, 28), (FINISHED_CLASS, 26))
    )
    modules = sorted(
        Module.objects.published().filter(band=Band.TWELVE, slug__in=MODULES), key=lambda one: MODULES.index(one.slug)
    )
    for classroom in (open_class, finished_class):
        _backdate(classroom)
        for module in modules:
            assign_module(classroom=classroom, module=module)
    for number, module in enumerate(modules):
        _teach(open_class, module, chance, begun=(22, 14, 0)[number], done=(18, 9, 0)[number], later=0)
        _teach(finished_class, module, chance, begun=26, done=(25, 24, 25)[number], later=(20, 0, 0)[number])


def _teach(classroom: Classroom, module: Module, chance: random.Random, *, begun: int, done: int, later: int) -> None:
    """The first `begun` seats answer before and read; the first `done` of them hand in after, `later` later on."""
    steps = len(shown_steps(classroom, module))
    seats = list(classroom.seats.in_order())[:begun]
    for seat in seats:
        seat.classroom = classroom
    Reading.objects.bulk_create(
        _reading(seat, module, furthest_step=steps if place < done else chance.randint(1, steps - 1))
        for place, seat in enumerate(seats)
    )
    pupils = {seat.pk: Pupil(chance) for seat in seats}
    for moment, count in ((Moment.BEFORE, begun), (Moment.AFTER, done), (Moment.LATER, later)):
        quiz = quiz_for(classroom, module, moment)
        if quiz is None or not count:
            continue
        keys = keys_of(questions_of(quiz))
        for seat in seats[:count]:
            submit_attempt(
                seat=seat,
                quiz=quiz,
                moment=moment,
                idempotency_key=uuid.UUID(int=chance.getrandbits(128)),
                keys=keys,
                responses=pupils[seat.pk].answers(keys, moment),
            )
    Seat.objects.filter(pk__in=pupils).update(last_used_on=timezone.localdate())
