"""The words in which something kept is declared. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(TextChoices):
    FIELD = "field", _("Field of the database")
    COOKIE = "cookie", _("Cookie")
    SESSION = "session", _("Session of staff")
    CACHE = "cache", _("Cache")
    BROWSER = "browser", _("Storage of the browser")
    LOG = "log", _("Log")
    FILE = "file", _("File")
    PAPER = "paper", _("Paper")


class Subject(TextChoices):
    PUPIL = "pupil", _("A pupil, under a pseudonym (a seat)")
    CLASS = "class", _("A class as a whole")
    STAFF = "staff", _("A member of staff")
    SCHOOL = "school", _("A school or an authority, no person")
    CONTENT = "content", _("Lessons, no person")
    OPERATOR = "operator", _("The installation, no person")


class Ground(TextChoices):
    PUBLIC_TASK = "public_task", _("Public task: teaching (Art. 6(1)(e))")
    SECURITY = "security", _("Public task: keeping staff access safe (Art. 6(1)(e), Art. 32)")
    OPEN_DATA = "open_data", _("Public task: figures that leave a class (Art. 6(1)(e), Art. 89)")
    NONE = "none", _("No personal data")


class Purpose(TextChoices):
    SIT_DOWN = "sit_down", _("Sitting down without a name")
    FOLLOW = "follow", _("Finding one's way through a lesson, and going on where one stopped")
    UNDERSTAND = "understand", _("Seeing what a class understood")
    PROTECT = "protect", _("Stopping somebody who guesses pictures")
    ORGANISE = "organise", _("Running classes and lessons")
    ACCESS = "access", _("Knowing which member of staff may do what")
    SIGN_IN = "sign_in", _("Signing staff in safely")
    ACCOUNT_FOR = "account_for", _("Answering for what adults did")
    REPORT = "report", _("Telling a school how many finished, without finding anybody")
    TEACH = "teach", _("Showing the lessons")
    OPERATE = "operate", _("Keeping the installation running")
    READ = "read", _("Showing pages as the reader wants them")
    ERASE = "erase", _("Making erasure last through a restore")


class Retention(TextChoices):
    SITTING = "sitting", _("While the seat is in use: 90 minutes at most")
    DAY = "day", _("Until the next day")
    LESSON = "lesson", _("Until the vote is closed and put away; at the latest until the lesson ends")
    OPEN_ATTEMPT = (
        "open_attempt",
        _("Until handed in; of a sensitive module until the lesson ends; 8 days at most"),
    )
    YEAR = "year", _("Until 30 days after the end of the school year")
    INVITATION = "invitation", _("Until the invitation expires: 14 days")
    ROLE = "role", _("While the role lasts")
    ACCOUNT = "account", _("While the person has a role; then a year after the last sign-in")
    SESSION = "session", _("Until sign-out; 12 hours at most")
    MINUTES = "minutes", _("A few minutes, in memory")
    TRAIL = "trail", _("One year")
    FIVE_YEARS = "five_years", _("Five years")
    SCHOOL = "school", _("While the school uses Balise")
    CONTENT = "content", _("While it is taught")
    LAST = "last", _("The last one only")
    BROWSER = "browser", _("Until the browser is closed")
    DEVICE = "device", _("Until “I have finished”, or until it is sent")
    LOGS = "logs", _("30 days")
    BACKUP = "backup", _("30 days; a restore erases again what had been erased")
    LEDGER = "ledger", _("While the installation runs; a line is a keyed hash and a day")
    PAPER = "paper", _("Until the end of the school year, then destroyed, and signed for")


LONGEST_DAYS: Mapping[Retention, int] = {
    Retention.SITTING: 1,
    Retention.DAY: 1,
    Retention.LESSON: 1,
    Retention.OPEN_ATTEMPT: 9,
    Retention.YEAR: 366 + 30,
    Retention.INVITATION: 15,
    Retention.SESSION: 1,
    Retention.TRAIL: 366,
    Retention.FIVE_YEARS: 5 * 366,
}
"""Terms that a date ends, in days at most. Others end with a role, a school, a browser."""


class Readers(TextChoices):
    NOBODY = "nobody", _("Nobody: only the program")
    PUPIL = "pupil", _("The pupil who sits there")
    PUPIL_TEACHER = "pupil_teacher", _("The pupil who sits there, and the teachers of the class")
    TEACHER = "teacher", _("The teachers of the class")
    PUBLISHED = "published", _("The teachers of the class, from five submissions on and in steps")
    STAFF = "staff", _("The person, and the administrators of the school")
    PERSON = "person", _("The person only")
    FIGURES = "figures", _("Administrators, as bands of ten")
    ANYBODY = "anybody", _("Anybody")
    OPERATOR = "operator", _("The operator of the machine")


class Eraser(TextChoices):
    STAND_UP = "stand_up", _("“I have finished”, the end of the lesson, or by itself")
    NIGHTLY = "nightly", _("By itself")
    SEAT = "seat", _("Erasing the seat, or the class; by itself after the school year")
    CLASSROOM = "classroom", _("Erasing the class; by itself after the school year")
    SCHOOL = "school", _("Erasing the school")
    USER = "user", _("Ending the role, or erasing the account")
    SIGN_OUT = "sign_out", _("Signing out, or by itself")
    BROWSER = "browser", _("Closing the browser, or standing up")
    RETAIN_RELEASES = "releases", _("Erasing the school (its own releases), or by itself after five years")
    LOADING = "loading", _("Loading the curriculum again")
    ROTATION = "rotation", _("Rotation by the operator")
    TEACHER = "teacher", _("The teacher, by hand, who signs for it")
    NONE = "none", _("Nothing: it concerns no person")


class Topic(TextChoices):
    """What a pupil or a parent would call it: the public page speaks in these."""

    SEAT = "seat", _("Your seat")
    SITTING = "sitting", _("That you sit here now")
    TRIES = "tries", _("Wrong pictures")
    READING = "reading", _("How far you have read")
    ANSWERS = "answers", _("Your answers")
    RESULTS = "results", _("What you got, and what to look at again")
    CLASS_COUNTS = "class_counts", _("What your class understood")
    DEVICE = "device", _("What stays on this device")
    PAPER = "paper", _("The paper list")


@dataclass(frozen=True)
class Declaration:
    """Some names in one place that are kept alike. For a field, `place` is the model's label."""

    kind: Kind
    place: str
    names: tuple[str, ...]
    what: Text
    subject: Subject
    purpose: Purpose
    ground: Ground
    retention: Retention
    readers: Readers
    eraser: Eraser
    topic: Topic | None = None


def declare(
    place: str,
    things: Mapping[str, Text],
    *,
    subject: Subject,
    purpose: Purpose,
    retention: Retention,
    readers: Readers,
    eraser: Eraser,
    ground: Ground = Ground.PUBLIC_TASK,
    kind: Kind = Kind.FIELD,
    topic: Topic | None = None,
) -> list[Declaration]:
    """One declaration for each entry of `things`: names, parted by spaces, and what they are."""
    return [
        Declaration(
            kind=kind,
            place=place,
            names=tuple(names.split()),
            what=what,
            subject=subject,
            purpose=purpose,
            ground=ground,
            retention=retention,
            readers=readers,
            eraser=eraser,
            topic=topic,
        )
        for names, what in things.items()
    ]
