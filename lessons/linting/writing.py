"""Putting changed texts back into a file: these texts and not a byte around them. Pure.

A place is the way to a text in a file, such as ("steps", "welcome", "title", "fr"): keys, and the `id` of an item.
"""

import json
from collections.abc import Iterator, Mapping

import yaml

Place = tuple[str, ...]


def texts_in(text: str) -> dict[Place, str]:
    """Every single value of a file by its place."""
    return {place: node.value for place, node in _scalars(yaml.compose(text, Loader=yaml.SafeLoader), ())}


def rewrite(text: str, changed: Mapping[Place, str]) -> str:
    """The file with these texts changed; each must be there already. Raises KeyError for one that is not."""
    nodes = dict(_scalars(yaml.compose(text, Loader=yaml.SafeLoader), ()))
    spans = sorted(
        ((nodes[place].start_mark.index, nodes[place].end_mark.index, nodes[place].style, new) for place, new in
         changed.items()),
        reverse=True,
    )  # fmt: skip
    for start, end, style, new in spans:
        quoted = json.dumps(new, ensure_ascii=False)  # a YAML text in double quotes, too
        text = text[:start] + quoted + ("\n" if style in ("|", ">") else "") + text[end:]
    return text


def _scalars(node: yaml.Node, place: Place) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield place, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*place, key.value))
    else:
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*place, _name_of(item) or str(number)))


def _name_of(item: yaml.Node) -> str | None:
    if not isinstance(item, yaml.MappingNode):
        return None
    return next((value.value for key, value in item.value if key.value == "id"), None)
