"""A curriculum in a folder of its own: the shared files and a few modules of the real one, to plant faults in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

REAL = Path(__file__).parents[2] / "curriculum"
SHARED = ("topics", "glossary", "helplines", "frameworks", "rules")


def make_curriculum(root: Path, *modules: str) -> Path:
    for name in SHARED:
        shutil.copy(REAL / f"{name}.yaml", root)
    for slug in modules:
        shutil.copytree(REAL / "modules" / slug, root / "modules" / slug)
    return root


class _Plain(yaml.SafeDumper):
    """Without the aliases that the reader refuses."""

    def ignore_aliases(self, data):
        return True


def plant(file: Path, change: Callable[[dict], object]) -> Path:
    """Writes the file again with one thing changed in it."""
    content = yaml.safe_load(file.read_text("utf-8"))
    change(content)
    file.write_text(yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100_000), "utf-8")
    return file
