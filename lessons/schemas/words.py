"""What every shape is made of: words in both languages, names of drawings, places and territories."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
BANDS = ("6-8", "9-11", "12-14", "15-18", "staff")
FIRST_AGE = {"6-8": 6, "9-11": 9, "12-14": 12, "15-18": 15, "staff": 18}
LAST_AGE = {"6-8": 8, "9-11": 11, "12-14": 14, "15-18": 18, "staff": 99}
TERRITORIES = ("FR", "BE", "CH", "LU", "CA", "GB", "IE", "US", "EU", "ANY")
ANIMALS = (
    "otter", "fox", "heron", "turtle", "dolphin", "owl", "hare", "squirrel",
    "hedgehog", "frog", "puffin", "gull", "crab", "seahorse", "lynx", "swan",
)  # fmt: skip
PLACES = (
    "pier", "beach", "lighthouse", "home", "kitchen", "classroom", "schoolyard",
    "bus", "park", "library", "street", "office", "night-sea", "harbour",
)  # fmt: skip
THINGS = (
    "none", "phone", "tablet", "computer", "message", "gift", "camera", "padlock", "heart",
    "stop-hand", "ear", "book", "headset", "gamepad", "ball", "star", "compass", "lifebuoy",
    "key", "bell", "question", "two-bubbles", "scales", "pencil",
    "thumb-up", "thumb-down", "steps", "hush", "hourglass",
    "stone", "feather", "sun", "moon", "wave", "drop", "castle", "someone", "hands", "flying-house",
    "tablet-over", "screen-off", "door", "eye", "bed", "mask",
)  # fmt: skip


def french_spaces(text: str) -> str:
    """Puts the no-break spaces that French typography asks for where a plain space stands."""
    text = re.sub(r" ([?!;])", NARROW_SPACE + r"\1", text)
    text = re.sub(r" (:)(?=\s|$)", NO_BREAK_SPACE + r"\1", text)
    text = re.sub(r"« ?", "«" + NO_BREAK_SPACE, text)
    text = re.sub(r" ?»", NO_BREAK_SPACE + "»", text)
    return re.sub(r" (%|€)", NO_BREAK_SPACE + r"\1", text)


def _curly(text: str) -> str:
    return re.sub(r"(?<=\w)'", "’", text)


def _french(value: object) -> object:
    return french_spaces(_curly(value)) if isinstance(value, str) else value


def _english(value: object) -> object:
    return _curly(value) if isinstance(value, str) else value


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Filled = Annotated[str, Field(min_length=1, max_length=6000)]
Name = Annotated[Filled, BeforeValidator(_english)]  # of a work, in its own language
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Strict(BaseModel):
    """A misspelt key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Text(Strict):
    """One text in both languages; neither may be empty."""

    fr: Annotated[Filled, BeforeValidator(_french)]
    en: Annotated[Filled, BeforeValidator(_english)]
