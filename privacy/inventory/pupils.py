"""What is kept of a seat and of a class. Pure."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.terms import Eraser, Purpose, Readers, Retention, Subject, Topic, declare

ROW = _("A random number of the line")
PLACE = _("Which school and which school year")
WHICH_SEAT = _("Which seat")
WHICH_CLASS = _("Which class")
WHICH_MODULE = _("Which module")

SEAT = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.SIT_DOWN,
    "retention": Retention.YEAR,
    "eraser": Eraser.SEAT,
    "topic": Topic.SEAT,
}
SITTING = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.FOLLOW,
    "retention": Retention.SITTING,
    "eraser": Eraser.STAND_UP,
    "topic": Topic.SITTING,
}
TRIES = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.PROTECT,
    "retention": Retention.DAY,
    "eraser": Eraser.NIGHTLY,
    "topic": Topic.TRIES,
}
READING = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.FOLLOW,
    "retention": Retention.YEAR,
    "eraser": Eraser.SEAT,
    "topic": Topic.READING,
}
ATTEMPT = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.UNDERSTAND,
    "retention": Retention.YEAR,
    "eraser": Eraser.SEAT,
    "topic": Topic.ANSWERS,
}
RESULT = {
    "subject": Subject.PUPIL,
    "purpose": Purpose.UNDERSTAND,
    "retention": Retention.YEAR,
    "eraser": Eraser.SEAT,
    "topic": Topic.RESULTS,
}
CLASS = {
    "subject": Subject.CLASS,
    "purpose": Purpose.ORGANISE,
    "retention": Retention.YEAR,
    "eraser": Eraser.CLASSROOM,
}
COUNTS = {
    "subject": Subject.CLASS,
    "purpose": Purpose.UNDERSTAND,
    "retention": Retention.YEAR,
    "eraser": Eraser.CLASSROOM,
    "topic": Topic.CLASS_COUNTS,
}

DECLARATIONS = [
    *declare(
        "accounts.Seat",
        {
            "animal colour": _("The animal and the colour of the seat"),
            "classroom": WHICH_CLASS,
            "position": _("The number of the seat in its class"),
            "last_used_on": _("The day on which the seat was last used"),
            "group": _("Which group of a mixed class, if any"),
        },
        readers=Readers.PUPIL_TEACHER,
        **SEAT,
    ),
    *declare(
        "accounts.Seat",
        {
            "id": ROW,
            "school school_year": PLACE,
            "card_version": _("How many times the card was reissued"),
            "pepper_id": _("Which key of the installation the card was made with"),
            "qr_digest home_digest": _("Two keyed digests by which a card is recognised"),
            "called_for": _("A random number of the lesson to which the seat was called"),
        },
        readers=Readers.NOBODY,
        **SEAT,
    ),
    *declare(
        "accounts.Sitting",
        {
            "seat": WHICH_SEAT,
            "last_post_at": _("When the seat last went on"),
            "module_key step_number": _(
                "The module and the step that the seat is at; of a sensitive one the teacher sees the class"
            ),
        },
        readers=Readers.PUPIL_TEACHER,
        **SITTING,
    ),
    *declare(
        "accounts.Sitting",
        {
            "id": ROW,
            "school school_year": PLACE,
            "device_key": _("A keyed digest of a random number of the device"),
            "card_version": _("How many times the card was reissued"),
            "is_home": _("Whether the seat is used for homework"),
            "sat_down_at": _("When somebody sat down"),
        },
        readers=Readers.NOBODY,
        **SITTING,
    ),
    *declare(
        "accounts.Throttle",
        {
            "id": ROW,
            "school school_year": PLACE,
            "seat": WHICH_SEAT,
            "device_key": _("A keyed digest of a random number of the device"),
            "count": _("How many times wrong pictures were tapped today"),
            "until": _("Until when the next try has to wait"),
            "has_sat": _("Whether this device has sat here today"),
            "day": _("The day"),
        },
        readers=Readers.NOBODY,
        **TRIES,
    ),
    *declare(
        "accounts.WaitingSignIn",
        {
            "seat": WHICH_SEAT,
            "asked_at": _("When somebody asked to sit down"),
            "is_approved": _("Whether the teacher said yes"),
        },
        readers=Readers.TEACHER,
        **TRIES,
    ),
    *declare(
        "accounts.WaitingSignIn",
        {
            "id": ROW,
            "school school_year": PLACE,
            "device_key": _("A keyed digest of a random number of the device"),
        },
        readers=Readers.NOBODY,
        **TRIES,
    ),
    *declare(
        "lessons.Reading",
        {
            "seat": WHICH_SEAT,
            "module": WHICH_MODULE,
            "furthest_step": _("How many steps are finished"),
            "done_on": _("The day on which the module was done"),
        },
        readers=Readers.PUPIL_TEACHER,
        **READING,
    ),
    *declare("lessons.Reading", {"id": ROW, "school school_year": PLACE}, readers=Readers.NOBODY, **READING),
    *declare(
        "lessons.ChosenSeat",
        {"seat": WHICH_SEAT, "module": _("A module that is meant for chosen seats, this one among them")},
        readers=Readers.PUPIL_TEACHER,
        **READING | {"purpose": Purpose.ORGANISE},
    ),
    *declare(
        "lessons.ChosenSeat",
        {"id": ROW, "school school_year": PLACE},
        readers=Readers.NOBODY,
        **READING | {"purpose": Purpose.ORGANISE},
    ),
    *declare(
        "quizzes.Attempt",
        {
            "seat": WHICH_SEAT,
            "quiz": _("Which questions"),
            "moment": _("Before the module, after it, later or for practice"),
            "is_submitted": _("Whether they were handed in"),
        },
        readers=Readers.PUPIL_TEACHER,
        **ATTEMPT,
    ),
    *declare(
        "quizzes.Attempt",
        {
            "id": ROW,
            "school school_year": PLACE,
            "idempotency_key": _("A random number that lets an answer sent twice count once"),
            "opening": _("A random number of the lesson in which it was touched"),
            "touched_on": _("The day on which it was last touched"),
        },
        readers=Readers.NOBODY,
        **ATTEMPT,
    ),
    *declare(
        "quizzes.Attempt",
        {"responses": _("The answers so far; erased when they are handed in")},
        readers=Readers.PUPIL,
        **ATTEMPT | {"retention": Retention.OPEN_ATTEMPT, "purpose": Purpose.FOLLOW, "eraser": Eraser.NIGHTLY},
    ),
    *declare(
        "quizzes.ObjectiveResult",
        {
            "seat": WHICH_SEAT,
            "objective": _("What the module wants everybody to understand"),
            "state": _("“Got it” or “to revisit”; never for a sensitive module"),
        },
        readers=Readers.PUPIL_TEACHER,
        **RESULT,
    ),
    *declare("quizzes.ObjectiveResult", {"id": ROW, "school school_year": PLACE}, readers=Readers.NOBODY, **RESULT),
    *declare(
        "quizzes.Tally",
        {
            "classroom": WHICH_CLASS,
            "question moment item": _("Which answer to which question, and when"),
            "published": _("How many took it, as the teacher reads it"),
        },
        readers=Readers.PUBLISHED,
        **COUNTS,
    ),
    *declare(
        "quizzes.Tally",
        {
            "id": ROW,
            "school school_year": PLACE,
            "running": _("How many took it so far; under five, or all alike, this says by itself what pupils answered"),
        },
        readers=Readers.NOBODY,
        **COUNTS,
    ),
    *declare(
        "accounts.Classroom",
        {
            "label": _("The name of the class, as its school calls it"),
            "teachers": _("Who teaches it"),
            "age_of_youngest": _("The age of the youngest pupil, in years"),
            "code": _("The code of the class, good only while it is open"),
            "form": _("Which of two sets of questions comes first"),
            "created_on": _("The day on which it was made"),
            "open_until homework_until": _("Until when the class is open, and until when there is homework"),
            "opens_sensitive is_for_chosen": _("Whether it is open for sensitive modules, and for called seats only"),
        },
        readers=Readers.TEACHER,
        **CLASS,
    ),
    *declare(
        "accounts.Classroom",
        {"id": ROW, "school school_year": PLACE, "opening": _("A random number of the lesson")},
        readers=Readers.NOBODY,
        **CLASS,
    ),
    *declare(
        "lessons.Assignment",
        {
            "id": ROW,
            "school school_year": PLACE,
            "classroom": WHICH_CLASS,
            "module": WHICH_MODULE,
            "position assigned_on due_on": _("In which order, since when and until when"),
            "is_for_chosen": _("Whether it is meant for chosen seats only"),
        },
        readers=Readers.PUPIL_TEACHER,
        **CLASS,
    ),
    *declare(
        "accounts.SeatGroup",
        {
            "id": ROW,
            "school school_year": PLACE,
            "classroom": WHICH_CLASS,
            "age_of_youngest": _("The age of the youngest of the group, in years"),
        },
        readers=Readers.TEACHER,
        **CLASS,
    ),
    *declare(
        "lessons.ClassLesson",
        {
            "id": ROW,
            "school school_year": PLACE,
            "classroom": WHICH_CLASS,
            "opening": _("A random number of the lesson"),
            "module": WHICH_MODULE,
            "step_number is_paused": _("To which step the class was brought, and whether it pauses"),
            "vote_key": _("A random number of the vote that is open"),
        },
        readers=Readers.PUPIL_TEACHER,
        **CLASS,
    ),
    *declare(
        "lessons.ClassVote",
        {
            "id": ROW,
            "school school_year": PLACE,
            "classroom": WHICH_CLASS,
            "opening": _("A random number of the lesson"),
            "scene is_closed": _("What the class votes on, and whether the vote is closed"),
            "sealed": _("How many voices each reply has, sealed; emptied when the result is put away"),
        },
        readers=Readers.PUBLISHED,
        **CLASS | {"retention": Retention.LESSON, "eraser": Eraser.NIGHTLY},
    ),
    *declare(
        "lessons.VotedSeat",
        {
            "id": ROW,
            "school school_year": PLACE,
            "vote": _("Which vote of the class"),
            "seat": _("That the seat has had its turn, with a choice or a pass; never which"),
        },
        readers=Readers.NOBODY,
        **SITTING | {"retention": Retention.LESSON, "eraser": Eraser.NIGHTLY},
    ),
]
