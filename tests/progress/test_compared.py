"""The tests that `docs/compared.md` names are there."""

import ast
import re

from django.conf import settings


def test_every_answer_names_a_test_that_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (settings.BASE_DIR / "docs/compared.md").read_text())
    assert len(named) > 15
    for file, name in named:
        tree = ast.parse((settings.BASE_DIR / file).read_text())
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"
