"""The measuring commands are run by hand and rarely: that each takes only what is there is seen here.

Read, not imported: some of them set up Django, and one says that it serves.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
USERS = sorted({*ROOT.glob("benchmarks/*.py"), *ROOT.glob("tests/**/*.py")})


def trees(*paths: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in paths:
        yield path, ast.parse(path.read_text())


def made_by(tree: ast.Module) -> set[str]:
    """What a module itself makes; what it has taken from elsewhere is not meant."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        else:
            names |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return names


MODULES = {f"benchmarks.{path.stem}": made_by(tree) for path, tree in trees(*ROOT.glob("benchmarks/*.py"))}


def taken(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(module, name) of all that is imported from a measuring command, or asked of one that is imported whole."""
    whole = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "benchmarks":
            whole |= {one.asname or one.name: f"benchmarks.{one.name}" for one in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("benchmarks."):
            yield from ((node.module, one.name) for one in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in whole:
            yield whole[node.value.id], node.attr


@pytest.mark.parametrize("path", USERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_taken_from_a_measuring_command_is_made_there(path):
    missing = [f"{module}.{name}" for module, name in taken(ast.parse(path.read_text())) if name not in MODULES[module]]
    assert missing == []


def test_every_command_that_is_named_is_there():
    pages = [ROOT / "Makefile", ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.py")]
    named = {name for page in pages for name in re.findall(r"-m (benchmarks\.\w+)", page.read_text())}
    assert len(named) > 8
    assert named <= set(MODULES)
    for _path, tree in trees(*(ROOT / f"{name.replace('.', '/')}.py" for name in named)):
        assert "main" in made_by(tree)
