"""The documents of the pack as safe HTML: the parser without HTML and the sanitiser behind it."""

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()
TAGS = {"h2", "h3", "p", "strong", "em", "ul", "ol", "li", "br", "blockquote", "code"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])


@register.filter
def document(text: str) -> SafeString:
    """Without its first heading, which is the page's."""
    html = nh3.clean(parser.render(text), tags=TAGS, attributes={})
    html = html.replace("<table>", '<div class="table-box" tabindex="0"><table class="table table--compact">')
    return mark_safe(html.replace("</table>", "</table></div>"))  # noqa: S308 - cleaned by nh3
