"""What somebody types who guesses."""

from accounts.queries import card_of


def typed(seat, **changes) -> dict[str, object]:
    pictures = changes.pop("pictures", card_of(seat).pictures)
    data = {"code": seat.classroom.code, "animal": seat.animal, "colour": seat.colour}
    return data | {f"picture_{number}": one for number, one in enumerate(pictures, start=1)} | changes


def typed_wrong(seat, **changes) -> dict[str, object]:
    first, *rest = card_of(seat).pictures
    return typed(seat, pictures=((first + 1) % 16, *rest), **changes)
