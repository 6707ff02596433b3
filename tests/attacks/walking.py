"""Every address that the URLconf knows, with the things of one world or of two."""

from html.parser import HTMLParser

from django.urls import get_resolver, reverse

from tests.test_access import TABLE
from tests.world import World

IDS = ("_id", "pk")


def arguments(view: str) -> list[str]:
    resolver = get_resolver()
    *namespaces, name = view.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return list(resolver.reverse_dict.getlist(name)[0][0][0][1])


def places(world: World) -> dict[str, str]:
    return {view: reverse(view, kwargs={a: world.name(a, view) for a in arguments(view)}) for view in TABLE}


def crossed(own: World, foreign: World, only: tuple[str, ...] = ()) -> dict[tuple[str, str], str]:
    """For each view and each id in its address: the address with that id of the other world, the rest of one's own.

    `only` names the ids that are crossed; all, if none is named.
    """
    found = {}
    for view in TABLE:
        names = arguments(view)
        for wrong in (name for name in names if name.endswith(IDS) and name not in ("pk", "provider_id")):
            if only and wrong not in only:
                continue
            kwargs = {name: (foreign if name == wrong else own).name(name, view) for name in names}
            found[view, wrong] = reverse(view, kwargs=kwargs)
    return found


class Page(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
