"""Every cell of topics × bands is filled by a named step and a question; an empty one fails the command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quizzes.linting import LEAST_MODULES, coverage, read_curriculum
from tests.factories.curriculum import REAL, make_curriculum, plant

SLUG = "close-leave-tell"


@pytest.fixture(scope="module")
def real():
    return coverage(read_curriculum(REAL))


def test_no_cell_of_the_real_curriculum_is_empty(real):
    assert real.gaps == []
    assert all(fillers for cells in real.topics.values() for fillers in cells.values())


def test_there_are_enough_modules_for_each_band(real):
    assert all(real.modules[band] >= least for band, least in LEAST_MODULES.items())


def test_what_is_never_taught_has_no_cell(real):
    assert not {"6-8", "9-11"} & real.topics["right-words"].keys()
    assert not {"6-8", "9-11"} & real.topics["overview"].keys()
    assert "6-8" not in real.topics["behind-the-picture"]


def filled(root):
    return coverage(read_curriculum(root)).topics["finding-help"]["6-8"]


def test_a_cell_names_its_module_steps_and_questions(tmp_path):
    (filler,) = filled(make_curriculum(tmp_path, SLUG))

    assert filler.startswith(f"{SLUG} / three-moves, ")
    assert filler.endswith(" (8)")


def drop_from_steps(module):
    for step in module["steps"]:
        step["topics"] = [topic for topic in step.get("topics", []) if topic != "finding-help"]


def drop_from_objectives(module):
    for objective in module["objectives"]:
        objective["topics"] = [topic for topic in objective["topics"] if topic != "finding-help"]


@pytest.mark.parametrize("drop", [drop_from_steps, drop_from_objectives])
def test_a_cell_needs_a_step_and_a_question(tmp_path, drop):
    plant(make_curriculum(tmp_path, SLUG) / "modules" / SLUG / "module.yaml", drop)

    assert filled(tmp_path) == []


def test_the_command_prints_both_tables():
    out = StringIO()

    call_command("curriculum_coverage", stdout=out)

    printed = out.getvalue()
    assert "finding-help\n  6-8    close-leave-tell / three-moves" in printed
    assert "right-words\n  6-8    never\n  9-11   never\n  12-14  words-matter / " in printed
    assert "ukcis online-bullying: stop-the-chain" in printed
    assert "  staff  6 (at least 6)" in printed
    assert "EMPTY" not in printed


def test_the_command_fails_on_an_empty_cell_a_framework_nobody_names_and_too_few_modules(tmp_path):
    out = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("curriculum_coverage", path=make_curriculum(tmp_path, SLUG), stdout=out)

    assert "pressure × 6-8: nothing" in str(failure.value)
    assert "framework ukcis copyright-and-ownership: no module names it" in str(failure.value)
    assert "6-8: 1 modules" in str(failure.value)
    assert "EMPTY" in out.getvalue()


def test_the_command_fails_on_what_it_cannot_read(tmp_path):
    (make_curriculum(tmp_path, SLUG) / "modules" / SLUG / "quiz.yaml").unlink()

    with pytest.raises(CommandError, match=r"quiz\.yaml:1: the file is missing"):
        call_command("curriculum_coverage", path=tmp_path)
