"""Who gets what from which address: one table. A view that is missing from it fails.

The columns are a visitor, a pupil, a teacher and an administrator of another school, this school's administrator, its
authority's, and the class's teacher, who comes last because what she posts may change the world. Somebody who is not
signed in is led to the door (302); a stranger finds nothing (404); a member without the right is refused (403).
"""

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from tests.world import ROLES, World

pytestmark = pytest.mark.django_db
TABLE = {
    # visitor pupil stranger elsewhere administrator authority teacher: looking, changing
    "account_change_password": ("302 302 200 200 200 200 200", "302 302 200 200 200 200 200"),
    "account_confirm_email": ("200 200 200 200 200 200 200", "404 404 404 404 404 404 404"),
    "account_confirm_login_code": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "account_email": ("302 302 200 200 200 200 200", "302 302 302 302 302 302 302"),
    "account_email_verification_sent": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "account_inactive": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "account_login": ("200 200 302 302 302 302 302", "200 200 302 302 302 302 302"),
    "account_logout": ("302 302 200 200 200 200 200", "302 302 302 302 302 302 302"),
    "account_reauthenticate": ("302 302 200 200 200 200 200", "302 302 200 200 200 200 200"),
    "account_reset_password": ("200 200 200 200 200 200 200", "200 200 200 200 200 200 200"),
    "account_reset_password_done": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "account_reset_password_from_key": ("200 200 200 200 200 200 200", "200 200 200 200 200 200 200"),
    "account_reset_password_from_key_done": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "account_set_password": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "account_signup": ("200 200 302 302 302 302 302", "200 200 302 302 302 302 302"),
    "accounts:about": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "accounts:accessibility": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "accounts:authority_answer": ("302 302 403 405 405 403 403", "302 302 403 404 302 403 403"),
    "accounts:authority_ask": ("302 302 403 405 405 405 403", "302 302 403 404 404 422 403"),
    "accounts:authority_end": ("302 302 403 405 405 405 403", "302 302 403 404 302 404 403"),
    "accounts:authority_list": ("302 302 403 200 200 200 403", "302 302 403 405 405 405 403"),
    "accounts:authority_report": ("302 302 403 405 405 403 403", "302 302 403 404 302 403 403"),
    "accounts:authority_withdraw": ("302 302 403 405 405 405 403", "302 302 403 404 404 302 403"),
    "accounts:classroom_cards": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "accounts:classroom_close": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:classroom_create": ("302 302 200 403 403 403 200", "302 302 422 403 403 403 422"),
    "accounts:classroom_create_several": ("302 302 200 403 403 403 200", "302 302 422 403 403 403 422"),
    "accounts:classroom_detail": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "accounts:classroom_homework": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:classroom_list": ("302 302 200 403 403 403 200", "302 302 405 403 403 403 405"),
    "accounts:classroom_open": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 422"),
    "accounts:classroom_reissue": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:classroom_share": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 422"),
    "accounts:classroom_unshare": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:classroom_make": ("302 302 302 403 403 403 302", "302 302 302 403 403 403 302"),
    "accounts:home": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "accounts:invitation_accept": ("200 200 200 200 200 200 200", "422 422 422 422 422 422 422"),
    "accounts:not_you": ("302 200 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "accounts:seat_add": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:seat_end_sitting": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:seat_groups": ("302 302 404 403 403 403 200", "302 302 404 403 403 403 422"),
    "accounts:seat_leave": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "accounts:seat_list_paper": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "accounts:seat_reissue": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:seat_sit_here": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "accounts:second_factor": ("302 302 302 302 302 302 302", "302 302 405 405 405 405 405"),
    "accounts:session_end": ("302 302 405 405 405 405 405", "302 302 302 302 302 302 302"),
    "accounts:session_list": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "accounts:sit_down": ("200 302 200 200 200 200 200", "422 422 422 422 422 422 422"),
    "accounts:sit_down_card": ("200 200 200 200 200 200 200", "422 422 422 422 422 422 422"),
    "accounts:sit_down_wait": ("200 200 200 200 200 200 200", "302 302 302 302 302 302 302"),
    "accounts:staff_end": ("302 302 403 405 405 403 403", "302 302 403 404 302 403 403"),
    "accounts:staff_hand_over": ("302 302 403 405 405 403 403", "302 302 403 404 422 403 403"),
    "accounts:staff_home": ("302 302 302 302 302 302 302", "302 302 405 405 405 405 405"),
    "accounts:staff_invite": ("302 302 403 405 405 403 403", "302 302 403 404 422 403 403"),
    "accounts:staff_list": ("302 302 403 200 200 403 403", "302 302 403 405 405 403 403"),
    "accounts:staff_revoke": ("302 302 403 405 405 403 403", "302 302 403 404 302 403 403"),
    "accounts:staff_school": ("302 302 403 404 200 403 403", "302 302 403 405 405 403 403"),
    "accounts:stand_up": ("405 405 405 405 405 405 405", "302 302 302 302 302 302 302"),
    "accounts:stood_up": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "accounts:waiting_approve": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "healthz": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:assignment_create": ("302 302 405 403 403 403 405", "302 302 302 403 403 403 302"),
    "lessons:assignment_delete": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "lessons:assignment_due": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "lessons:assignment_list": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "lessons:assignment_move": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "lessons:assignment_seats": ("302 302 404 403 403 403 200", "302 302 404 403 403 403 302"),
    "lessons:certificate": ("302 302 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:classroom_copy": ("302 302 404 403 403 403 200", "302 302 404 403 403 403 422"),
    "lessons:composer": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:confide": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:easy_read": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:glossary": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:help_index": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:module_detail": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:module_end": ("302 302 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:module_kept": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:module_list": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:module_paper": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:module_start": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:module_waits": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:parents_index": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:parents_band": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:plan_adopt": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "lessons:projector": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:reading_help": ("200 200 200 200 200 200 200", "302 302 302 302 302 302 302"),
    "lessons:ready_to_teach": ("302 302 302 302 302 302 302", "302 302 405 405 405 405 405"),
    "lessons:seat_home": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:seat_pause": ("302 302 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "lessons:seat_vote": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "lessons:service_worker": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "lessons:sheet_disclosure": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:sheet_poster": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:sheet_protocol": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:staff_step": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "lessons:step_detail": ("302 200 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "lessons:step_preview": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "mfa_activate_totp": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_add_webauthn": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_authenticate": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_deactivate_totp": ("302 302 404 302 302 302 404", "302 302 404 302 302 302 404"),
    "mfa_download_recovery_codes": ("302 302 404 404 404 404 404", "302 302 404 404 404 404 404"),
    "mfa_edit_webauthn": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_generate_recovery_codes": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_index": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "mfa_list_webauthn": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "mfa_login_webauthn": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_reauthenticate": ("302 302 302 200 200 200 302", "302 302 302 200 200 200 302"),
    "mfa_reauthenticate_webauthn": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_remove_webauthn": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
    "mfa_view_recovery_codes": ("302 302 404 404 404 404 404", "302 302 405 405 405 405 405"),
    "openid_connect_callback": ("404 404 404 404 404 404 404", "404 404 404 404 404 404 404"),
    "openid_connect_login": ("404 404 404 404 404 404 404", "404 404 404 404 404 404 404"),
    "privacy:act_undo": ("302 302 405 405 405 405 405", "302 302 302 302 302 302 302"),
    "privacy:erase_progress": ("302 302 302 403 403 403 302", "302 302 302 403 403 403 302"),
    "privacy:erase_several": ("302 302 200 403 403 403 200", "302 302 422 403 403 403 422"),
    "privacy:overview": ("302 302 403 200 200 200 403", "302 302 403 405 405 405 403"),
    "privacy:pack": ("302 302 403 404 200 403 403", "302 302 403 404 302 403 403"),
    "privacy:pack_document": ("302 302 403 404 200 403 403", "302 302 403 405 405 403 403"),
    "privacy:receipt": ("302 302 404 404 200 404 200", "302 302 405 405 405 405 405"),
    "privacy:seat_data": ("302 200 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "privacy:seat_free": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "privacy:trail": ("302 302 403 200 200 403 403", "302 302 403 405 405 403 403"),
    "privacy:what_we_keep": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "privacy:year_end": ("302 302 200 200 200 200 200", "302 302 422 422 422 422 422"),
    "progress:cockpit": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "progress:figures": ("302 302 403 200 200 200 403", "302 302 403 405 405 405 403"),
    "progress:figures_csv": ("302 302 403 200 200 200 403", "302 302 403 405 405 405 403"),
    "progress:lesson_pause": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "progress:lesson_reopen": ("302 302 404 403 403 403 200", "302 302 404 403 403 403 422"),
    "progress:lesson_step": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "progress:report": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "progress:report_csv": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "progress:report_index": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "progress:took_part": ("302 302 404 403 403 403 200", "302 302 404 403 403 403 422"),
    "progress:vote_away": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "progress:vote_close": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "progress:vote_open": ("302 302 405 403 403 403 405", "302 302 404 403 403 403 302"),
    "progress:vote": ("302 302 404 403 403 403 200", "302 302 405 403 403 403 405"),
    "quizzes:late": ("405 405 405 405 405 405 405", "410 410 410 410 410 410 410"),
    "quizzes:quiz_explained": ("302 302 302 302 302 302 302", "302 405 302 302 302 302 302"),
    "quizzes:quiz_paper": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "quizzes:quiz_projector": ("302 302 200 200 200 200 200", "302 302 405 405 405 405 405"),
    "quizzes:quiz_save": ("302 405 302 302 302 302 302", "302 422 302 302 302 302 302"),
    "quizzes:quiz_take": ("302 200 302 302 302 302 302", "302 422 302 302 302 302 302"),
    "quizzes:staff_quiz": ("302 302 200 200 200 200 200", "302 302 422 422 422 422 422"),
    "robots": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "root": ("302 302 302 302 302 302 302", "405 405 405 405 405 405 405"),
    "security": ("404 404 404 404 404 404 404", "405 405 405 405 405 405 405"),
    "socialaccount_connections": ("302 302 200 200 200 200 200", "302 302 200 200 200 200 200"),
    "socialaccount_login_cancelled": ("200 200 200 200 200 200 200", "405 405 405 405 405 405 405"),
    "socialaccount_login_error": ("302 302 401 401 401 401 401", "302 302 405 405 405 405 405"),
    "socialaccount_signup": ("302 302 302 302 302 302 302", "302 302 302 302 302 302 302"),
}


def named(resolvers, namespaces=()):
    """Every view that has a name, but for the admin's own."""
    for one in resolvers:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                yield from named(one.url_patterns, (*namespaces, *filter(None, [one.namespace])))
        elif isinstance(one, URLPattern) and one.name:
            yield ":".join([*namespaces, one.name])


VIEWS = sorted(set(named(get_resolver().url_patterns)))


def address(world: World, view: str) -> str:
    resolver = get_resolver()
    *namespaces, name = view.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    possibilities, *_more = resolver.reverse_dict.getlist(name)[0]
    return reverse(view, kwargs={argument: world.name(argument, view) for argument in possibilities[0][1]})


def every_row() -> dict[str, list[str]]:
    """All that the database holds, but for staff sessions; translated columns read in one language."""
    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    with translation.override("en"):
        return {model._meta.label: sorted(map(str, model._base_manager.values_list())) for model in models}


def knock(world: World, place: str, method: str) -> str:
    ask = {role: getattr(world.clients[role], method) for role in ROLES}
    return " ".join(str(ask[role](place, {"no": "field"}).status_code) for role in ROLES)


def test_no_view_is_missing_and_none_is_gone():
    assert sorted(TABLE) == VIEWS


@pytest.mark.parametrize("view", TABLE)
def test_who_may_look(view):
    world = World.make()
    place, _everybody = address(world, view), world.clients
    before = every_row()
    assert knock(world, place, "get") == TABLE[view][0]
    assert every_row() == before, "a GET changed a row"


@pytest.mark.parametrize("view", TABLE)
def test_who_may_change(view):
    world = World.make()
    assert knock(world, address(world, view), "post") == TABLE[view][1]
