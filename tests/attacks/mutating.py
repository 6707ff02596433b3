"""Packs of the curriculum, spoilt in one place each: cut, retyped, re-encoded, renamed, aliased, huge, not a file."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

NASTY = [
    None, True, -1, 0, 10**12, 1.5, "", " ", "x" * 7000, "<script>alert(1)</script>", "../../etc/passwd",
    "\u202e\u0000", [], {}, [[]], {"a": {}}, ["x"] * 3000, {"__proto__": 1}, "{{ settings.SECRET_KEY }}", "=1+1",
    "é" * 100, "2026-02-31",
]  # fmt: skip
Change = Callable[[Path, random.Random], None]


def _text(change: Callable[[str, random.Random], str | bytes]) -> Change:
    def apply(file: Path, chance: random.Random) -> None:
        changed = change(file.read_text("utf-8"), chance)
        file.write_bytes(changed if isinstance(changed, bytes) else changed.encode("utf-8", "surrogatepass"))

    apply.__name__ = change.__name__
    return apply


def _line(text: str, chance: random.Random, change: Callable[[str], str]) -> str:
    lines = text.split("\n")
    number = chance.randrange(len(lines))
    lines[number] = change(lines[number])
    return "\n".join(lines)


def cut(text, chance):
    return text.encode()[: chance.randrange(len(text))]


def flip(text, chance):
    data = bytearray(text.encode())
    for _time in range(chance.randrange(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def lose_a_line(text, chance):
    return _line(text, chance, lambda line: "")


def say_twice(text, chance):
    return _line(text, chance, lambda line: f"{line}\n{line}")


def indent(text, chance):
    return _line(text, chance, lambda line: chance.choice([" ", "\t", "  ", "- "]) + line)


def anchor(text, chance):
    return _line(
        text, chance, lambda line: line.replace(": ", f": {chance.choice(['&a', '*a', '!!python/name:os', '!x'])} ")
    )


def odd_key(text, chance):
    return text + chance.choice(
        ["\n? [a, b]\n: c\n", "\n? {a: b}\n: c\n", "\n<<: {a: b}\n", "\n---\na: b\n", "\n%YAML 9\n"]
    )


def encode(text, chance):
    return text.encode(chance.choice(["utf-16", "latin-1", "utf-32", "utf-8-sig", "cp1252", "utf-7"]), "replace")


def grow(text, chance):
    return text + chance.choice(
        ["# x" * 400_000, "\nx: [" + "1," * 300_000 + "]", "\nx: " + "[" * 3000, "\nx: " + "a" * 999_000]
    )


def empty(text, chance):
    return chance.choice(["", "\n", "null", "[]", "x", "{}", "# nothing", "\x00", "\ufeff"])


def _places(value, place=()):
    """Every place of a tree, itself included."""
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from _places(one, (*place, key))


def tree(file: Path, chance: random.Random) -> None:
    """One value of the file replaced, lost, renamed or repeated."""
    value = yaml.safe_load(file.read_text("utf-8"))
    place = chance.choice([one for one in _places(value) if one])
    holder = value
    for part in place[:-1]:
        holder = holder[part]
    last, what = place[-1], chance.randrange(4)
    if what == 0:
        holder[last] = chance.choice(NASTY)
    elif what == 1:
        del holder[last]
    elif isinstance(holder, dict):
        holder[chance.choice(["x", "", "id", "slug", 7, None])] = holder.pop(last) if what == 2 else holder[last]
    else:
        holder.extend([holder[last]] * chance.choice([1, 40]))
    file.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8", "surrogatepass")


def lose(file: Path, chance: random.Random) -> None:
    file.unlink()


def no_file(file: Path, chance: random.Random) -> None:
    """A folder, a pipe, a link to a file outside, one that leads nowhere, one to itself: by its name a file."""
    file.unlink()
    what = chance.randrange(5)
    if what == 0:
        file.mkdir()
    elif what == 1:
        os.mkfifo(file)
    else:
        file.symlink_to(["/etc/passwd", file.parent / "nowhere", file][what - 2])


def folder(file: Path, chance: random.Random) -> None:
    """Folders of a pack that are missing, renamed, doubled or strange."""
    modules = next(one for one in file.parents if (one / "topics.yaml").exists()) / "modules"
    module = next(modules.iterdir())
    what = chance.randrange(4)
    if what == 0:
        shutil.rmtree(modules)
    elif what == 1:
        module.rename(modules / chance.choice(["Ü", "a b", "..x", "x\ny", "-", "a" * 200]))
    elif what == 2:
        shutil.copytree(module, modules / "copied")
    else:
        (modules / "empty").mkdir()


CHANGES: list[Change] = [
    *map(_text, [cut, flip, lose_a_line, say_twice, indent, anchor, odd_key, encode, grow, empty]),
    tree, tree, tree, tree, lose, no_file, folder,
]  # fmt: skip
