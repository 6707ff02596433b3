"""The content linter: the real curriculum has no fault, and a planted fault of every kind turns it red."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lessons.linting import digest
from quizzes.linting import check, of_pack, read_curriculum
from tests.factories.curriculum import REAL, make_curriculum, plant
from tests.quizzes.planted import FAULTS, OLDER, SENSITIVE, SLUG, STAFF, body, of, ones, scenario, text

REAL_SHARED = read_curriculum(REAL, only=set()).shared


def faults_of(root):
    return check(read_curriculum(root))


def faults_of_modules(root):
    """Without the shared files' own faults, and without reading those again."""
    curriculum = read_curriculum(root, shared=REAL_SHARED)
    return curriculum.faults + [fault for pack in curriculum.packs for fault in of_pack(pack, curriculum)]


@pytest.mark.parametrize("slug", [SLUG, SENSITIVE, OLDER, STAFF])
def test_the_modules_in_which_faults_are_planted_have_none(tmp_path, slug):
    make_curriculum(tmp_path, slug)

    assert faults_of_modules(tmp_path) == []


@pytest.mark.parametrize(("slug", "file", "change", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_with_its_file_and_line(tmp_path, slug, file, change, reason):
    planted = plant(make_curriculum(tmp_path, slug) / "modules" / slug / f"{file}.yaml", change)

    found = [fault for fault in faults_of_modules(tmp_path) if reason in fault.reason]

    assert found, [str(fault) for fault in faults_of_modules(tmp_path)]
    assert found[0].path.parent == planted.parent
    assert found[0].line >= 1
    assert str(found[0]).startswith(f"{found[0].path}:{found[0].line}: ")


def test_a_fault_names_the_very_line(tmp_path):
    file = make_curriculum(tmp_path, SLUG) / "modules" / SLUG / "module.yaml"
    planted = plant(file, body("La mer.", "It is your own fault."))

    (fault,) = faults_of_modules(tmp_path)

    assert "It is your own fault." in planted.read_text("utf-8").splitlines()[fault.line - 1]


@pytest.mark.parametrize("name", ["module", "quiz", "plan", "paper"])
def test_a_missing_file_is_a_fault(tmp_path, name):
    (make_curriculum(tmp_path, SLUG) / "modules" / SLUG / f"{name}.yaml").unlink()

    assert any(fault.path.name == f"{name}.yaml" and "missing" in fault.reason for fault in faults_of_modules(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(body("Il écrit : « C'est ta faute. »"), id="a quotation"),
        pytest.param(body("Ce n'est pas ta faute."), id="a denial"),
        pytest.param(
            lambda m: scenario(m)[0]["replies"][0].update(text=text("C'est ma faute, c'est sa faute.", "I wait.")),
            id="an option of a story",
        ),
        pytest.param(
            lambda m: m["steps"][0].update(explains=["prédateur"], body=text("Le mot prédateur trompe.", "The sea.")),
            id="an explained term",
        ),
    ],
)
def test_what_is_shown_denied_or_explained_is_no_fault(tmp_path, change):
    plant(make_curriculum(tmp_path, OLDER) / "modules" / OLDER / "module.yaml", change)

    assert faults_of_modules(tmp_path) == []


def test_what_a_choice_that_is_not_right_says_is_no_fault(tmp_path):
    def change(quiz):
        choice = next(c for c in ones(quiz, "a")[0]["choices"] if not c.get("is_right"))
        choice["text"] = text("Dire que c'est sa faute, voilà", "Say that it is her own fault")

    plant(make_curriculum(tmp_path, SLUG) / "modules" / SLUG / "quiz.yaml", change)

    assert not [fault for fault in faults_of_modules(tmp_path) if "fault on a child" in fault.reason]


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("glossary", lambda g: g.update(terms=g["terms"][:39]), "a glossary of 39 terms"),
        ("glossary", lambda g: g["terms"].append(g["terms"][0]), "is there twice"),
        ("glossary", lambda g: [t.pop("why", None) for t in g["terms"]], "avoided terms without a reason"),
        (
            "helplines",
            lambda h: h.update(helplines=[x for x in h["helplines"] if x["territory"] != "FR"]),
            "FR: no help",
        ),
        ("helplines", lambda h: of(h, "CA", "emergency").update(is_emergency=False), "CA: no emergency number"),
        ("helplines", lambda h: of(h, "GB", "emergency").update(for_pupils=False), "GB: no emergency number"),
        ("helplines", lambda h: of(h, "LU", "suicide").update(is_suicide_line=False), "LU: no suicide line"),
        ("helplines", lambda h: h["helplines"].remove(of(h, "EU", "suicide")), "EU: no suicide line"),
        (
            "helplines",
            lambda h: of(h, "FR", "suicide").update(contacts=[{"kind": "web", "value": "https://3114.fr"}]),
            "FR: no suicide line",
        ),
        ("helplines", lambda h: of(h, "ANY", "suicide").update(staff_page_only=True), "ANY: no suicide line"),
        ("helplines", lambda h: h["helplines"][0].pop("source"), "source: Field required"),
        ("helplines", lambda h: h["helplines"][0].pop("verified_on"), "verified_on: Field required"),
        ("topics", lambda t: t["topics"][0].update(title=text("Même", "Même")), "the same text in both"),
        ("rules", lambda r: r["rules"][0].pop("reason"), "reason: Field required"),
    ],
)
def test_a_fault_of_a_shared_file_is_found(tmp_path, name, change, reason):
    planted = plant(make_curriculum(tmp_path, SLUG) / f"{name}.yaml", change)

    assert any(fault.path == planted and reason in fault.reason for fault in faults_of(tmp_path))


def test_the_real_curriculum_has_no_fault_and_is_checked_quickly():
    begun = time.process_time()

    faults = faults_of(REAL)

    assert [str(fault) for fault in faults] == []
    assert time.process_time() - begun < 20  # seconds; a person waits for it before each commit


def test_the_command_prints_that_all_is_well(tmp_path):
    out = StringIO()

    call_command("check_curriculum", path=make_curriculum(tmp_path, SLUG), stdout=out)

    assert out.getvalue() == "1 modules checked: no fault.\n"


def test_the_command_fails_with_every_fault(tmp_path):
    plant(
        make_curriculum(tmp_path, SLUG) / "modules" / SLUG / "module.yaml", body("Efface tout.", "Delete everything.")
    )

    with pytest.raises(CommandError, match=r"(?s)module\.yaml:\d+: advises.*module\.yaml:\d+: advises.*2 faults"):
        call_command("check_curriculum", path=tmp_path)


def test_the_command_checks_the_named_modules_only(tmp_path):
    root = make_curriculum(tmp_path, SLUG, OLDER)
    plant(root / "modules" / OLDER / "module.yaml", body("Efface tout."))
    out = StringIO()

    call_command("check_curriculum", SLUG, path=root, stdout=out)

    assert "1 modules" in out.getvalue()


def test_the_command_prints_the_hash_that_a_reviewer_signs(tmp_path):
    root = make_curriculum(tmp_path, SLUG)
    out = StringIO()

    call_command("check_curriculum", path=root, hash=SLUG, stdout=out)

    assert out.getvalue().strip() == digest(sorted((root / "modules" / SLUG).glob("*.yaml")))


@pytest.mark.parametrize("options", [{"hash": "nothing"}, {"hash": "../modules"}])
def test_the_command_knows_no_other_module(tmp_path, options):
    with pytest.raises(CommandError, match="There is no module"):
        call_command("check_curriculum", path=make_curriculum(tmp_path, SLUG), **options)
