"""What is kept of staff and of schools. Pure."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.pupils import ROW, WHICH_CLASS
from privacy.inventory.terms import Eraser, Ground, Purpose, Readers, Retention, Subject, declare

WHO = _("Which member of staff")
WHICH_SCHOOL = _("Which school")

ACCOUNT = {
    "subject": Subject.STAFF,
    "purpose": Purpose.ACCESS,
    "retention": Retention.ACCOUNT,
    "eraser": Eraser.USER,
}
SECURITY = ACCOUNT | {"purpose": Purpose.SIGN_IN, "ground": Ground.SECURITY, "readers": Readers.NOBODY}
ROLE = ACCOUNT | {"retention": Retention.ROLE, "readers": Readers.STAFF}
TRAIL = {
    "subject": Subject.STAFF,
    "purpose": Purpose.ACCOUNT_FOR,
    "ground": Ground.SECURITY,
    "retention": Retention.TRAIL,
    "eraser": Eraser.NIGHTLY,
}
SCHOOL = {
    "subject": Subject.SCHOOL,
    "purpose": Purpose.ORGANISE,
    "ground": Ground.NONE,
    "retention": Retention.SCHOOL,
    "readers": Readers.STAFF,
    "eraser": Eraser.SCHOOL,
}
RELEASE = {
    "subject": Subject.CLASS,
    "purpose": Purpose.REPORT,
    "ground": Ground.OPEN_DATA,
    "retention": Retention.FIVE_YEARS,
    "readers": Readers.FIGURES,
    "eraser": Eraser.RETAIN_RELEASES,
}
MACHINE = {
    "subject": Subject.OPERATOR,
    "purpose": Purpose.OPERATE,
    "ground": Ground.NONE,
    "retention": Retention.CONTENT,
    "readers": Readers.OPERATOR,
    "eraser": Eraser.NONE,
}

DECLARATIONS = [
    *declare(
        "accounts.User",
        {
            "email": _("The e-mail address of work"),
            "name": _("The name shown to colleagues"),
            "language": _("The language of the pages"),
            "is_active": _("Whether the account is open"),
            "ready_to_teach_on": _("The day on which the module for staff was done"),
            "created_on": _("The day on which it was made"),
        },
        readers=Readers.STAFF,
        **ACCOUNT,
    ),
    *declare(
        "accounts.User",
        {
            "id": ROW,
            "password": _("A slow hash of the password"),
            "last_login": _("When the person last signed in"),
            "is_staff is_superuser groups user_permissions": _("Rights of an operator"),
        },
        **SECURITY,
    ),
    *declare("accounts.User_groups", {"id": ROW, "user": WHO, "group": _("Rights of an operator")}, **SECURITY),
    *declare(
        "accounts.User_user_permissions",
        {"id": ROW, "user": WHO, "permission": _("Rights of an operator")},
        **SECURITY,
    ),
    *declare(
        "account.EmailAddress",
        {"id": ROW, "user": WHO, "email verified primary": _("The e-mail address of work")},
        **SECURITY,
    ),
    *declare(
        "account.EmailConfirmation",
        {"id": ROW, "email_address created sent key": _("A way to confirm an address; not used")},
        **SECURITY,
    ),
    *declare(
        "mfa.Authenticator",
        {
            "id": ROW,
            "user": WHO,
            "type data": _("The second factor, and its recovery codes"),
            "created_at last_used_at": _("When the second factor was set up, and last used"),
        },
        **SECURITY,
    ),
    *declare(
        "socialaccount.SocialAccount",
        {
            "id": ROW,
            "user": WHO,
            "provider uid extra_data": _("How the school's own sign-in names the person"),
            "last_login date_joined": _("When the school's own sign-in was used first and last"),
        },
        **SECURITY,
    ),
    *declare(
        "socialaccount.SocialToken",
        {"id": ROW, "app account token token_secret expires_at": _("A token of the school's own sign-in; not used")},
        **SECURITY,
    ),
    *declare(
        "accounts.SignedIn",
        {"session user": _("Whose session it is")},
        **SECURITY | {"retention": Retention.SESSION, "eraser": Eraser.SIGN_OUT},
    ),
    *declare(
        "sessions.Session",
        {
            "session_key session_data": _("That a member of staff is signed in on a browser"),
            "expire_date": _("Until when"),
        },
        **SECURITY | {"retention": Retention.SESSION, "eraser": Eraser.SIGN_OUT},
    ),
    *declare(
        "accounts.Membership",
        {
            "id": ROW,
            "user": WHO,
            "school": WHICH_SCHOOL,
            "role": _("The role"),
            "ends_on": _("The last day of it"),
        },
        **ROLE,
    ),
    *declare(
        "accounts.Teaching",
        {"id": ROW, "user": WHO, "classroom": WHICH_CLASS, "ends_on": _("The last day of it")},
        **ROLE,
    ),
    *declare("accounts.AuthorityAdministrator", {"id": ROW, "authority user": WHO}, **ROLE),
    *declare(
        "accounts.Invitation",
        {
            "id": ROW,
            "school": WHICH_SCHOOL,
            "email": _("The e-mail address of work"),
            "role": _("The role"),
            "ends_on": _("The last day of it"),
            "token_digest": _("A digest of the invitation's link"),
            "expires_at accepted_on": _("Until when the link is good, and when it was used"),
        },
        **ROLE | {"retention": Retention.INVITATION, "eraser": Eraser.NIGHTLY},
    ),
    *declare(
        "accounts.AuditLine",
        {
            "id": ROW,
            "school_key": WHICH_SCHOOL,
            "actor_key": WHO,
            "act subject": _("What an adult did, to which class or colleague; nothing of a pupil"),
            "done_at": _("When"),
        },
        readers=Readers.STAFF,
        **TRAIL,
    ),
    *declare(
        "admin.LogEntry",
        {
            "id": ROW,
            "user": WHO,
            "content_type object_id object_repr action_flag change_message": _("What an operator changed"),
            "action_time": _("When"),
        },
        readers=Readers.OPERATOR,
        **TRAIL,
    ),
    *declare(
        "accounts.School",
        {
            "id": ROW,
            "name": _("The name of the school"),
            "territory language time_zone year_end_month": _("Country, language, time zone, end of the school year"),
            "data_controller officer_contact": _("Who answers for the data, and where to reach the officer"),
            "is_demonstration": _("Whether the school is made up, to try things out"),
        },
        **SCHOOL,
    ),
    *declare(
        "accounts.Authority", {"id": ROW, "name schools administrators": _("An administration over schools")}, **SCHOOL
    ),
    *declare(
        "accounts.AuthorityMembership",
        {"id": ROW, "authority school is_reporting": _("Which school belongs to which administration")},
        **SCHOOL,
    ),
    *declare(
        "accounts.AuthorityRequest",
        {"id": ROW, "authority school asked_on": _("Which administration asks a school to belong to it, since when")},
        **SCHOOL,
    ),
    *declare(
        "progress.Release",
        {
            "id": ROW,
            "school authority": WHICH_SCHOOL,
            "school_year period made_on": _("Of which term, made when"),
            "seat_counts": _("How many seats there were, by age: it bounds later figures, and no page shows it"),
        },
        **RELEASE,
    ),
    *declare(
        "progress.ReleaseCell",
        {
            "id": ROW,
            "release school_key school_label band module_slug": _("Which school, ages and module"),
            "seats_from seats_to": _("How many seats finished: a band of ten, or nothing"),
        },
        **RELEASE,
    ),
    *declare(
        "privacy.JobRun",
        {"name ended_at": _("When scheduled work last ended")},
        **MACHINE | {"retention": Retention.LAST},
    ),
    *declare(
        "socialaccount.SocialApp",
        {"id provider provider_id name client_id secret key settings": _("The school's own sign-in; not used")},
        **MACHINE,
    ),
    *declare("auth.Group", {"id name permissions": _("Rights of an operator")}, **MACHINE),
    *declare("auth.Group_permissions", {"id group permission": _("Rights of an operator")}, **MACHINE),
    *declare("auth.Permission", {"id name content_type codename": _("Rights of an operator")}, **MACHINE),
    *declare("contenttypes.ContentType", {"id app_label model": _("The list of the program's tables")}, **MACHINE),
]
