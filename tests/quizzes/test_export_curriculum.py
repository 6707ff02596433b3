"""A draft of the admin lies beside what is served, and goes into the files without loss; a fault stops it."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lessons.linting.writing import drafted, flags_in, place_name, rewrite, texts_in
from lessons.models import Draft, Module, Step
from quizzes.models import Question, Tally
from tests.factories.accounts import ClassroomFactory, UserFactory, add_second_factor, make_teacher, sit
from tests.factories.curriculum import make_curriculum
from tests.factories.lessons import assign_module

pytestmark = pytest.mark.django_db
SLUG, STAFF = "close-leave-tell", "staff-terms"


@pytest.fixture
def root(tmp_path):
    folder = make_curriculum(tmp_path, SLUG, STAFF)
    call_command("load_curriculum", path=folder, verbosity=0)
    return folder


@pytest.fixture
def module(root):
    return Module.objects.get(slug=SLUG)


@pytest.fixture
def author():
    client = Client(headers={"accept-language": "en"})
    client.force_login(add_second_factor(UserFactory(is_staff=True, is_superuser=True)))
    return client


def bytes_of(root):
    return {file.relative_to(root): file.read_bytes() for file in root.rglob("*.yaml")}


@pytest.fixture(autouse=True)
def _here(settings, root):
    settings.CURRICULUM_DIR = root


@pytest.fixture
def _unlinted(monkeypatch):
    """What is asked here is not what the linter thinks; it reads for a second."""
    for place in ("quizzes.admin", "quizzes.management.commands.export_curriculum"):
        monkeypatch.setattr(f"{place}.faults_with", lambda *args: [])


def page_of(module, file="module.yaml"):
    return f"/admin/lessons/module/{module.pk}/texts/{file}/"


def save(author, module, file="module.yaml", drop=(), **changes):
    """Sends the form as it stands, with some fields otherwise; slashes are written as double underscores."""
    form = author.get(page_of(module, file)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value is not False:
            data[field.html_name] = "on" if value is True else value.replace("\n", "\r\n")
    data |= {name.replace("__", "/"): value for name, value in changes.items()}
    for name in drop:
        del data[name]
    return author.post(page_of(module, file), data, follow=True)


def test_both_languages_stand_side_by_side_and_saving_as_it_stands_is_no_draft(module, author):
    for file in ("module.yaml", "quiz.yaml", "plan.yaml", "paper.yaml"):
        page = author.get(page_of(module, file))
        rows = page.context["form"].rows()
        assert len(rows) > 10
        assert all(row["fr"].value() and row["en"].value() for row in rows)
        assert "there is no draft" in save(author, module, file).content.decode()
    assert not Draft.objects.exists()


def test_a_draft_leaves_what_is_served_as_it_is_until_it_is_exported_and_loaded(root, module, author):
    classroom = ClassroomFactory(is_open=True, age_of_youngest=8)
    assign_module(classroom=classroom, module=module)
    pupil = sit(classroom.seats.first())
    step = module.steps.order_by("position")[1]
    new = "Tout à coup, une image arrive. Loutre ferme l’écran et appelle son père."
    page = save(author, module, **{f"steps__{step.slug}__body__fr": new}).content.decode()
    assert "the linter finds nothing" in page
    assert "1 text differs from the files" in page
    module.refresh_from_db()
    assert (module.has_unexported_draft, module.is_published) == (True, True)
    assert pupil.get(f"/fr/me/{SLUG}/").status_code == 200
    assert Step.objects.get(pk=step.pk).body_fr != new
    before = bytes_of(root)
    author.post(f"/admin/lessons/module/{module.pk}/export/")
    after = bytes_of(root)
    changed = [file for file in before if before[file] != after[file]]
    assert [str(file) for file in changed] == [f"modules/{SLUG}/module.yaml"]
    old, now = (texts_in(files[changed[0]].decode()) for files in (before, after))
    assert {place for place in old if old[place] != now[place]} == {("steps", step.slug, "body", "fr")}
    assert Step.objects.get(pk=step.pk).body_fr != new, "what is served changes with the loading"
    assert not Draft.objects.exists()
    call_command("load_curriculum", path=root, verbosity=0)
    module.refresh_from_db()
    assert (module.has_unexported_draft, module.is_published) == (False, True)
    assert Step.objects.get(pk=step.pk).body_fr == new


def test_every_text_of_every_file_makes_the_round_trip(root):
    """Each text changed alone and all together: nothing else in the file moves by a byte's worth of meaning."""
    count = 0
    for file in root.glob("modules/*/*.yaml"):
        text = file.read_text()
        there = {place_name(place): value for place, value in texts_in(text).items()}
        said = {name: value for name, value in there.items() if name.endswith(("/fr", "/en"))}
        changes = {name: [value, f"{value.strip()} – “x”"] for name, value in said.items()}
        now = {place_name(place): value for place, value in texts_in(drafted(text, changes)).items()}
        assert now == there | {name: after for name, (_before, after) in changes.items()}
        count += len(changes)
        name, (before, after) = next(iter(changes.items()))
        assert drafted(drafted(text, {name: [before, after]}), {name: [after, before]}).count(before) >= 1
    assert count > 800


@pytest.mark.usefixtures("_unlinted")
def test_a_changed_answer_is_a_new_revision_and_a_changed_prompt_is_not(root, module, author):
    first = {"quiz__module": module, "quiz__kind": "A"}
    question = Question.objects.current().filter(**first, kind="one").order_by("position").first()
    right, wrong = question.choices.get(is_right=True), question.choices.filter(is_right=False).first()
    where = f"a/{question.slug}/choices"
    page = save(
        author, module, "quiz.yaml", drop=[f"{where}/{right.slug}/is_right"], **{f"{where}/{wrong.slug}/is_right": "on"}
    )
    assert "new revision" in page.content.decode()
    draft = Draft.objects.get()
    assert set(draft.changes["quiz.yaml"]) == {f"{where}/{one.slug}/is_right" for one in (right, wrong)}
    text = (root / "modules" / SLUG / "quiz.yaml").read_text()
    flags = flags_in(drafted(text, draft.changes["quiz.yaml"]))
    assert (flags[f"{where}/{right.slug}/is_right"], flags[f"{where}/{wrong.slug}/is_right"]) == (False, True)
    assert flags.keys() == flags_in(text).keys()
    (root / "modules" / SLUG / "quiz.yaml").write_text(drafted(text, draft.changes["quiz.yaml"]))
    call_command("load_curriculum", path=root, verbosity=0)
    now = Question.objects.current().get(quiz__module=module, slug=question.slug)
    assert now.revision == 2
    assert now.choices.get(is_right=True).slug == wrong.slug
    prompt = f"a/{question.slug}/prompt/en"
    text = (root / "modules" / SLUG / "quiz.yaml").read_text()
    said = {place_name(place): value for place, value in texts_in(text).items()}[prompt]
    (root / "modules" / SLUG / "quiz.yaml").write_text(drafted(text, {prompt: [said, "What helps first?"]}))
    call_command("load_curriculum", path=root, verbosity=0)
    assert Question.objects.current().get(quiz__module=module, slug=question.slug).revision == 2
    assert not Tally.objects.exists()


def test_a_fault_is_said_on_saving_and_stops_the_export(root, module, author):
    step = module.steps.get(position=2)
    page = save(author, module, **{f"steps__{step.slug}__body__fr": ""}).content.decode()
    assert "module.yaml:" in page
    before = bytes_of(root)
    page = author.post(f"/admin/lessons/module/{module.pk}/export/", follow=True).content.decode()
    assert "nothing was exported" in page
    assert bytes_of(root) == before
    assert Draft.objects.exists()
    with pytest.raises(CommandError, match=r"module\.yaml:\d+: (?s:.*)nothing was exported"):
        call_command("export_curriculum", path=root)


@pytest.mark.usefixtures("_unlinted")
def test_a_file_that_has_changed_meanwhile_is_not_overwritten(root, module, author):
    save(author, module, title__en="Close it, leave, tell")
    file = root / "modules" / SLUG / "module.yaml"
    there = {place_name(place): value for place, value in texts_in(file.read_text()).items()}
    file.write_text(drafted(file.read_text(), {"title/en": [there["title/en"], "Somebody else's title"]}))
    call_command("load_curriculum", path=root, verbosity=0)
    assert Draft.objects.exists(), "loading keeps a draft"
    with pytest.raises(CommandError, match="something else by now at title/en"):
        call_command("export_curriculum", path=root)
    assert "The file has changed meanwhile" in author.get(page_of(module)).content.decode()
    save(author, module)
    call_command("export_curriculum", path=root)
    assert "Close it, leave, tell" in file.read_text()


@pytest.mark.usefixtures("_unlinted")
def test_a_draft_is_given_up(root, module, author):
    save(author, module, title__en="Close it, leave, tell")
    before = bytes_of(root)
    drop = f"/admin/lessons/module/{module.pk}/drop/"
    assert 'name="lost" value="1" required' in author.get(page_of(module)).content.decode()
    for unseen in ({}, {"lost": "2"}):
        assert "tick the box" in author.post(drop, unseen, follow=True).content.decode()
        assert Draft.objects.exists()
    author.post(drop, {"lost": "1"})
    assert not Draft.objects.exists()
    assert bytes_of(root) == before
    module.refresh_from_db()
    assert module.has_unexported_draft is False


@pytest.mark.usefixtures("_unlinted")
def test_the_draft_is_seen_as_a_pupil_of_each_band_sees_it_and_is_not_counted(module, author):
    step = module.steps.get(position=1)
    save(author, module, **{f"steps__{step.slug}__body__fr": "Une phrase nouvelle."})
    where = f"/admin/lessons/module/{module.pk}/preview"
    for band, language, words in (("6-8", "fr", "Une phrase nouvelle"), ("12-14", "en", "Continue")):
        page = author.get(f"{where}/1/?language={language}&band={band}").content.decode()
        assert words in page
        assert f'data-band="{band}"' in page
        assert f"preview/2/?language={language}" in page
    scenario = module.steps.filter(scenes__isnull=False).order_by("position").first()
    reply = scenario.scenes.order_by("position").first().replies.first()
    assert reply.text_fr in author.get(f"{where}/{scenario.position}/?language=fr").content.decode()
    assert author.get(f"{where}/99/").status_code == 404


def test_nothing_changed_writes_nothing_and_no_draft_is_said(root):
    before = bytes_of(root)
    call_command("export_curriculum", path=root)
    assert bytes_of(root) == before
    with pytest.raises(CommandError, match="There is no draft of none"):
        call_command("export_curriculum", "none", path=root)


@pytest.mark.usefixtures("_unlinted")
def test_files_that_cannot_be_written_are_said(module, author, monkeypatch):
    save(author, module, title__en="Close it, leave, tell")

    def fail(*args):
        raise OSError

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    page = author.post(f"/admin/lessons/module/{module.pk}/export/", follow=True).content.decode()
    assert "cannot be written here" in page
    assert Draft.objects.exists()


def test_authors_alone_open_drafts_and_nobody_adds_or_deletes(module, author):
    assert author.get("/admin/lessons/module/").status_code == 200
    assert author.get(f"/admin/lessons/module/{module.pk}/change/").url == page_of(module)
    assert author.get("/admin/lessons/module/add/").status_code == 403
    assert author.get(page_of(module, "secrets.yaml")).status_code == 404
    teacher = Client()
    teacher.force_login(make_teacher())
    assert teacher.get(page_of(module)).status_code == 302
    reader = Client()
    reader.force_login(add_second_factor(UserFactory(is_staff=True)))
    assert reader.get(page_of(module)).status_code == 403


def test_only_the_changed_text_is_written():
    text = (
        'a: {fr: "un", en: plain}\nlist:\n  - id: x\n    long: >\n      two\n      lines\n  - id: y\n    text: last\n'
    )
    changed = rewrite(text, {("list", "x", "long"): "one: “line”", ("a", "en"): "new"})
    assert changed == text.replace("plain", '"new"').replace(">\n      two\n      lines\n", '"one: “line”"\n')
    assert texts_in(changed)[("list", "x", "long")] == "one: “line”"
    with pytest.raises(KeyError):
        rewrite(text, {("b",): "none"})
