"""Pupils sit down and stand up. Every failure is the same answer; see `operations/sitting.py`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.decorators import public
from accounts.forms import CardForm, SitDownForm
from accounts.middleware import load_seat
from accounts.operations import (
    Answer,
    Outcome,
    sit_down_by_home_key,
    sit_down_by_pictures,
    sit_down_by_token,
    sit_down_when_approved,
)
from accounts.operations import stand_up as stand_up_from
from accounts.secrets import sitting_mark
from accounts.views.onward import onward_of

ARRIVAL = {"place": "pier", "who": ["otter"], "thing": "key"}
DEPARTURE = {"place": "lighthouse", "who": ["otter", "gull"], "thing": "none"}


def _answer(request: HttpRequest, answer: Answer) -> HttpResponse:
    """What a try to sit down is told: in, wait for the teacher, too many tries, or the one page for all that failed."""
    if answer.outcome is Outcome.SAT:
        request.seat_cookie.sitting = str(answer.sitting.pk)
        return redirect("lessons:seat_home")
    if answer.outcome is Outcome.WAITING:
        return redirect("accounts:sit_down_wait")
    if answer.outcome is Outcome.THROTTLED:
        return render(request, "accounts/sit_down_throttled.html", status=429)
    return render(request, "accounts/sit_down_failed.html", status=403)


def _device(request: HttpRequest) -> dict[str, str]:
    request.keeps_device = True
    cookie = request.seat_cookie
    return {"device_key": cookie.device_key, "leaving": cookie.sitting}


@gzip_page  # nothing in it is secret but the CSRF token, which is masked anew each time
@public
@require_http_methods(["GET", "HEAD", "POST"])
def sit_down(request: HttpRequest) -> HttpResponse:
    device = _device(request)
    if request.method != "POST":
        if load_seat(request):
            return redirect("accounts:not_you")
        return render(request, "accounts/sit_down.html", {"form": SitDownForm(), "has_ended": "ended" in request.GET})
    form = SitDownForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/sit_down.html", {"form": form, "has_ended": False}, status=422)
    return _answer(request, sit_down_by_pictures(claim=form.claim(), **device))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sit_down_card(request: HttpRequest) -> HttpResponse:
    """Where the QR code leads: its token stands in the fragment, which only the page's script reads."""
    device = _device(request)
    form = CardForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "accounts/sit_down_card.html", {"form": form, "picture": ARRIVAL}, status=status)
    if token := form.cleaned_data["token"]:
        return _answer(request, sit_down_by_token(token=token, **device))
    return _answer(request, sit_down_by_home_key(key=form.cleaned_data["home_key"], **device))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sit_down_wait(request: HttpRequest) -> HttpResponse:
    """Says the same to whoever waits, and to whoever typed wrong pictures and only believes to wait."""
    device = _device(request)
    if request.method != "POST":
        return render(request, "accounts/sit_down_wait.html")
    response = _answer(request, sit_down_when_approved(**device))
    if request.htmx:
        is_in = response.url != request.path
        return HttpResponseClientRedirect(response.url) if is_in else HttpResponse(status=204)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def not_you(request: HttpRequest) -> HttpResponse:
    """Asked after a pause, and whenever somebody who sits wants to sit down."""
    seat = load_seat(request)
    if seat is None:
        return redirect("accounts:sit_down")
    onward = onward_of(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        request.keeps_pause = True
        return render(request, "accounts/not_you.html", {"next": onward})
    if request.POST.get("answer") == "me":
        return redirect(onward or "lessons:seat_home")
    _stand_up(request)
    return redirect("accounts:sit_down")


@public
@require_POST
def stand_up(request: HttpRequest) -> HttpResponse:
    """“I have finished”, which may have waited on the device for the network: it ends the sitting it was said in."""
    sitting, said_in = request.seat_cookie.sitting, request.POST.get("sitting", "")
    if not said_in or said_in in {sitting_mark(pepper, sitting) for pepper in settings.BALISE_PEPPERS.values()}:
        _stand_up(request)
    return redirect("accounts:stood_up")


def _stand_up(request: HttpRequest) -> None:
    cookie = request.seat_cookie
    stand_up_from(sitting_id=cookie.sitting, device_keys=cookie.device_keys)
    cookie.sitting = ""
    request.seat = request.sitting = None


@public
@require_safe
def stood_up(request: HttpRequest) -> HttpResponse:
    """Nothing stays readable here: neither the back button's pages nor what the pages kept on the device."""
    response = render(request, "accounts/stood_up.html", {"picture": DEPARTURE})
    if "X-Balise-Keep" not in request.headers:  # fetched to be shown without network
        response["Clear-Site-Data"] = '"cache"'  # the worker purges its pages itself; sealed entries stay until sent
    return response
