"""The content linter: the real curriculum has no fault, and a planted fault of every kind turns it red."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lessons.linting import digest
from quizzes.linting import check, of_pack, read_curriculum
from tests.factories.curriculum import REAL, make_curriculum, plant

SLUG, SENSITIVE, OLDER, STAFF = "close-leave-tell", "my-picture-my-no", "asked-for-a-picture", "staff-terms"


def text(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


def body(fr: str, en: str = "Here is a calm sentence."):
    return lambda module: module["steps"][0].update(body=text(fr, en))


def scenario(module):
    return next(step["scenario"]["scenes"] for step in module["steps"] if step["kind"] == "scenario")


def ending(module):
    return next(scene for scene in scenario(module) if scene.get("is_ending"))


def ones(quiz, *forms):
    return [q for form in forms or ("a", "b", "booster") for q in quiz[form] if q["kind"] == "one"]


def matches(quiz):
    return [q for form in ("a", "b", "booster") for q in quiz[form] if q["kind"] == "match"]


def of(helplines, territory, kind):
    return next(x for x in helplines["helplines"] if x["territory"] == territory and kind in x["slug"])


def right(question):
    return next(choice for choice in question["choices"] if choice.get("is_right"))


def give_away_by_length(quiz):
    for choice in ones(quiz, "a")[0]["choices"]:
        choice["text"] = text("Un peu long " * (6 if choice.get("is_right") else 1), "Quite long " + choice["id"])


def longest_is_right(quiz):
    for question in ones(quiz, "a"):
        for choice in question["choices"]:
            choice["text"] = text("Dire " + "a" * (9 + choice.get("is_right", False)), "Tell " + choice["id"])


def always_first(quiz):
    for question in ones(quiz):
        question["choices"].sort(key=lambda choice: not choice.get("is_right", False))


def always_true(quiz):
    for question in (q for form in ("a", "b", "booster") for q in quiz[form] if q["kind"] == "true_false"):
        for choice in question["choices"]:
            choice["is_right"] = choice["id"] == "true"


def all_right(quiz):
    for choice in next(q for q in quiz["a"] if q["kind"] == "several")["choices"]:
        choice["is_right"] = True


def one_objective(quiz):
    for form in ("a", "b"):
        for question in quiz[form]:
            question["objective"] = "close-and-leave"


def trap(module):
    """Two scenes that lead only to one another."""
    scenes = scenario(module)
    reply = scenes[0]["replies"][0]
    scenes[0]["replies"].append(dict(reply, id="in", to="trap-a"))
    scenes.append(dict(scenes[0], id="trap-a", replies=[dict(reply, to="trap-b")]))
    scenes.append(dict(scenes[0], id="trap-b", replies=[dict(reply, to="trap-a")]))


def unreachable(module):
    scene = dict(ending(module), id="nowhere")
    scenario(module).append(scene)


def same_in_both(module):
    module["steps"][0]["title"] = text("Information", "Information")


LONG = "mot " * 25


def long_on_average(module):
    """Each sentence as long as one may be; together they are too long."""
    for step in module["steps"]:
        step["body"] = text(("Un adulte t'aide " + "mot " * 14 + ".\n\n") * 20, "An adult helps you.")


FAULTS = {
    # what is missing
    "language": (SLUG, "module", lambda m: m["title"].pop("en"), "title.en: Field required"),
    "empty language": (SLUG, "module", lambda m: m["title"].update(en=" "), "title.en: String should have at least 1"),
    "band": (SLUG, "module", lambda m: m.pop("band"), "band: Field required"),
    "source": (SLUG, "module", lambda m: m.update(sources=[]), "sources: List should have at least 1 item"),
    "framework": (SLUG, "module", lambda m: m.update(frameworks=m["frameworks"][:1]), "names nothing of"),
    "no framework": (SLUG, "module", lambda m: m.update(frameworks=[]), "frameworks: List should have at least 1"),
    "alternative text": (SLUG, "module", lambda m: m["steps"][0]["picture"].pop("alt"), "alt: Field required"),
    "neutral activity": (SENSITIVE, "module", lambda m: m["steps"][0].pop("neutral"), "needs a neutral activity"),
    "way back": (OLDER, "module", lambda m: m.pop("way_back"), "needs a way back"),
    "help at the end": (
        SLUG, "module", lambda m: m["steps"][-1].update(body=text("Au revoir.", "Goodbye.")),
        "the last step names no help",
    ),
    "help in next_words": (
        SLUG, "module", lambda m: m.update(next_words=text("C'est fini.", "That is all.")), "next_words names no help",
    ),
    "scenario": (
        SLUG, "module", lambda m: m["steps"].pop(next(i for i, s in enumerate(m["steps"]) if "scenario" in s)),
        "has no scenario",
    ),
    "easy-to-read help": (
        SLUG, "paper", lambda p: p["easy_read"].update(lines=[{"text": text("La mer.", "The sea.")}] * 5),
        "easy-to-read version names no help",
    ),
    "plan moment": (SLUG, "plan", lambda p: p.pop("right_to_pass"), "right_to_pass: Field required"),
    "plan minutes": (SLUG, "plan", lambda p: p["timeline"][0].update(minutes=45), "timeline takes"),
    "plan without devices": (SLUG, "plan", lambda p: p["no_device"][0].update(minutes=44), "no_device takes"),
    # what is named and not there
    "topic": (SLUG, "module", lambda m: m["topics"].append("pressure"), "no step teaches the topic pressure"),
    "measured topic": (SLUG, "module", lambda m: m["objectives"][2].update(topics=[]), "no objective measures"),
    "topic of another band": (SLUG, "module", lambda m: m["topics"].append("right-words"), "never taught to 6-8"),
    "unknown topic": (SLUG, "module", lambda m: m["topics"].append("nothing"), "there is no topic nothing"),
    "unknown term": (SLUG, "module", lambda m: m["glossary"].append("nothing"), "there is no glossary term nothing"),
    "unknown objective": (SLUG, "quiz", lambda q: q["booster"][0].update(objective="nothing"), "there is no objective"),
    "slug": (SLUG, "module", lambda m: m.update(slug="another"), "is not the folder's name"),
    # words
    "term above the band": (SLUG, "module", lambda m: m["glossary"].append("grooming"), "is above the band"),
    "word above the band": (SLUG, "module", body("Une image sexuelle arrive."), "below the age at which it is taught"),
    "word from 13": (OLDER, "module", body("Un contenu d'abus existe."), "words of abuse material"),
    "avoided term": (OLDER, "module", body("Une personne est un prédateur."), "avoided term"),
    "avoided term for staff": (STAFF, "module", body("La pédopornographie existe."), "avoided term"),
    "blame": (SLUG, "module", body("C'est un peu ta faute."), "puts fault on a child"),
    "blame in English": (SLUG, "module", body("La mer.", "It is your own fault."), "puts fault on a child"),
    "blame in a right answer": (
        SLUG, "quiz",
        lambda q: right(ones(q)[0]).update(text=text("C'est sa faute", "Close")),
        "puts fault on a child",
    ),
    "blame in an explanation": (
        SLUG, "quiz", lambda q: q["a"][0]["choices"][0].update(why=text("Tu aurais dû fermer.", "Close it.")),
        "reproaches a child",
    ),
    "blame in a plan": (SLUG, "plan", lambda p: p["to_say"].append(text("Tu as eu tort.", "Well done.")), "reproaches"),
    "label": (OLDER, "module", body("Un agresseur attend."), "labels a person"),
    "fear": (SLUG, "module", body("Ta vie est finie."), "frightens"),
    "for ever": (SLUG, "module", body("Elle reste en ligne pour toujours."), "stays for ever without"),
    "figures": (SLUG, "module", body("Un enfant sur cinq le voit."), "frightens with figures"),
    "own experience": (SLUG, "module", body("As-tu déjà vu une image ?"), "lived through"),
    "own experience in a plan": (SLUG, "plan", lambda p: p["timeline"][0].update(
        text=text("Demander.", "Ask. Has this ever happened to you?")), "lived through"),
    "only parents": (SLUG, "module", body("Dis-le à tes parents."), "the only people to turn to"),
    "advice to copy": (SLUG, "module", body("Fais une capture."), "advises to copy"),
    "advice to show": (SLUG, "module", body("La mer.", "Show the picture to an adult."), "advises to copy"),
    "advice to delete": (SLUG, "module", body("Efface tout."), "advises to copy"),
    "platform": (SLUG, "module", body("Elle ouvre Instagram."), "names a platform"),
    "platform in a quotation": (SLUG, "paper", lambda p: p["letter"]["at_home"].append(
        text("Dites : « Pas de TikTok ».", "Say it.")), "names a platform"),
    "filtered slug": (SLUG, "module", lambda m: m["steps"][0].update(id="sexy-words"), "a filter stops the slug"),
    "filtered title": (SLUG, "module", lambda m: m.update(title=text("Les nus", "The sea")), "a filter stops"),
    "same in both": (SLUG, "module", same_in_both, "the same text in both languages"),
    # lengths
    "long sentence": (SLUG, "module", body(f"{LONG}."), "a sentence of 25 words"),
    "long on average": (SLUG, "module", long_on_average, "words on average"),
    "long title": (SLUG, "module", lambda m: m["steps"][0].update(title=text("é" * 161, "Sea")), "160 at most here"),
    # quizzes
    "length gives away": (SLUG, "quiz", give_away_by_length, "its length gives the right answer away"),
    "longest is right": (SLUG, "quiz", longest_is_right, "the longest answer is right"),
    "always first": (SLUG, "quiz", always_first, "choice 1 is right in"),
    "always true": (SLUG, "quiz", always_true, "“true” is right in"),
    "all right": (SLUG, "quiz", all_right, "every choice is right"),
    "forms differ": (SLUG, "quiz", lambda q: q["b"][0].update(objective="tell-someone"), "forms a and b differ"),
    "objective not asked": (SLUG, "quiz", one_objective, "0 questions on tell-someone"),
    "no explanation": (SLUG, "quiz", lambda q: q["a"][0]["choices"][0].pop("why"), "why: Field required"),
    # scenarios
    "unreachable scene": (SLUG, "module", unreachable, "scenes that nobody can reach: nowhere"),
    "dead end": (SLUG, "module", lambda m: scenario(m)[1].update(replies=[]), "a dead end"),
    "loop without exit": (SLUG, "module", trap, "scenes from which no ending is reached"),
    "ending without help": (
        SLUG, "module", lambda m: ending(m).update(text=text("La mer est belle.", "The sea is lovely.")),
        "leads to no help",
    ),
    # pictures before words
    "reply without a picture": (
        SLUG, "module", lambda m: scenario(m)[0]["replies"][0].pop("sign"), "an answer without a picture"
    ),
    "two replies alike": (
        SLUG, "module", lambda m: [reply.update(sign="ball") for reply in scenario(m)[0]["replies"]],
        "two answers with the same picture",
    ),
    "choice without a picture": (
        SLUG, "quiz", lambda q: q["a"][0]["choices"][0].pop("thing"), "an answer without a picture"
    ),
    "partner without a picture": (
        SLUG, "quiz", lambda q: matches(q)[0]["choices"][0].pop("partner_thing"), "among the partners, an answer"
    ),
    "partners alike": (
        SLUG, "quiz", lambda q: [one.update(partner_thing="sun") for one in matches(q)[0]["choices"]],
        "among the partners, two answers with the same picture",
    ),
}  # fmt: skip


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
