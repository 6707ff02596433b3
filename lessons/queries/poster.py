"""What the pupils' help poster says: each service's number first, big enough to be read from across the room."""

from dataclasses import dataclass

from lessons.models import Helpline


@dataclass(frozen=True)
class PosterLine:
    call: str  # a number, or an address without its https
    name: str  # what the number does not say by itself; may be empty
    purpose: str
    is_by_message: bool
    is_emergency: bool


def poster_lines(territory: str) -> list[PosterLine]:
    """A territory's own services for pupils. No hours: paper outlives them."""
    lines = Helpline.objects.for_territory(territory).for_pupils().filter(territory=territory)
    return [_poster_line(line) for line in lines]


def _poster_line(line: Helpline) -> PosterLine:
    ways = {contact["kind"]: contact["value"] for contact in reversed(line.contacts)}
    call = ways.get("phone") or ways.get("sms") or ways.get("chat") or ways.get("web") or line.contacts[0]["value"]
    call = call.removeprefix("https://").removeprefix("www.").rstrip("/")
    return PosterLine(
        call=call,
        name="" if line.name.lower() == call.lower() else line.name.removeprefix(f"{call}, "),
        purpose=line.purpose,
        is_by_message="phone" not in ways and "sms" in ways,
        is_emergency=line.is_emergency,
    )
