"""Every text of a curriculum file as passages: whose eyes it meets, from which age, and in which voice.

A passage is *told* (the platform speaks to its reader) or *shown*: a thing said in a story that pupils are to spot, or
an option they may weigh. Shown are, and only these:

- what stands in quotation marks, « » or “ ” (found by `phrases`, within any passage);
- a reply of a scenario or check (its feedback is told), a line with a speaker, a choice that is not right, and the
  statement of a true/false question whose answer is "false" (each choice's `why` is told);
- a plan's `not_to_say`, the letter's `they_never_see`, and a glossary entry's avoided terms.

A character may blame, threaten or ask in a shown passage; the platform never does.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lessons import schemas
from lessons.linting.reading import Document, Fault, line_of

LANGUAGES = ("fr", "en")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
SHOWN = {
    (schemas.Reply, "text"),
    (schemas.Plan, "not_to_say"),
    (schemas.Letter, "they_never_see"),
    (schemas.GlossaryEntry, "avoid"),
}
READERS = {schemas.Plan: "teacher", schemas.Letter: "parent"}
HEADINGS = {"title", "alt", "term", "name"}
ANSWERS = {"choices", "replies"}
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Context:
    reader: str  # pupil, parent, teacher or staff
    band: str
    age: int
    is_shown: bool = False
    explains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    document: Document
    place: Place
    language: str
    words: str
    context: Context

    @cached_property
    def plain(self) -> str:
        """In small letters, with plain spaces, one kind of apostrophe and no markdown."""
        text = self.words.replace("\u202f", " ").replace("\u00a0", " ").replace("'", "’").replace("‘", "’")
        return re.sub(r"[*_`]", "", text).lower()

    @cached_property
    def told(self) -> str:
        """`plain` without what is shown."""
        return "" if self.context.is_shown else QUOTED.sub("«»", self.plain)

    @property
    def is_running_text(self) -> bool:
        """No heading and no answer to choose: those are short, and would soften an average."""
        return not HEADINGS & set(self.place) and not (
            ANSWERS & set(self.place) and self.place[-1] in ("text", "partner")
        )

    def fault(self, reason: str) -> Fault:
        line = line_of(self.document.node, (*self.place, self.language))
        shown = " ".join(self.words.split())
        return Fault(self.document.path, line, f"{reason} [{self.language}] {shown[:90]}")


Frame = Callable[[schemas.Strict, Context], Context]


def frame(part: schemas.Strict, context: Context) -> Context:
    """The context inside a part: who reads it, from which age, what it explains."""
    if type(part) in READERS:
        return replace(context, reader=READERS[type(part)])
    if isinstance(part, schemas.Step):
        explains = tuple(term.lower() for term in part.explains)
        return replace(context, age=part.from_age or context.age, explains=context.explains + explains)
    if isinstance(part, schemas.GlossaryEntry):
        explains = tuple(word.lower() for avoided in part.avoid for word in (avoided.fr, avoided.en))
        band = part.from_band
        reader = "staff" if band == "staff" else "pupil"
        return replace(
            context, reader=reader, band=band, age=part.from_age or schemas.FIRST_AGE[band], explains=explains
        )
    return context


def passages(
    document: Document, part: object, context: Context, place: Place = (), frame: Frame = frame
) -> Iterator[Passage]:
    """Every text below `part`, in both languages."""
    if isinstance(part, schemas.Text):
        for language in LANGUAGES:
            yield Passage(document, place, language, getattr(part, language), context)
    elif isinstance(part, schemas.Strict):
        inner = frame(part, context)
        for name in type(part).model_fields:
            is_shown = inner.is_shown or (type(part), name) in SHOWN
            below = inner if is_shown == inner.is_shown else replace(inner, is_shown=True)
            yield from passages(document, getattr(part, name), below, (*place, name), frame)
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from passages(document, item, context, (*place, number), frame)
