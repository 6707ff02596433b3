"""The word rules of `curriculum/rules.yaml`, and the little language in which a person writes a phrase.

tu aurais dû                words as they are; capitals, kinds of apostrophe and no-break spaces do not matter
prédateur*                  any ending; `*porn*` any beginning too
c’est (de|) ta faute        one of these, or nothing
montre ... photo*           up to five words between
> efface l’image            at the beginning of a clause only: an order or advice, not « il efface »
# %                         any number
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lessons.linting.passages import Passage
from lessons.schemas import PhraseRule, Phrases

GAP = r"[^\w.!?:;\n]+(?:[\w’-]+[^\w.!?:;\n]+){0,5}?"
CLAUSE = (
    r"(?:^|(?<=[.!?:;«“\"(\n–—…-])|(?<=[.!?:;«“\"(\n–—…-] )"
    r"|(?<=\bet )|(?<=\bpuis )|(?<=\bthen )|(?<=\band ))"
)
SENTENCE_END = re.compile(r"[.!?…:;\n]|\b(?:mais|but)\b")
DENIAL = {
    "fr": re.compile(r"\b(?:ne|jamais|sans|ni|personne|rien|aucune?|pas|plus)\b|\bn’"),
    "en": re.compile(r"\b(?:not|never|no|nobody|none|nothing|without|nor|cannot|instead of|neither)\b|n’t\b"),
}
DENIAL_AFTER = {
    "fr": re.compile(r"^\W*(?:\w+\W+){0,2}(?:pas|jamais|rien|aucune?|personne)\b"),
    "en": re.compile(r"^\W*(?:\w+\W+){0,2}(?:nobody|no one|none|nothing)\b"),
}


@dataclass(frozen=True)
class Phrase:
    anchor: str  # a part that any text with the phrase holds: found much faster than the pattern
    pattern: re.Pattern[str]

    def find(self, text: str) -> Iterator[re.Match[str]]:
        if self.anchor in text:
            yield from self.pattern.finditer(text)


@lru_cache(maxsize=4000)
def compiled(written: str) -> Phrase:
    text = " ".join(written.lower().replace("'", "’").split())
    starts_a_clause, text = text.startswith("> "), text.removeprefix("> ")
    parts = re.findall(r"\.\.\.|[*#()| ]|[^*#()| .]+|\.", text)
    known = {"...": GAP, "*": r"[\w’-]*", "#": r"\d[\d.,]*", "(": "(?:", ")": ")", "|": "|", " ": r"\s*"}
    pattern = "".join(known.get(part) or re.escape(part) for part in parts)
    start = CLAUSE if starts_a_clause else r"(?<!\w)"
    outside = re.sub(r"\([^()]*\)", "#", text)
    anchor = max((run for run in re.split(r"[*#. ]+", outside)), key=len, default="")
    return Phrase(anchor, re.compile(f"{start}(?:{pattern})(?!\\w)"))


def found(phrases: Phrases, language: str, text: str) -> Iterator[re.Match[str]]:
    for written in getattr(phrases, language):
        yield from compiled(written).find(text)


def says(phrases: Phrases, language: str, text: str) -> bool:
    return next(found(phrases, language, text), None) is not None


def breaches(rule: PhraseRule, passage: Passage) -> Iterator[str]:
    """What this passage says that the rule forbids."""
    context = passage.context
    if context.reader not in rule.readers or (rule.from_age is not None and context.age >= rule.from_age):
        return
    text = passage.told if rule.shown_is_fine else passage.plain
    for match in found(rule.phrases, passage.language, text):
        if rule.negated_is_fine and _is_denied(text, match, passage.language):
            continue
        if rule.explained_is_fine and any(match.group().startswith(term) for term in context.explains):
            continue
        if says(rule.beside, passage.language, passage.plain):
            return
        yield match.group()


def _is_denied(text: str, match: re.Match[str], language: str) -> bool:
    """« ce n’est pas ta faute », « n’efface rien », “do not copy or forward it”."""
    before = SENTENCE_END.split(text[: match.start()])[-1]
    within = " ".join([*before.split()[-9:], match.group()])
    after = SENTENCE_END.split(text[match.end() :])[0]
    return bool(DENIAL[language].search(within) or DENIAL_AFTER[language].search(after))
