"""What is kept about one seat, and what will go at the year's end. Read through the inventory."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.enums import Act
from accounts.models import AuditLine, Authority, Classroom, School, Seat, User
from accounts.operations.people import SYSTEM
from privacy.inventory import ALL, Declaration, Kind, Readers, Subject, Topic, by_place
from privacy.inventory.pack import filled
from privacy.models import JobRun

DAYS_AFTER_YEAR_END = 30


@dataclass(frozen=True)
class Value:
    """One field with what it holds: as the database has it, and in words."""

    field: str
    raw: str
    text: str


@dataclass(frozen=True)
class Line:
    what: str
    values: tuple[Value, ...]
    is_technical: bool


@dataclass(frozen=True)
class Kept:
    """The lines of one row of one table (or of one cookie)."""

    topic: Topic
    declaration: Declaration
    lines: tuple[Line, ...]
    technical: tuple[Line, ...]


def kept_about(seat: Seat, *, is_home: bool, cookie: Mapping[str, object]) -> list[Kept]:
    """Exactly what the inventory declares of a seat, with its present values.

    At home, where somebody may look over a shoulder, rows of sensitive modules are left out: they are shown in class.
    """
    found = []
    for place, declarations in by_place(Kind.FIELD).items():
        if declarations[0].subject != Subject.PUPIL:
            continue
        model = apps.get_model(place)
        for row in _rows(model, seat, is_home):
            found.append(_kept(declarations, lambda name, model=model, row=row: _value(model, row, name)))
    device = by_place(Kind.COOKIE)["balise_seat"]
    found.append(
        _kept(device, lambda name: Value(f"balise_seat.{name}", str(cookie[name]), _cookie_words(cookie[name])))
    )
    order = list(Topic)
    return sorted(found, key=lambda kept: order.index(kept.topic))


def _kept(declarations: Iterable[Declaration], value) -> Kept:
    declarations = list(declarations)
    lines = [
        Line(str(one.what), tuple(value(name) for name in one.names), one.readers == Readers.NOBODY)
        for one in declarations
    ]
    return Kept(
        topic=declarations[0].topic,
        declaration=declarations[0],
        lines=tuple(line for line in lines if not line.is_technical),
        technical=tuple(line for line in lines if line.is_technical),
    )


def _rows(model: type[models.Model], seat: Seat, is_home: bool) -> models.QuerySet:
    if model is Seat:
        return Seat.objects.filter(pk=seat.pk).select_related("classroom", "school", "group")
    rows = model._default_manager.filter(school_id=seat.school_id, school_year=seat.school_year, seat=seat)
    names = {field.name for field in model._meta.local_fields}
    if "vote" in names:
        rows = rows.select_related("vote")
    related = names & {"module", "quiz", "objective"}
    if related:
        path = {"module": "module", "quiz": "quiz__module", "objective": "objective__module"}[related.pop()]
        rows = rows.select_related(path)
        if is_home:
            rows = rows.exclude(**{f"{path}__is_sensitive": True})
    return rows.select_related("seat", "school").order_by("pk")


def _value(model: type[models.Model], row: models.Model, name: str) -> Value:
    field = model._meta.get_field(name)
    raw = field.value_from_object(row)
    return Value(f"{model._meta.label}.{name}", "" if raw is None else str(raw), _in_words(row, field, raw))


def _in_words(row: models.Model, field: models.Field, raw: object) -> str:
    if raw is None or raw == "":
        return "—"
    if field.is_relation:
        return str(getattr(row, field.name))
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
    if isinstance(raw, datetime.datetime):
        return formats.date_format(timezone.localtime(raw), "SHORT_DATETIME_FORMAT")
    if isinstance(raw, datetime.date):
        return formats.date_format(raw, "DATE_FORMAT")
    return str(raw)


def _cookie_words(value: object) -> str:
    if isinstance(value, int) and value:
        return formats.time_format(timezone.localtime(datetime.datetime.fromtimestamp(value, tz=datetime.UTC)))
    return str(value or "—")


def declared_for(*subjects: Subject) -> list[tuple[Subject, list[Declaration]]]:
    """The inventory by subject, as the public page and the register print it."""
    return [(subject, [one for one in ALL if one.subject == subject]) for subject in subjects]


@dataclass(frozen=True)
class Ending:
    """A class and the day on which it goes by itself."""

    classroom: Classroom
    seat_count: int
    ends_on: datetime.date
    goes_on: datetime.date

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()


def goes_on(classroom: Classroom) -> datetime.date:
    """The day on which a class goes by itself."""
    ends_on = classroom.school.year_ends_on(classroom.school_year)
    return ends_on + datetime.timedelta(days=DAYS_AFTER_YEAR_END)


def endings_of(user: User) -> list[Ending]:
    """A teacher's classes with the day on which each goes, soonest first."""
    classrooms = Classroom.objects.visible_to(user).select_related("school").annotate(seat_count=Count("seats"))
    endings = [
        Ending(one, one.seat_count, one.school.year_ends_on(one.school_year), goes_on(one)) for one in classrooms
    ]
    return sorted(endings, key=lambda ending: (ending.goes_on, ending.classroom.label))


@dataclass(frozen=True)
class SchoolEnding:
    """How much of a school goes on one day: numbers only, for administrators."""

    school: School
    class_count: int
    goes_on: datetime.date


def school_endings_of(user: User) -> list[SchoolEnding]:
    schools = School.objects.administered_by(user)
    rows = (
        Classroom.objects.filter(school__in=schools)
        .order_by("school", "school_year")
        .values("school", "school_year")
        .annotate(class_count=Count("pk"))
    )
    by_key = {school.pk: school for school in schools}
    return [
        SchoolEnding(
            by_key[row["school"]],
            row["class_count"],
            goes_on(Classroom(school=by_key[row["school"]], school_year=row["school_year"])),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Receipt:
    """The trail's line of an erasure, read again: what a school prints and keeps."""

    line: AuditLine
    school: School
    label: str
    seat_count: int


def receipts_of(user: User) -> list[Receipt]:
    """Erasures of classes: an administrator's schools' all; a teacher's own, and those that happened by themselves."""
    administered = {school.pk: school for school in School.objects.administered_by(user)}
    taught = {school.pk: school for school in School.objects.taught_in_by(user)}
    lines = AuditLine.objects.filter(
        Q(school_key__in=administered) | Q(school_key__in=taught, actor_key__in=[user.pk, SYSTEM]),
        act=Act.ERASE_CLASSROOM,
    )
    return [_receipt(line, (administered | taught)[line.school_key]) for line in lines[:100]]


def _receipt(line: AuditLine, school: School) -> Receipt:
    label, seats = line.subject.rsplit(" · ", 1)
    return Receipt(line, school, label, int(seats))


@dataclass(frozen=True)
class Health:
    """Scheduled work and when it last ended; `is_late` when nobody has seen it for longer than it should take."""

    label: str
    ended_at: datetime.datetime | None
    is_late: bool


LATE_AFTER = {"retain": datetime.timedelta(hours=6), "backup": datetime.timedelta(days=2)}


def health_of_installation() -> list[Health]:
    """When the purge and the backup last ended. No secret, no path."""
    ended = dict(JobRun.objects.filter(name__in=LATE_AFTER).values_list("name", "ended_at"))
    labels = {"retain": _("Purge of what is over its term, and due releases"), "backup": _("Backup")}
    now = timezone.now()
    return [
        Health(labels[name], ended.get(name), name not in ended or now - ended[name] > late)
        for name, late in LATE_AFTER.items()
    ]


def trail_of(user: User) -> models.QuerySet[AuditLine]:
    """What adults did in the schools that this person administers, newest first."""
    return AuditLine.objects.filter(school_key__in=School.objects.administered_by(user).values("pk"))


def with_actors(lines: Iterable[AuditLine]) -> list[AuditLine]:
    """The lines with the name of who acted, where that person is still known, and the school's."""
    lines = list(lines)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={line.actor_key for line in lines})}
    schools = dict(School.objects.filter(pk__in={line.school_key for line in lines}).values_list("pk", "name"))
    for line in lines:
        line.actor_name = names.get(line.actor_key, "")
        line.school_name = schools.get(line.school_key, "")
    return lines


@dataclass(frozen=True)
class Document:
    """A document of the officer's pack, filled with what the school has said."""

    slug: str
    title: str
    text: str
    has_brackets: bool


def document_of(school: School, slug: str, language: str) -> Document:
    text = (settings.BASE_DIR / "docs/privacy" / f"{slug}.{language}.md").read_text()
    heading, _rest, text = text.partition("\n")
    values = {"controller": school.data_controller, "officer": school.officer_contact}
    text = filled(text, language, values | {"school": school.name, "key": str(school.pk)})
    return Document(slug, heading.removeprefix("# "), text, has_brackets="[" in text.replace("\\[", ""))


def relations_of(scope: School | Authority) -> list[str]:
    """An authority's schools, or the authorities to which a school belongs."""
    related = scope.schools if isinstance(scope, Authority) else scope.authorities
    return list(related.order_by("name").values_list("name", flat=True))
