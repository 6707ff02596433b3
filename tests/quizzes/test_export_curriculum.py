"""A draft of the admin goes back into the files without loss; a fault stops it."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lessons.linting.writing import rewrite, texts_in
from lessons.models import Module, Reply, Step
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


def fields_of(answer):
    """What the form of an admin page would send as it stands."""
    data = {}
    inlines = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    for form in [answer.context["adminform"].form, *(form for formset in inlines for form in formset)]:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
    for formset in inlines:
        for field in formset.management_form:
            data[field.html_name] = field.value()
    return data


def test_nothing_changed_writes_nothing_in_any_module(root):
    before = bytes_of(root)
    call_command("export_curriculum", SLUG, STAFF, path=root)
    assert bytes_of(root) == before


def test_an_edit_in_the_admin_is_a_draft_that_comes_back_from_the_files(root, module, author):
    step = module.steps.order_by("position")[1]
    address = f"/admin/lessons/step/{step.pk}/change/"
    page = author.get(address)
    text = page.content.decode()
    assert "title_fr" in text
    assert "title_en" in text
    new = "Tout à coup, une image arrive. Loutre ferme l’écran et appelle son père."
    answer = author.post(address, fields_of(page) | {"body_fr": new})
    assert answer.status_code == 302, answer.context["errors"]
    module.refresh_from_db()
    assert (module.has_unexported_draft, module.is_published) == (True, False)
    before = bytes_of(root)
    call_command("export_curriculum", path=root)
    after = bytes_of(root)
    changed = [file for file in before if before[file] != after[file]]
    assert [str(file) for file in changed] == [f"modules/{SLUG}/module.yaml"]
    old, now = (texts_in(files[changed[0]].decode()) for files in (before, after))
    assert {place for place in old if old[place] != now[place]} == {("steps", step.slug, "body", "fr")}
    call_command("load_curriculum", path=root, verbosity=0)
    module.refresh_from_db()
    assert (module.has_unexported_draft, module.is_published) == (False, True)
    assert Step.objects.get(pk=step.pk).body_fr == new


def test_every_kind_of_text_makes_the_round_trip(root, module):
    """Each text that a draft may change: in the database, in the file, and again in the database."""
    Module.objects.filter(pk=module.pk).update(title_en="Close it, leave, tell", has_unexported_draft=True)
    module.objectives.filter(position=1).update(text_en="I can close it when a picture bothers me.")
    reply = Reply.objects.filter(scene__step__module=module).select_related("scene__step").first()
    again = {"scene__step": reply.scene.step, "scene__slug": reply.scene.slug, "slug": reply.slug}
    Reply.objects.filter(pk=reply.pk).update(feedback_en="Yes. “Closing” helps: first, you close it.")
    first = {"quiz__module": module, "position": 1, "quiz__kind": "A"}
    Question.objects.filter(**first).update(prompt_en="Boats. What helps first?")
    call_command("export_curriculum", path=root)
    call_command("load_curriculum", path=root, verbosity=0)
    module.refresh_from_db()
    assert module.title_en == "Close it, leave, tell"
    assert module.objectives.get(position=1).text_en == "I can close it when a picture bothers me."
    assert Reply.objects.filter(**again).get().feedback_en == "Yes. “Closing” helps: first, you close it."
    question = Question.objects.current().get(**first)
    assert question.prompt_en == "Boats. What helps first?"
    assert question.revision == 1, "another prompt is no other question"
    assert not Tally.objects.exists()


def test_a_fault_stops_the_export_with_file_line_and_reason(root, module):
    Step.objects.filter(module=module, position=2).update(body_fr="", body_en="Never talk to strangers.")
    Module.objects.filter(pk=module.pk).update(has_unexported_draft=True)
    before = bytes_of(root)
    with pytest.raises(CommandError, match=r"module\.yaml:\d+: (?s:.*)nothing was exported"):
        call_command("export_curriculum", path=root)
    assert bytes_of(root) == before
    assert Module.objects.get(pk=module.pk).has_unexported_draft


def test_a_text_that_the_file_has_no_place_for_is_refused(root, module):
    Module.objects.filter(pk=module.pk).update(way_back_fr="Un chemin", way_back_en="A way", has_unexported_draft=True)
    with pytest.raises(CommandError, match=r"no place for way_back\.fr"):
        call_command("export_curriculum", path=root)


def test_an_unknown_module_is_said(root):
    with pytest.raises(CommandError, match="There is no module none"):
        call_command("export_curriculum", "none", path=root)


def test_loading_refuses_to_overwrite_a_draft(root, module):
    Module.objects.filter(pk=module.pk).update(has_unexported_draft=True)
    file = root / "modules" / SLUG / "module.yaml"
    file.write_text(file.read_text().replace("minutes: 40", "minutes: 35"))
    with pytest.raises(CommandError, match="holds a draft"):
        call_command("load_curriculum", path=root, verbosity=0)


def test_a_draft_reaches_no_pupil_and_its_author_sees_it(root, module, author):
    classroom = ClassroomFactory(is_open=True, age_of_youngest=8)
    assign_module(classroom=classroom, module=module)
    pupil = sit(classroom.seats.first())
    preview = f"/en/staff/catalogue/{SLUG}/steps/1/"
    assert pupil.get(f"/en/me/{SLUG}/").status_code == 200
    Module.objects.filter(pk=module.pk).update(is_published=False, has_unexported_draft=True)
    assert pupil.get(f"/en/me/{SLUG}/").status_code == 404
    assert author.get(preview).status_code == 200
    teacher = Client()
    teacher.force_login(make_teacher())
    assert teacher.get(preview).status_code == 404


@pytest.mark.parametrize("path", ["lessons/module", "lessons/step", "lessons/scene", "quizzes/question"])
def test_authors_change_texts_and_neither_add_nor_delete(root, module, author, path):
    page = author.get(f"/admin/{path}/")
    assert page.status_code == 200
    assert author.get(f"/admin/{path}/add/").status_code == 403
    row = page.context["cl"].queryset.first()
    shown = author.get(f"/admin/{path}/{row.pk}/change/").content.decode()
    assert "What you save here is a draft" in shown
    assert "_fr" in shown
    assert "_en" in shown
    assert "Delete" not in shown


def test_saving_without_a_change_is_no_draft(root, module, author):
    address = f"/admin/lessons/module/{module.pk}/change/"
    assert author.post(address, fields_of(author.get(address))).status_code == 302
    module.refresh_from_db()
    assert (module.has_unexported_draft, module.is_published) == (False, True)


def test_only_the_changed_text_is_written():
    text = (
        'a: {fr: "un", en: plain}\nlist:\n  - id: x\n    long: >\n      two\n      lines\n  - id: y\n    text: last\n'
    )
    changed = rewrite(text, {("list", "x", "long"): "one: “line”", ("a", "en"): "new"})
    assert changed == text.replace("plain", '"new"').replace(">\n      two\n      lines\n", '"one: “line”"\n')
    assert texts_in(changed)[("list", "x", "long")] == "one: “line”"
    with pytest.raises(KeyError):
        rewrite(text, {("b",): "none"})
