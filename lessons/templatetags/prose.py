"""Markdown of the curriculum as safe HTML: two walls, the parser without HTML and the sanitiser behind it."""

from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()
TAGS = {"p", "strong", "em", "ul", "ol", "li", "br", "blockquote"}
parser = MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink", "heading", "lheading", "code"])


@register.filter
@lru_cache(maxsize=4096)
def prose(text: str | None) -> SafeString:
    return mark_safe(nh3.clean(parser.render(text or ""), tags=TAGS, attributes={}))  # noqa: S308 - cleaned by nh3
