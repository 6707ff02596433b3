"""The explanations, drawn once for everybody: only what was chosen is put in."""

from django import template
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from config.caches import KEPT_SECONDS
from quizzes.forms import Answer

register = template.Library()
GAP = "\ue000"
"""A character of nobody's text: where it stands in the drawn answer, what was chosen comes in."""


@register.simple_tag
def drawn_answer(answer: Answer, version: str) -> SafeString:
    """`quizzes/_answer.html` of this answer. `version` is the content's hash."""
    key = f"answer:{answer.question.pk}:{answer.number}:{version}:{get_language()}"
    pieces = caches["content"].get_or_set(key, lambda: _drawn(answer), KEPT_SECONDS)
    values = [answer.state, *("y" if is_chosen else "n" for _choice, is_chosen in answer.rows), ""]
    return mark_safe("".join(text for pair in zip(pieces, values, strict=True) for text in pair))  # noqa: S308


def _drawn(answer: Answer) -> tuple[str, ...]:
    gapped = {"question": answer.question, "number": answer.number, "state": GAP}
    gapped["rows"] = [(choice, GAP) for choice, _is_chosen in answer.rows]
    return tuple(render_to_string("quizzes/_answer.html", {"answer": gapped}).split(GAP))
