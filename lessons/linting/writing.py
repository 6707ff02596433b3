"""Putting changed texts back into a file: these texts and not a byte around them. Pure.

A place is the way to a text in a file, such as ("steps", "welcome", "title", "fr"): keys, and the `id` of an item.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

Place = tuple[str, ...]


def texts_in(text: str) -> dict[Place, str]:
    """Every single value of a file by its place."""
    return {place: node.value for place, node in _scalars(yaml.compose(text, Loader=yaml.CSafeLoader), ())}


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


def place_name(place: Place) -> str:
    return "/".join(place)


def drafted(text: str, changes: Mapping[str, tuple[str, str] | list[str]]) -> str:
    """The file with a draft's changes. Raises KeyError for a place that is gone, or that says something else by now."""
    there = {place_name(place): (place, value) for place, value in texts_in(text).items()}
    texts, flags = {}, {}
    for name, (before, after) in changes.items():
        if name.endswith(f"/{FLAG}"):
            flags[tuple(name.split("/")[:-1])] = after == "true"
        elif name not in there or there[name][1] != before:
            raise KeyError(name)
        else:
            texts[there[name][0]] = after
    return _with_flags(rewrite(text, texts), flags)


def drafted_files(root: Path, slug: str, changes: Mapping[str, Mapping]) -> dict[Path, str]:
    """The files of a module that its draft changes, with their new text. Raises KeyError as `drafted` does."""
    files = {name: root / "modules" / slug / name for name in changes}
    return {file: drafted(file.read_bytes().decode(), changes[name]) for name, file in files.items()}


FLAG = "is_right"


def _with_flags(text: str, flags: Mapping[Place, bool]) -> str:
    """Answers made right or wrong: the line that says so is written below the id, or taken away."""
    items = dict(_items(yaml.compose(text, Loader=yaml.SafeLoader), ()))
    edits = []
    for place, is_right in flags.items():
        pairs = {key.value: (key, value) for key, value in items[place].value}
        if FLAG in pairs:
            _key, value = pairs[FLAG]
            edits.append((value.start_mark.index, value.end_mark.index, "true" if is_right else "false"))
        elif is_right:
            key, value = pairs["id"]
            end = value.end_mark.index
            is_block = items[place].flow_style is False
            said = f"\n{' ' * key.start_mark.column}{FLAG}: true" if is_block else f", {FLAG}: true"
            edits.append((end, end, said))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def flags_in(text: str) -> dict[str, bool]:
    """For each answer of a question with a key of its own: whether it is right."""
    found = {}
    for place, node in _items(yaml.compose(text, Loader=yaml.CSafeLoader), ()):
        values = {key.value: value for key, value in node.value}
        if {"choices", "kind"} <= values.keys() and values["kind"].value not in ("order", "match"):
            for choice in values["choices"].value:
                pairs = {key.value: value.value for key, value in choice.value}
                found[place_name((*place, "choices", pairs["id"], FLAG))] = pairs.get(FLAG) == "true"
    return found


def _items(node: yaml.Node, place: Place) -> Iterator[tuple[Place, yaml.MappingNode]]:
    """Every mapping with its place."""
    if isinstance(node, yaml.MappingNode):
        yield place, node
        for key, value in node.value:
            yield from _items(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _items(item, (*place, _name_of(item) or str(number)))


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
