"""Reading curriculum files: a value, or every fault with its file and line. Pure but for reading the file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.resolver import BaseResolver

LARGEST_FILE = 1_000_000  # bytes; a module's largest file has a tenth of it
MOST_PARTS = 20_000  # words, lists and mappings of a file; the largest has an eighth of it
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


class CurriculumError(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class _Resolver(BaseResolver):
    """Plain words stay words: only true, false, null and whole numbers are anything else."""


_Resolver.add_implicit_resolver("tag:yaml.org,2002:bool", yaml.resolver.re.compile(r"^(?:true|false)$"), list("tf"))
_Resolver.add_implicit_resolver("tag:yaml.org,2002:null", yaml.resolver.re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Resolver.add_implicit_resolver("tag:yaml.org,2002:int", yaml.resolver.re.compile(r"^[0-9]{1,9}$"), list("0123456789"))


class _Loader(yaml.cyaml.CParser, SafeConstructor, _Resolver):
    def __init__(self, stream: str) -> None:
        yaml.cyaml.CParser.__init__(self, stream)
        SafeConstructor.__init__(self)
        _Resolver.__init__(self)


def digest(paths: list[Path]) -> str:
    """The SHA-256 over the bytes of files in the given order: what reviewers sign. Raises CurriculumError for a
    link, a pipe, a folder or a file that is too large: none is opened."""
    content = hashlib.sha256()
    for path in paths:
        _refuse_strange(path)
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


@dataclass(frozen=True)
class Document(Generic[Shape]):
    """A file that was read: its value, and where each part of it stands."""

    path: Path
    value: Shape
    node: yaml.Node

    def fault(self, place: tuple[str | int, ...], reason: str) -> Fault:
        return Fault(self.path, line_of(self.node, place), reason)


def _refuse_strange(path: Path) -> None:
    """What is no plain file of a sensible size is not opened: a pipe would never end."""
    if path.is_symlink():
        raise CurriculumError([Fault(path, 1, "the file lies outside the curriculum: it is a link")])
    if not path.is_file():
        raise CurriculumError([Fault(path, 1, "the file is missing, or is no file")])
    if path.stat().st_size > LARGEST_FILE:
        raise CurriculumError([Fault(path, 1, f"the file is larger than {LARGEST_FILE} bytes")])


def read(path: Path, shape: type[Shape], *, root: Path) -> Shape:
    """One file as its shape. Raises CurriculumError with every fault found, each with its line."""
    return read_document(path, shape, root=root).value


def read_document(path: Path, shape: type[Shape], *, root: Path) -> Document[Shape]:
    """One file with its lines. Raises CurriculumError with every fault found.

    Refused before anything is built: files outside `root` (links), larger than `LARGEST_FILE`, of more parts than
    `MOST_PARTS`, not UTF-8, with aliases, anchors, tags or a key written twice.
    """
    _refuse_strange(path)
    if not path.resolve().is_relative_to(root.resolve()):
        raise CurriculumError([Fault(path, 1, "the file lies outside the curriculum")])
    try:
        text = path.read_text("utf-8")
        _refuse_tricks(path, text)
        node = yaml.compose(text, Loader=_Loader)
        if faults := [Fault(path, line, reason) for reason, line in _wrong_keys(node)]:
            raise CurriculumError(faults)
        value = None if node is None else _Loader("").construct_document(node)
    except UnicodeDecodeError:
        raise CurriculumError([Fault(path, 1, "the file is not UTF-8 text")]) from None
    except (yaml.YAMLError, ConstructorError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise CurriculumError([Fault(path, mark.line + 1 if mark else 1, reason)]) from None
    except RecursionError:
        raise CurriculumError([Fault(path, 1, "the file is nested too deeply")]) from None
    try:
        return Document(path, shape.model_validate(value), node)
    except ValidationError as error:
        raise CurriculumError(
            [
                Fault(path, line_of(node, detail["loc"]), f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}")
                for detail in error.errors()
            ]
        ) from None


def _refuse_tricks(path: Path, text: str) -> None:
    depth, faults = 0, []
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        line = event.start_mark.line + 1
        if count > MOST_PARTS:
            faults.append(Fault(path, line, f"the file has more than {MOST_PARTS} parts"))
            break
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            faults.append(Fault(path, line, "anchors and aliases are not allowed"))
        if isinstance(getattr(event, "tag", None), str):
            faults.append(Fault(path, line, f"tags are not allowed: {event.tag}"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > 20:
                faults.append(Fault(path, line, "the file is nested too deeply"))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if len(faults) >= 20:
            break
    if faults:
        raise CurriculumError(faults)


def _wrong_keys(whole: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys that are no words, and keys that stand twice, each with its line."""
    to_visit = [whole]
    while to_visit:
        node = to_visit.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    yield "a key is a word, no list and no mapping", key.start_mark.line + 1
                    continue
                if key.value in seen:
                    yield f"the key {key.value} is written twice", key.start_mark.line + 1
                seen.add(key.value)
                to_visit.append(value)
        elif isinstance(node, yaml.SequenceNode):
            to_visit.extend(node.value)


def line_of(node: yaml.Node | None, place: tuple[str | int, ...]) -> int:
    """The line (from 1) of what a place such as ("steps", 2, "title") names, or of the nearest thing around it."""
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
