"""A page that is the same for everybody who reads it: drawn once, kept with gaps for what is one reader's own."""

import re
from types import SimpleNamespace

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from accounts.context_processors import leaving_of, preferences_of
from config.caches import KEPT_SECONDS

ANIMAL, COLOUR, HANDLE, LEAVING, TOKEN = GAPS = "\ue001\ue002\ue003\ue004\ue005"
"""Characters of nobody's text: where they stand in the page as it is kept, what is a reader's own comes in."""
NOBODYS = {
    "seat": SimpleNamespace(animal=ANIMAL, colour=COLOUR, handle=HANDLE),
    "leaving": LEAVING,
    "csrf_token": TOKEN,
}


def render_shared(request: HttpRequest, template: str, context: dict[str, object], *, key: str) -> HttpResponse:
    """`render` for a page of which only the frame knows who reads. For a request with a seat.

    `key` says all that the page depends on but its address, the language, and how a pupil wants pages to look. The
    page shows no message of the request. With a query it is drawn anew: of such addresses there is no end.
    """
    if request.GET:
        return render(request, template, context)
    looks = ",".join(f"{name}={value}" for name, value in sorted(preferences_of(request).items()))
    pieces = caches["content"].get_or_set(
        f"page:{key}:{get_language()}:{looks}:{request.path}",
        lambda: re.split(f"([{GAPS}])", render_to_string(template, context | NOBODYS, request)),
        KEPT_SECONDS,
    )
    seat = request.seat
    own = {
        ANIMAL: seat.animal,
        COLOUR: seat.colour,
        HANDLE: escape(seat.handle),
        LEAVING: leaving_of(request),
        TOKEN: get_token(request),
    }
    return HttpResponse("".join([own.get(piece, piece) for piece in pieces]))
