"""Loading the curriculum from its files: all or nothing, again and again, and nobody's progress is lost."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from lessons.enums import ReviewState
from lessons.linting import digest
from lessons.models import Draft, GlossaryTerm, Helpline, Module, Reading, Step, Topic
from quizzes.enums import ObjectiveState, QuizKind
from quizzes.models import ObjectiveResult, Question, Quiz
from tests.factories.accounts import make_seat
from tests.factories.curriculum import make_curriculum, plant

SLUG, OTHER, STAFF = "close-leave-tell", "sea-and-screen", "staff-terms"

pytestmark = pytest.mark.django_db


def load(root, **options):
    out = StringIO()
    call_command("load_curriculum", path=root, stdout=out, **options)
    return out.getvalue()


def file_of(root, name, slug=SLUG):
    return root / "modules" / slug / f"{name}.yaml"


@pytest.fixture
def root(tmp_path):
    return make_curriculum(tmp_path, SLUG)


def test_a_module_is_loaded_with_its_steps_forms_and_plan_in_both_languages(root):
    load(root)

    module = Module.objects.get()
    assert (module.title_fr, module.title_en) == ("Ferme, éloigne-toi, dis-le", "Close, leave, tell")
    assert module.steps.count() == 8
    assert module.steps.get(kind="scenario").scenes.filter(is_ending=True).count() == 4
    assert module.plan_fr["before"][0] != module.plan_en["before"][0]
    assert {quiz.kind: quiz.questions.count() for quiz in module.quizzes.all()} == {
        QuizKind.A: 8, QuizKind.B: 8, QuizKind.BOOSTER: 5,
    }  # fmt: skip
    assert Topic.objects.count() == 10
    assert GlossaryTerm.objects.count() >= 40
    assert Helpline.objects.filter(territory="FR").exists()


def test_a_staff_module_has_one_quiz_and_neither_plan_nor_paper(tmp_path):
    load(make_curriculum(tmp_path, STAFF))

    module = Module.objects.get()
    assert (module.band, module.plan_fr, module.paper_en) == ("staff", {}, {})
    assert [quiz.kind for quiz in Quiz.objects.all()] == [QuizKind.STAFF]


def test_loading_again_changes_nothing(root):
    load(root)
    keys = [set(model.objects.values_list("pk", flat=True)) for model in (Module, Step, Quiz, Question)]

    printed = load(root)

    assert printed == "Curriculum: 0 modules loaded, 1 in all.\n"
    load(root, all=True)
    assert keys == [set(model.objects.values_list("pk", flat=True)) for model in (Module, Step, Quiz, Question)]
    assert set(Question.objects.values_list("revision", flat=True)) == {1}


def test_a_seat_keeps_its_reading_and_its_results_when_texts_change(root):
    load(root)
    seat, module = make_seat(age_of_youngest=7), Module.objects.get()
    year = {"school_id": seat.school_id, "school_year": seat.school_year}
    reading = Reading.objects.create(**year, seat=seat, module=module, furthest_step=5)
    result = ObjectiveResult.objects.create(
        **year, seat=seat, objective=module.objectives.first(), state=ObjectiveState.GOT_IT
    )

    def change(content):
        content["title"]["en"] = "Another title"
        content["objectives"][0]["text"]["en"] = "I can do it."
        content["steps"].pop(2)

    plant(file_of(root, "module"), change)
    load(root)

    reading.refresh_from_db()
    result.refresh_from_db()
    assert (reading.module.title_en, reading.furthest_step) == ("Another title", 5)
    assert (result.state, result.objective.text_en) == (ObjectiveState.GOT_IT, "I can do it.")
    assert module.steps.count() == 7


def first(quiz):
    return quiz["a"][0]


def test_a_changed_key_makes_a_new_revision_and_keeps_the_old_one(root):
    load(root)
    slug = first(yaml.safe_load(file_of(root, "quiz").read_text("utf-8")))["id"]

    def turn_the_key(quiz):
        for choice in first(quiz)["choices"]:
            choice["is_right"] = choice["id"] == "look-again"

    plant(file_of(root, "quiz"), turn_the_key)
    load(root)

    old, new = Question.objects.filter(slug=slug).order_by("revision")
    assert [(q.revision, q.is_current) for q in (old, new)] == [(1, False), (2, True)]
    assert old.choices.get(is_right=True).slug == "shut-tablet"
    assert new.choices.get(is_right=True).slug == "look-again"
    assert Question.objects.filter(revision=2).count() == 1


def test_a_changed_prompt_is_the_same_revision(root):
    load(root)

    plant(file_of(root, "quiz"), lambda quiz: first(quiz)["prompt"].update(en="Asked in other words?"))
    load(root)

    question = Question.objects.get(prompt_en="Asked in other words?")
    assert (question.revision, question.is_current) == (1, True)


def test_a_question_that_went_is_current_no_more(root):
    load(root)

    plant(file_of(root, "quiz"), lambda quiz: first(quiz).update(id="a-renamed"))
    load(root)

    assert Question.objects.get(slug="a-boats").is_current is False
    assert Question.objects.current().filter(quiz__kind=QuizKind.A).count() == 8


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("module", lambda m: m["title"].pop("fr"), r"module\.yaml:\d+: title\.fr: Field required"),
        ("module", lambda m: m.update(colour="blue"), r"module\.yaml:\d+: colour: Extra inputs"),
        ("module", lambda m: m["topics"].append("nothing"), r"module\.yaml:1: there is no topic nothing"),
        ("module", lambda m: m["glossary"].append("nothing"), r"module\.yaml:1: there is no glossary term nothing"),
        ("module", lambda m: m.update(slug="another"), r"module\.yaml:1: the slug another is not the folder's name"),
        ("quiz", lambda q: first(q).update(objective="nothing"), r"quiz\.yaml:\d+: .*forms a and b differ"),
        ("plan", lambda p: p.pop("before"), r"plan\.yaml:\d+: before: Field required"),
        ("paper", lambda p: p["letter"].pop("they_see"), r"paper\.yaml:\d+: letter\.they_see: Field required"),
    ],
)
def test_a_fault_names_its_file_and_line_and_nothing_is_loaded(root, name, change, message):
    plant(file_of(root, name), change)

    with pytest.raises(CommandError, match=message):
        load(root)

    assert not Module.objects.exists()
    assert not Topic.objects.exists()


def test_a_fault_in_one_module_leaves_the_others_as_they_were(tmp_path):
    root = make_curriculum(tmp_path, SLUG, OTHER)
    load(root)
    plant(file_of(root, "module"), lambda module: module["title"].update(en="Never seen"))
    plant(file_of(root, "module", OTHER), lambda module: module.pop("minutes"))

    with pytest.raises(CommandError, match=rf"{OTHER}/module\.yaml:\d+: minutes"):
        load(root)

    assert Module.objects.get(slug=SLUG).title_en == "Close, leave, tell"


BOMB = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nslug: *c\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "anchors and aliases are not allowed"),
        ("slug: !!python/object/apply:os.system [ls]\n", "tags are not allowed"),
        ("slug: a\nslug: b\n", "the key slug is written twice"),
        ("x" * 1_000_001, "the file is larger than"),
        ("slug: [\n", "did not find expected"),
    ],
)
def test_a_hostile_file_is_refused(root, content, reason):
    file_of(root, "module").write_text(content)

    with pytest.raises(CommandError, match=reason):
        load(root)

    assert not Module.objects.exists()


def test_a_link_out_of_the_folder_is_refused(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "plan.yaml"
    file_of(root, "plan").rename(elsewhere)
    file_of(root, "plan").symlink_to(elsewhere)

    with pytest.raises(CommandError, match="outside the curriculum"):
        load(root)


def test_a_draft_that_was_not_exported_stays_beside_what_is_loaded(root):
    load(root)
    changes = {"module.yaml": {"title/en": ["Before", "A draft"]}}
    Draft.objects.create(module=Module.objects.get(), changes=changes)
    plant(file_of(root, "module"), lambda module: module["title"].update(en="From the file"))

    load(root)

    assert Module.objects.get().title_en == "From the file"
    assert Draft.objects.get().changes == changes


def sign(root, *names, content_hash=None):
    (root / "reviews").mkdir(exist_ok=True)
    content_hash = content_hash or digest(sorted((root / "modules" / SLUG).glob("*.yaml")))
    signatures = [
        {"name": name, "profession": "school nurse", "signed_on": "2026-01-15", "hash": content_hash} for name in names
    ]
    (root / "reviews" / f"{SLUG}.yaml").write_text(yaml.safe_dump({"signatures": signatures}))


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ([], ReviewState.UNREVIEWED),
        (["Ada Example"], ReviewState.UNREVIEWED),
        (["Ada Example", "ada  example"], ReviewState.UNREVIEWED),
        (["Ada Example", "Bo Example"], ReviewState.REVIEWED),
    ],
)
def test_two_persons_who_sign_the_hash_make_a_text_reviewed(root, names, state):
    sign(root, *names)

    load(root)

    assert Module.objects.get().review_state == state


def test_a_signature_of_another_text_counts_for_nothing(root):
    sign(root, "Ada Example", "Bo Example", content_hash="0" * 64)

    load(root)

    assert Module.objects.get().review_state == ReviewState.UNREVIEWED


def test_any_edit_breaks_the_seal(root):
    sign(root, "Ada Example", "Bo Example")
    load(root)

    with file_of(root, "paper").open("a") as paper:
        paper.write("\n")
    load(root)

    assert Module.objects.get().review_state == ReviewState.UNREVIEWED


def test_signing_what_is_loaded_already_seals_it(root):
    load(root)

    sign(root, "Ada Example", "Bo Example")
    load(root)

    assert Module.objects.get().review_state == ReviewState.REVIEWED
