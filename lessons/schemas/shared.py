"""Shapes of the files that all modules share: words explained, help services, topics, reviews, rules."""

import re
from typing import Annotated, Literal

from django.conf.locale import LANG_INFO
from pydantic import Field, HttpUrl, model_validator

from lessons.schemas.words import BANDS, TERRITORIES, Day, Filled, Slug, Strict, Text


class GlossaryEntry(Strict):
    slug: Slug
    from_band: Literal[BANDS]
    from_age: int | None = Field(default=None, ge=6, le=18)  # where the band alone would be too early
    term: Text
    definition: Text
    avoid: list[Text] = []  # terms not to use …
    why: Text | None = None  # … and why


class Contact(Strict):
    kind: Literal["phone", "sms", "web", "chat", "app"]
    value: Filled

    @model_validator(mode="after")
    def _leads_to_a_person(self) -> "Contact":
        wanted = {"phone": r"\+?[\d ()-]{2,25}", "sms": r"\+?[\d ()-]{2,25}", "app": r"[\w ’.-]{1,60}"}
        if not re.fullmatch(wanted.get(self.kind, r"https://[\w./?=&%#-]{4,200}"), self.value):
            raise ValueError(f"“{self.value[:60]}” is no {self.kind} that one can reach")
        return self


class HelplineEntry(Strict):
    slug: Slug
    territory: Literal[TERRITORIES]
    position: int = 10
    name: Text
    purpose: Text
    contacts: list[Contact] = Field(min_length=1)
    for_pupils: bool
    for_adults: bool
    staff_page_only: bool = False
    is_emergency: bool = False
    is_suicide_line: bool = False  # somebody to talk to who no longer wants to live; each territory has one
    languages: list[Literal[tuple(LANG_INFO)]] = Field(min_length=1)
    hours: Text | None = None
    source: HttpUrl
    verified_on: Day | None  # null until a person opened the page


class TopicEntry(Strict):
    slug: Slug
    title: Text
    bands: list[Literal[BANDS]] = Field(min_length=1)


class FrameworkEntry(Strict):
    framework: Literal["ukcis", "itgse", "evars", "crcn"]
    code: Slug | Annotated[str, Field(pattern=r"^\d\.\d$")]
    title: Text
    source: HttpUrl


class Glossary(Strict):
    terms: list[GlossaryEntry]


class Helplines(Strict):
    helplines: list[HelplineEntry]


class Topics(Strict):
    topics: list[TopicEntry]


class Frameworks(Strict):
    frameworks: list[FrameworkEntry]


class Signature(Strict):
    """A professional has read this text, at this hash, and stands by it."""

    name: Filled
    profession: Filled
    signed_on: Day
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class Reviews(Strict):
    """`curriculum/reviews/<slug>.yaml`"""

    signatures: list[Signature] = []


class Phrases(Strict):
    """Phrases in both languages; `lessons.linting.phrases` says how they are written."""

    fr: list[Filled] = []
    en: list[Filled] = []


class PhraseRule(Strict):
    id: Slug
    reason: Filled
    readers: list[Literal["pupil", "parent", "teacher", "staff"]] = Field(min_length=1)
    from_age: int | None = Field(default=None, ge=6, le=19)  # below this age only
    shown_is_fine: bool = False  # may stand in a quotation, a character's line, an answer that is not right
    negated_is_fine: bool = False
    explained_is_fine: bool = False  # may stand where a step, question or glossary entry explains it
    phrases: Phrases
    beside: Phrases = Phrases()  # fine where the same passage says one of these too
    finds: Phrases  # examples; the suite tries them
    passes: Phrases


class Rules(Strict):
    """`curriculum/rules.yaml`: the words of the content linter."""

    rules: list[PhraseRule]
    help: Phrases  # what an ending, a module's end and its last step say
    not_believed: Phrases  # "if you are not believed, tell somebody else"
    filtered: Phrases  # what school filters stop in an address or a tab title
    same_in_both: list[Filled] = []  # texts that may be the same in both languages
