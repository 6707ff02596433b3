from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts.enums import Language
from accounts.middleware import is_staff_path
from accounts.permissions import is_administrator, is_authority_administrator, is_teacher
from accounts.queries import newest_pepper
from accounts.secrets import sitting_mark


def preferences_of(request: HttpRequest) -> dict[str, str]:
    """How a pupil wants pages to look; a teacher's pages in the same browser stay as they are."""
    cookie = getattr(request, "seat_cookie", None)
    return {} if cookie is None or is_staff_path(request.path_info) else cookie.preferences


def leaving_of(request: HttpRequest) -> str:
    return sitting_mark(newest_pepper()[1], request.seat_cookie.sitting)


LABELS = {Language.FR: "Français", Language.EN: "English"}


def _alternates(request: HttpRequest) -> list[dict[str, object]]:
    """This page in each language. Addresses differ in their first part only, so no route is looked up."""
    current, path = get_language(), request.get_full_path()
    has_prefix = path[1:3] in Language.values and path[3:4] == "/"
    return [
        {
            "code": language.value,
            "label": LABELS[language],
            "url": f"/{language.value}{path[3:]}" if has_prefix else path,
            "is_current": language.value == current,
        }
        for language in Language
    ]


def page(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs: who reads, in which band's face, and the same place in the other language."""
    user = getattr(request, "user", None)
    seat = getattr(request, "seat", None)
    return {
        "seat": seat,
        "leaving": SimpleLazyObject(lambda: leaving_of(request)) if seat else "",
        "preferences": preferences_of(request),
        "band": seat.band.value if seat else "",
        "is_teacher": SimpleLazyObject(lambda: bool(user and is_teacher(user))),
        "is_administrator": SimpleLazyObject(
            lambda: bool(user and (is_administrator(user) or is_authority_administrator(user)))
        ),
        "manages_people": SimpleLazyObject(lambda: bool(user and is_administrator(user))),
        "alternates": _alternates(request),
    }
