"""Every address that the URLconf answers, as data: for whoever reviews, and for the programs that attack it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern


@dataclass(frozen=True)
class Route:
    """`path` names its arguments as `<kind:name>`; `is_open` says that no account is asked for (a seat may be)."""

    name: str
    path: str
    arguments: dict[str, str]
    view: str
    is_open: bool


def _text(pattern) -> str:
    if isinstance(pattern, LocalePrefixPattern):
        return "<language>/"
    return str(pattern) if isinstance(pattern, RoutePattern) else simplify_regex(str(pattern)).lstrip("/")


def _walk(resolver: URLResolver, before: str, names: tuple[str, ...], kinds: dict[str, str]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        path = before + _text(one.pattern)
        found = kinds | {name: type(kind).__name__ for name, kind in one.pattern.converters.items()}
        if isinstance(one, URLResolver):
            yield from _walk(one, path, (*names, *filter(None, [one.namespace])), found)
        elif isinstance(one, URLPattern):
            view = f"{one.callback.__module__}.{getattr(one.callback, '__qualname__', type(one.callback).__qualname__)}"
            is_open = not getattr(one.callback, "login_required", True)
            yield Route(":".join([*names, one.name or "—"]), f"/{path}", found, view, is_open)


def routes() -> list[Route]:
    """In the order in which they are tried."""
    return list(_walk(get_resolver(), "", (), {}))
