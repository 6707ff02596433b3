"""Packs that are spoilt in one place are refused with file and line, or read whole: never in half."""

import random
import re
import shutil
import time
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from lessons.models import Module
from quizzes.management.commands import load_curriculum
from tests.attacks.mutating import CHANGES
from tests.attacks.volume import some

pytestmark = pytest.mark.django_db
PACKS = some(60, 1000)
LONGEST = 5  # seconds of processor time for one pack
SLUG = "staff-terms"
PLACED = re.compile(r"^.+:\d+: .+$", re.DOTALL)


def rows() -> dict[str, list]:
    models = [one for one in apps.get_models() if one._meta.app_label in ("lessons", "quizzes")]
    with translation.override("en"):
        return {one._meta.label: sorted(map(str, one._base_manager.values_list())) for one in models}


@pytest.fixture
def pack(tmp_path):
    """A loaded curriculum of one module, and a clean copy of it."""
    clean = tmp_path / "clean"
    (clean / "modules").mkdir(parents=True)
    for file in settings.CURRICULUM_DIR.glob("*.yaml"):
        shutil.copy(file, clean)
    shutil.copytree(settings.CURRICULUM_DIR / "modules" / SLUG, clean / "modules" / SLUG)
    call_command("load_curriculum", path=clean, verbosity=0)
    return clean


def try_pack(root) -> str:
    """What became of a pack: `refused`, or `read`; the database is as before in either case."""
    before, start, refusal = rows(), time.process_time(), None
    with transaction.atomic():
        try:
            call_command("load_curriculum", path=root, verbosity=0, all=True)
        except CommandError as error:
            refusal = str(error)
        if refusal is None:
            folders = {one.name for one in (root / "modules").iterdir() if one.is_dir()}
            assert set(Module.objects.values_list("slug", flat=True)) <= folders | {SLUG}
            assert all(one.steps.exists() and one.quizzes.exists() for one in Module.objects.all())
        else:
            assert all(PLACED.match(line) for line in re.split(r"\n(?=/)", refusal)), refusal
            assert rows() == before, "a pack was refused, and something of it stayed"
        transaction.set_rollback(True)
    assert time.process_time() - start < LONGEST
    return "read" if refusal is None else "refused"


def test_cwe_20_spoilt_packs_are_refused_with_file_and_line_or_read_whole(pack, tmp_path):
    """Kinds of fault of Moodle's CVE-2022-40314 and CVE-2026-26045: a restored file that nobody had checked."""
    outcomes = {"read": 0, "refused": 0}
    for number in range(PACKS):
        chance, root = random.Random(number), tmp_path / "spoilt"
        shutil.copytree(pack, root)
        file = chance.choice([one for one in sorted(root.rglob("*.yaml")) if one.name != "rules.yaml"])
        change = CHANGES[number % len(CHANGES)]
        change(file, chance)
        try:
            outcomes[try_pack(root)] += 1
        except BaseException as fault:
            raise AssertionError(f"pack {number}: {change.__name__} of {file.name}: {fault!r}") from fault
        shutil.rmtree(root)
    assert outcomes["refused"] > PACKS / 2, "hardly anything was spoilt"
    assert outcomes["read"] > 0, "a harmless change is no fault"


def test_a_pack_read_in_half_would_be_seen(pack, monkeypatch):
    def store(self, root, packs, frameworks):
        Module.objects.update(title_en="half")
        raise load_curriculum.CurriculumError([load_curriculum.Fault(root, 1, "planted")])

    monkeypatch.setattr(load_curriculum.Command, "store", store)
    monkeypatch.setattr(load_curriculum, "transaction", SimpleNamespace(atomic=nullcontext))
    with pytest.raises(AssertionError, match="something of it stayed"):
        try_pack(pack)
