"""The pupil's cookie, the two CSRF cookies, and answers that no cache keeps."""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, InvalidTokenFormat, _check_token_format
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from requests import RequestException

from accounts.models import Seat, Sitting
from accounts.permissions import has_place, lacks_second_factor, zone_of_staff
from accounts.secrets import keyed_device
from config import rows
from config.prepared import Prepared, Slot

SALT = "balise.seat"
View = Callable[[HttpRequest], HttpResponse]


def is_staff_path(path: str) -> bool:
    """Staff pages live under `/fr/staff/`, `/en/staff/` and `/admin/`; everything else may be a pupil's."""
    return path.startswith("/admin/") or path[3:].startswith("/staff/")


class HeadersMiddleware:
    """Safe headers on every answer. The admin's scripts write markup: there alone, no trusted types are asked."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.SAFE_HEADERS.items():
            response.setdefault(name, value)
        return response

    def process_template_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            response._csp_replace = {"require-trusted-types-for": None, "trusted-types": None}
        return response


class NoStoreMiddleware:
    """Every answer of a view says `no-store` unless the view said otherwise: the back button shows nothing."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        return response


class MovedMiddleware:
    """A page that draws itself anew and is led elsewhere, as where a session has ended, goes there as a whole."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 302 and request.method == "GET" and "HX-Request" in request.headers:
            target = response["Location"]
            del response["Location"]
            response.status_code = 204
            response["HX-Redirect"] = target
        return response


class RowsMiddleware:
    """Begins each request with nobody's rows, where row-level security is on: see `config/rows.py`."""

    def __init__(self, get_response: View) -> None:
        if not settings.ROW_SECURITY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with rows.guarded():
            return self.get_response(request)


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's, with a cookie of its own for pupils' pages.

    Signing staff in or out renews the CSRF secret. With one cookie for both, a teacher who signs in beside a pupil in
    one browser would break the pupil's open form.
    """

    def _cookie_name(self, request: HttpRequest) -> str:
        return settings.CSRF_COOKIE_NAME if is_staff_path(request.path_info) else settings.PUPIL_CSRF_COOKIE

    def _get_secret(self, request: HttpRequest) -> str | None:
        csrf_secret = request.COOKIES.get(self._cookie_name(request))
        if csrf_secret is None:
            return None
        _check_token_format(csrf_secret)  # raises InvalidTokenFormat, which the parent answers
        return csrf_secret

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        response.set_cookie(
            self._cookie_name(request),
            request.META["CSRF_COOKIE"],
            secure=settings.CSRF_COOKIE_SECURE,
            httponly=settings.CSRF_COOKIE_HTTPONLY,
            samesite=settings.CSRF_COOKIE_SAMESITE,
        )


assert InvalidTokenFormat  # imported so that an upgrade that moves it fails here, not in a request


ACCOUNT_PAGES = "/staff/account/"
SAML_PAGES = f"{ACCOUNT_PAGES}saml/"


class ZoneMiddleware:
    """Days and hours are the school's from where its person or seat is known, and nobody's once the request is over."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return self.get_response(request)


class StaffPlaceMiddleware:
    """Signs out, at the next request, whoever belongs here no more; leads whoever must have a second factor to it.

    The pages of one's own account stay open to both: a factor is set up there.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple, kwargs: dict) -> HttpResponse | None:
        path = request.path_info
        if not is_staff_path(path) or not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        timezone.activate(zone_of_staff(request.user))
        if path[3:].startswith(ACCOUNT_PAGES):
            return None
        if not has_place(request.user):
            logout(request)
            messages.info(request, _("Your account has no role here any more. Ask your school's administrator."))
            return redirect_to_login(request.get_full_path())
        if lacks_second_factor(request.user):
            return redirect("accounts:second_factor")
        if request.user.is_staff and path.startswith("/admin/"):
            rows.admit_operator()
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A school's identity provider that does not answer, or in nothing that can be read, breaks no page."""
        path = request.path_info[3:]
        faults = (RequestException, *((ValueError, SyntaxError) if path.startswith(SAML_PAGES) else ()))
        if not path.startswith(ACCOUNT_PAGES) or not isinstance(fault, faults):
            return None
        messages.error(request, _("Your school's sign-in does not answer. Try again later, or use your password."))
        return redirect("account_login")


def way_back(path: str) -> str:
    """The nearest address above this one that is a page: `…/classes/<id>/` of `…/classes/<id>/open/`."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 1, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""


class WrongMethodMiddleware:
    """A page instead of nothing where an address takes another method: a form's own, opened from the history, say."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_language = request.path_info[1:3] in dict(settings.LANGUAGES) and request.path_info[3:4] == "/"
        if response.status_code == 405 and has_language and not response.content:
            context = {"way_back": way_back(request.path_info), "is_staff_page": is_staff_path(request.path_info)}
            response.content = render_to_string("405.html", context, request)
        return response


PAUSE_SECONDS = 5 * 60  # after which the page asks "Not you?" before it shows anything


@dataclass
class SeatCookie:
    """What one signed cookie holds: a random device id, reading preferences and, while seated, the sitting."""

    device: str
    preferences: dict[str, str] = field(default_factory=dict)
    sitting: str = ""
    expires: int = 0  # seconds since 1970; the sitting ends then unless a request comes before
    has_paused: bool = False
    as_received: tuple | None = None  # none when the browser sent no good cookie

    @classmethod
    def read(cls, request: HttpRequest) -> "SeatCookie":
        try:
            values = signing.loads(request.COOKIES.get(settings.SEAT_COOKIE, ""), salt=SALT)
            cookie = cls(values["d"], dict(values["p"]), values["s"], values["e"])
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            return cls(device=secrets.token_urlsafe(16))
        cookie.as_received = cookie._content
        left = cookie.expires - timezone.now().timestamp()
        if left < 0:
            cookie.sitting = ""
        cookie.has_paused = bool(cookie.sitting) and left < settings.SEAT_IDLE_SECONDS - PAUSE_SECONDS
        return cookie

    @property
    def _content(self) -> tuple:
        return self.device, dict(self.preferences), self.sitting

    @property
    def is_changed(self) -> bool:
        return self.as_received is not None and self._content != self.as_received

    def write(self, response: HttpResponse) -> None:
        self.expires = int(timezone.now().timestamp()) + settings.SEAT_IDLE_SECONDS if self.sitting else 0
        values = {"d": self.device, "p": self.preferences, "s": self.sitting, "e": self.expires}
        response.set_cookie(
            settings.SEAT_COOKIE,
            signing.dumps(values, salt=SALT),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    @property
    def device_key(self) -> str:
        """The device as the database may hold it: keyed with the newest pepper."""
        return keyed_device(settings.BALISE_PEPPERS[max(settings.BALISE_PEPPERS)], self.device)

    @property
    def device_keys(self) -> list[str]:
        """The device under every pepper that is live: a new pepper ends no lesson."""
        return [keyed_device(pepper, self.device) for pepper in settings.BALISE_PEPPERS.values()]


class SeatMiddleware:
    """Gives each request `seat_cookie`, and `seat` to the views that ask for one (see `decorators.seat_required`).

    Only a request of the pupil's own makes the sitting last longer: the pages of a teacher who works in the same
    browser ask for no seat.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat_cookie = cookie = SeatCookie.read(request)
        request.seat = request.sitting = None
        request.keeps_device = False  # a page on which somebody sits down needs a device to count tries on
        request.keeps_pause = False  # a page that asks "Not you?" is no sign that somebody is there
        response = self.get_response(request)
        is_seen = request.seat is not None and not request.keeps_pause
        is_first = cookie.as_received is None and (request.keeps_device or cookie.sitting or cookie.preferences)
        if is_seen or is_first or cookie.is_changed:
            cookie.write(response)
        return response


@cache
def _sitting_now(key_count: int) -> Prepared:
    """A sitting with all that decides what its seat may see; a device has one key for each live pepper."""
    field = Sitting._meta.get_field
    return Prepared(
        lambda: Sitting.objects.select_related("seat__classroom__school", "seat__group").filter(
            pk=Slot("pk", field("id")),
            device_key__in=[Slot(f"key{number}", field("device_key")) for number in range(key_count)],
            sat_down_at__gt=Slot("since", field("sat_down_at")),
        )
    )


def load_seat(request: HttpRequest) -> Seat | None:
    """Finds who sits here, in one query, and sets `request.seat` and `request.sitting`; none when it ended."""
    cookie = request.seat_cookie
    if request.seat is not None or not cookie.sitting:
        return request.seat
    rows.admit("sitting", cookie.sitting)
    longest = datetime.timedelta(seconds=settings.SEAT_LONGEST_SECONDS)
    keys = {f"key{number}": key for number, key in enumerate(cookie.device_keys)}
    sitting = _sitting_now(len(keys)).first(pk=UUID(cookie.sitting), since=timezone.now() - longest, **keys)
    if sitting is not None:
        timezone.activate(sitting.seat.classroom.school.zone)
    if sitting is None or not _goes_on(sitting):
        cookie.sitting = ""
        return None
    request.sitting, request.seat = sitting, sitting.seat
    return sitting.seat


def _goes_on(sitting: Sitting) -> bool:
    seat = sitting.seat
    if sitting.card_version != seat.card_version:
        return False
    return seat.classroom.takes_homework if sitting.is_home else seat.may_sit_now
