"""What is kept outside the database: cookies, sessions, caches, logs, files, paper. Pure."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.terms import Eraser, Ground, Kind, Purpose, Readers, Retention, Subject, Topic, declare

STAFF_SESSION = {
    "kind": Kind.SESSION,
    "subject": Subject.STAFF,
    "purpose": Purpose.SIGN_IN,
    "ground": Ground.SECURITY,
    "retention": Retention.SESSION,
    "readers": Readers.NOBODY,
    "eraser": Eraser.SIGN_OUT,
}
DEVICE = {
    "kind": Kind.COOKIE,
    "subject": Subject.PUPIL,
    "purpose": Purpose.SIT_DOWN,
    "retention": Retention.BROWSER,
    "readers": Readers.PUPIL,
    "eraser": Eraser.BROWSER,
    "topic": Topic.DEVICE,
}
STORED = DEVICE | {
    "kind": Kind.BROWSER,
    "purpose": Purpose.FOLLOW,
    "retention": Retention.DEVICE,
    "readers": Readers.PUPIL,
}
STAFF_COOKIE = STAFF_SESSION | {"kind": Kind.COOKIE, "retention": Retention.BROWSER}
OPERATION = {
    "subject": Subject.OPERATOR,
    "purpose": Purpose.OPERATE,
    "ground": Ground.NONE,
    "readers": Readers.OPERATOR,
}

DECLARATIONS = [
    *declare(
        "balise_seat",
        {
            "d": _("A random number of this device"),
            "s": _("Which sitting this is; empty when nobody sits"),
            "e": _("Until when the sitting lasts"),
        },
        **DEVICE,
    ),
    *declare("balise_seat", {"p": _("How pages are to be shown")}, **DEVICE | {"purpose": Purpose.READ}),
    *declare(
        "balise_csrf",
        {"balise_csrf": _("A random number that proves that a form came from our page")},
        **DEVICE | {"readers": Readers.NOBODY},
    ),
    *declare(
        "csrftoken", {"csrftoken": _("A random number that proves that a form came from our page")}, **STAFF_COOKIE
    ),
    *declare("sessionid", {"sessionid": _("That a member of staff is signed in on a browser")}, **STAFF_COOKIE),
    *declare(
        "sessions.Session",
        {
            "_auth_user_id _auth_user_backend _auth_user_hash": _("Who is signed in"),
            "account_authentication_methods account_authentication_methods_user": _("How the person signed in"),
            "account_login account_user account_reauthentication_state": _("A sign-in that is not finished yet"),
            "_password_reset_key account_verified_email": _("A change of password that is not finished yet"),
            "mfa.totp.secret mfa.recovery_codes.seed mfa.webauthn.state": _("A second factor that is being set up"),
            "socialaccount_states socialaccount_sociallogin": _(
                "A sign-in that is not finished yet; by the school's own"
            ),
            "_messages": _("What the next page is to say; sealed, what takes the last act back"),
            "_session_expiry": _("Until when"),
            "classes_to_make classes_to_erase": _("Classes that are being made or erased, until they are"),
        },
        **STAFF_SESSION,
    ),
    *declare(
        "cache",
        {
            "allauth:rl:": _("How often a sign-in failed, by a hash of the account; never by an address"),
            "allauth.mfa.totp.used": _("That a code of a second factor was used"),
        },
        **STAFF_SESSION | {"kind": Kind.CACHE, "retention": Retention.MINUTES, "eraser": Eraser.NIGHTLY},
    ),
    *declare(
        "content cache",
        {
            "steps: template.cache. page: quiz: answer: animal:": _(
                "Rendered parts of lessons, the same for everybody who reads them; nothing of a reader"
            )
        },
        **OPERATION | {"subject": Subject.CONTENT, "purpose": Purpose.TEACH, "readers": Readers.ANYBODY},
        kind=Kind.CACHE,
        retention=Retention.MINUTES,
        eraser=Eraser.LOADING,
    ),
    *declare(
        "Cache API",
        {
            "balise-kept": _(
                "Pages of a module that is not sensitive, for work without network; 20 minutes idle at most"
            ),
            "balise-shell": _("Pictures, styles and scripts of the pages, and the page “Goodbye”"),
        },
        **STORED,
    ),
    *declare(
        "IndexedDB",
        {
            "balise-outbox": _(
                "What was done without network, sealed so that only the server can read it, until it is sent"
            )
        },
        **STORED,
    ),
    *declare(
        "log",
        {"levelname name message": _("What went wrong, and where in the program; no address, handle, code or answer")},
        kind=Kind.LOG,
        retention=Retention.LOGS,
        eraser=Eraser.ROTATION,
        **OPERATION,
    ),
    *declare(
        "backup",
        {"database": _("A copy of the whole database, with all that is declared here")},
        kind=Kind.FILE,
        retention=Retention.BACKUP,
        eraser=Eraser.ROTATION,
        **OPERATION | {"subject": Subject.PUPIL, "ground": Ground.PUBLIC_TASK},
    ),
    *declare(
        "database",
        {"write-ahead log": _("What the database wrote lately; emptied space is overwritten")},
        kind=Kind.FILE,
        retention=Retention.DAY,
        eraser=Eraser.ROTATION,
        **OPERATION | {"subject": Subject.PUPIL, "ground": Ground.PUBLIC_TASK},
    ),
    *declare(
        "erasure ledger",
        {"day kind digest chain": _("That something was erased: its day and a keyed hash")},
        kind=Kind.FILE,
        retention=Retention.LEDGER,
        eraser=Eraser.NONE,
        **OPERATION | {"purpose": Purpose.ERASE},
    ),
    *declare(
        "open data",
        {
            "ledger": _("What each yearly table for everybody cost of its privacy budget: its day, year, number"),
            "table": _("Seats that finished each module, by territory and age, with noise: no child can be told"),
        },
        kind=Kind.FILE,
        retention=Retention.CONTENT,
        eraser=Eraser.NONE,
        **OPERATION | {"purpose": Purpose.REPORT, "ground": Ground.OPEN_DATA, "readers": Readers.ANYBODY},
    ),
    *declare(
        "the teacher's paper list",
        {"name seat": _("Who sits on which seat: written by hand, never typed in, kept under lock by the school")},
        kind=Kind.PAPER,
        subject=Subject.PUPIL,
        purpose=Purpose.SIT_DOWN,
        retention=Retention.PAPER,
        readers=Readers.TEACHER,
        eraser=Eraser.TEACHER,
        topic=Topic.PAPER,
    ),
]
