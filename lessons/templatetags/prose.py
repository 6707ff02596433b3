"""Markdown of the curriculum as safe HTML: two walls, the parser without HTML and the sanitiser behind it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from lessons.models import GlossaryTerm

register = template.Library()
TAGS = {"p", "strong", "em", "ul", "ol", "li", "br", "blockquote"}
parser = MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink", "heading", "lheading", "code"])


@register.filter
@lru_cache(maxsize=4096)
def prose(text: str | None) -> SafeString:
    return mark_safe(nh3.clean(parser.render(text or ""), tags=TAGS, attributes={}))  # noqa: S308 - cleaned by nh3


def names_of(term: str) -> list[str]:
    """« chantage à l’image (sextorsion) » and “crime, offence” have two names each; a longer bracket explains."""
    name, _bracket, other = term.partition(" (")
    other = other.removesuffix(")")
    return name.split(", ") + ([other] if other and len(other.split()) <= 2 and "," not in other else [])


@lru_cache(maxsize=256)
def pattern_of(term: str) -> re.Pattern[str]:
    """A word or phrase as it may stand in a text: in either case, each word in the singular or with a plural's end."""
    names = "|".join(
        r"\s+".join(rf"{re.escape(escape(word, quote=False))}(?:e?s|x)?" for word in name.split())
        for name in names_of(term)
    )
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


@register.filter
def explained(text: SafeString, terms: Sequence[GlossaryTerm]) -> SafeString:
    """Links the first place of each term to its explanation on the same page. Takes what `prose` made."""
    parts = re.split(r"(<[^<>]+>)", text)
    for term in terms:
        pattern = pattern_of(term.term)
        is_link = False
        for place, part in enumerate(parts):
            if part.startswith("<"):
                is_link = part.startswith("<a ") or (is_link and part != "</a>")
                continue
            if not is_link and (found := pattern.search(part)):
                link = [part[: found.start()], f'<a class="word" href="#word-{term.slug}">', found[0], "</a>"]
                parts[place : place + 1] = [*link, part[found.end() :]]
                break
    return mark_safe("".join(parts))  # noqa: S308 - words of the text itself, between tags of `prose` and our own


@register.filter
def words_of(step: object, terms: Sequence[GlossaryTerm]) -> list[GlossaryTerm]:
    """The terms that stand in a step's words."""
    text = escape(step.body, quote=False)
    return [term for term in terms if pattern_of(term.term).search(text)]
