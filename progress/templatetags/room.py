"""The seats of a class, drawn in Python: 35 tiles as template nodes cost ten times as much as these lines."""

import html
from collections.abc import Iterable
from uuid import UUID

from django import template
from django.core.cache import caches
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import Seat
from config.caches import KEPT_SECONDS
from lessons.models import Step
from progress.queries import Cockpit, CockpitSeat

register = template.Library()
NOBODY = UUID(int=0)


def animal_of(seat: CockpitSeat | Seat) -> SafeString:
    """The seat's drawing, `components/animal.html`, kept."""
    drawn = {"animal": seat.animal, "colour": seat.colour}
    return caches["content"].get_or_set(
        f"animal:{seat.animal}:{seat.colour}", lambda: render_to_string("components/animal.html", drawn), KEPT_SECONDS
    )


class Room:
    """What is the same on every tile: words, addresses, the form's hidden fields. All of it escaped once."""

    def __init__(self, context: RequestContext) -> None:
        classroom, self.now = context["classroom"], context["now"]
        self.hidden = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="next" value="{}">',
            context["csrf_token"],
            context["here"],
        )
        self.end_url = reverse("accounts:seat_end_sitting", args=[classroom.pk, NOBODY])
        self.let_in_url = reverse("accounts:waiting_approve", args=[classroom.pk, NOBODY])
        self.words = {
            name: escape(word)
            for name, word in {
                "done": _("done"), "answered": _("answered"), "waits": _("waits"), "other": _("another module"),
                "free": _("free"), "here": _("sits here"), "let in": _("Let in"), "not you": _("Not you?"),
            }.items()
        }  # fmt: skip
        total = self.now.step_total
        self.steps = [escape(_("%(here)s of %(total)s") % {"here": n, "total": total}) for n in range(total + 1)]

    def state(self, one: CockpitSeat) -> str:
        words = self.words
        if one.is_done or one.has_answered or one.waiting:
            return words["done" if one.is_done else "answered" if one.has_answered else "waits"]
        if not one.is_meant or not one.is_seated:
            return words["other" if not one.is_meant else "free"]
        return self.steps[one.step_number] if one.step_number else words["here"]

    def form(self, url: str, css: str, name: str, key: UUID, word: str, handle: str) -> str:
        return (
            f'<form method="post" action="{url.replace(str(NOBODY), str(key))}">{self.hidden}<button class="{css}"'
            f' id="{name}-{key}">{word}<span class="visually-hidden"> {handle}</span></button></form>'
        )

    def tile(self, one: CockpitSeat) -> str:
        handle, words = html.escape(one.handle), self.words
        forms = [
            self.form(self.let_in_url, "btn btn-primary btn-sm", "let-in", key, words["let in"], handle)
            for key in one.waiting
        ]
        if one.is_seated:
            forms.append(self.form(self.end_url, "tile__act", "not-you", one.pk, words["not you"], handle))
        return (
            f'<li class="tile tile--{one.look}">{animal_of(one)}<span class="tile__name">{handle}</span>\n'
            f'<span class="tile__state">{self.state(one)}</span>{"".join(forms)}</li>'
        )


@register.simple_tag(takes_context=True)
def seat_tiles(context: RequestContext) -> SafeString:
    """Each seat of `now`. Inputs of the context: classroom, now, here, csrf_token."""
    room = Room(context)
    return mark_safe("\n".join(room.tile(one) for one in room.now.seats))  # noqa: S308


@register.simple_tag
def seat_faces(seats: Iterable[Seat]) -> SafeString:
    """Each seat with its handle, and nothing of what it did."""
    tile = '<li class="tile">{}<span class="tile__name">{}</span></li>'
    return format_html_join("\n", tile, ((animal_of(seat), seat.handle) for seat in seats))


@register.simple_tag
def step_counts(now: Cockpit) -> SafeString:
    """How many who sit here are at each step."""
    line = (
        '<li><span class="counts__label">{}</span><progress class="meter" value="{}" max="{}" aria-hidden="true">'
        '</progress><span class="counts__figure">{}</span></li>'
    )
    total = len(now.seats)
    return format_html_join("\n", line, ((step.label, step.seats, total, step.seats) for step in now.step_counts))


@register.simple_tag
def step_options(steps: list[Step], chosen: int) -> SafeString:
    """The steps to which the class may be brought; `chosen` is where it is."""
    return format_html_join(
        "\n",
        '<option value="{}" {}>{}. {}</option>',
        ((n, "selected" if n == chosen else "", n, step.title) for n, step in enumerate(steps, start=1)),
    )
