"""What we keep, in words and in values; the year's end."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.utils import timezone, translation

from accounts.models import AuditLine, Classroom, Seat
from accounts.operations import set_homework
from lessons.models import Reading
from privacy.inventory import Kind, Subject, by_place
from privacy.inventory.words import READERS, WORDS
from tests.factories.accounts import (
    ClassroomFactory,
    make_administrator,
    make_authority_administrator,
    signed_in,
    sit,
    teacher_of,
)
from tests.factories.lessons import make_assigned
from tests.privacy.conftest import fill_school

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_anybody_reads_what_is_kept_in_words_for_an_age(client, language, reader):
    page = client.get(f"/{language}/what-we-keep/", {"for": reader})
    assert page.status_code == 200
    text = unescape(page.content.decode())
    with translation.override(language):
        for sentences in WORDS.values():
            assert str(sentences[READERS.index(reader)]) in text


def test_parents_read_the_inventory_itself(client):
    text = client.get("/en/what-we-keep/").content.decode()
    for declarations in by_place(Kind.FIELD).values():
        for one in declarations:
            assert f"{one.place}: {', '.join(one.names)}" in text


def test_every_topic_of_a_pupil_is_told_to_every_reader():
    topics = {one.topic for group in by_place(Kind.FIELD).values() for one in group if one.subject == Subject.PUPIL}
    assert None not in topics
    assert topics <= set(WORDS)
    assert {len(sentences) for sentences in WORDS.values()} == {len(READERS)}


def test_a_seated_pupil_begins_with_the_age_of_the_class():
    client = sit(ClassroomFactory(is_open=True, age_of_youngest=7).seats.first())
    text = client.get("/en/what-we-keep/").content.decode()
    assert "Your seat has an animal and a colour." in text
    assert "/en/me/kept/" in text


def test_an_unknown_reader_gets_the_page_for_parents(client):
    assert "Line by line" in client.get("/en/what-we-keep/?for=%00").content.decode()


def test_what_we_keep_is_only_read(client):
    assert client.post("/en/what-we-keep/").status_code == 405


CELL = re.compile(r'<data value="([^"]*)" data-field="([^"]+)"')


def shown_values(page) -> list[tuple[str, str]]:
    return sorted((field, unescape(raw)) for raw, field in CELL.findall(page.content.decode()))


def kept_values(seat) -> list[tuple[str, str]]:
    """From the database itself, over every model that knows seats."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        keys = [field for field in model._meta.local_fields if field.is_relation and field.related_model is Seat]
        rows = model._base_manager.filter(**{keys[0].name: seat}) if keys else []
        for row in [seat] if model is Seat else rows:
            for field in model._meta.local_fields:
                value = getattr(row, field.attname)
                found.append((f"{model._meta.label}.{field.name}", "" if value is None else str(value)))
    return sorted(found)


def test_a_pupil_sees_exactly_what_the_database_keeps_about_the_seat():
    classroom = fill_school()
    seat = classroom.seats.in_order()[0]
    client = sit(seat)
    seat.refresh_from_db()
    page = client.get("/en/me/kept/")
    shown = [cell for cell in shown_values(page) if not cell[0].startswith("balise_seat.")]
    assert shown == kept_values(seat)
    assert len(shown) > 60


def test_a_pupil_sees_what_the_cookie_holds():
    client = sit(ClassroomFactory(is_open=True).seats.first())
    cookie = {field: raw for field, raw in shown_values(client.get("/en/me/kept/")) if field.startswith("balise_seat.")}
    assert set(cookie) == {"balise_seat.d", "balise_seat.p", "balise_seat.s", "balise_seat.e"}
    assert cookie["balise_seat.d"]


def test_nothing_of_a_neighbour_is_shown():
    classroom = fill_school()
    first, second = classroom.seats.in_order()
    text = sit(first).get("/en/me/kept/").content.decode()
    assert str(second.pk) not in text
    assert second.handle not in text


def test_at_home_rows_of_sensitive_modules_are_left_out():
    classroom = ClassroomFactory()
    seat = classroom.seats.first()
    modules = [make_assigned(classroom, is_sensitive=sensitive) for sensitive in (True, False)]
    for module in modules:
        Reading.objects.create(school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module)
    set_homework(classroom=classroom, until=timezone.localdate(), actor=teacher_of(classroom))
    text = sit(seat).get("/en/me/kept/").content.decode()
    assert modules[0].title_en not in text
    assert modules[1].title_en in text
    assert "At home some lines are left out." in text


def test_without_a_sitting_one_is_sent_to_sit_down(client):
    assert client.get("/en/me/kept/").url == "/en/sit/"
    assert signed_in(teacher_of(ClassroomFactory())).get("/en/me/kept/").url == "/en/sit/"


def test_seat_data_takes_one_query_a_table(django_assert_num_queries):
    seat = fill_school().seats.in_order()[0]
    client = sit(seat)
    with django_assert_num_queries(10):
        client.get("/en/me/kept/")


def test_a_teacher_sees_when_the_class_goes():
    classroom = ClassroomFactory()
    text = signed_in(teacher_of(classroom)).get("/en/staff/year-end/").content.decode()
    assert classroom.label in text
    assert "30 September" in text or "Sept. 30" in text


def test_a_teacher_erases_a_class_and_prints_the_receipt():
    classroom = ClassroomFactory(seat_count=3)
    client = signed_in(teacher_of(classroom))
    answer = client.post("/en/staff/year-end/", {"classroom": classroom.pk, "is_sure": "on"})
    assert answer.url == "/en/staff/year-end/"
    assert not Classroom.objects.filter(pk=classroom.pk).exists()
    line = AuditLine.objects.get(act="erase_classroom")
    assert f"/en/staff/year-end/{line.pk}/" in client.get("/en/staff/year-end/").content.decode()
    text = client.get(f"/en/staff/year-end/{line.pk}/").content.decode()
    assert classroom.label in text
    assert "Certificate of deletion" in text


def test_without_the_tick_nothing_is_erased():
    classroom = ClassroomFactory()
    answer = signed_in(teacher_of(classroom)).post("/en/staff/year-end/", {"classroom": classroom.pk})
    assert answer.status_code == 422
    assert "cannot be undone" in answer.content.decode()
    assert Classroom.objects.filter(pk=classroom.pk).exists()


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "x" * 5000])
def test_a_class_that_does_not_exist_is_refused(key):
    client = signed_in(teacher_of(ClassroomFactory()))
    assert client.post("/en/staff/year-end/", {"classroom": key, "is_sure": "on"}).status_code == 422


def test_a_stranger_can_neither_erase_a_class_nor_read_its_receipt():
    classroom, stranger = ClassroomFactory(), signed_in(teacher_of(ClassroomFactory()))
    answer = stranger.post("/en/staff/year-end/", {"classroom": classroom.pk, "is_sure": "on"})
    assert answer.status_code == 422
    assert Classroom.objects.filter(pk=classroom.pk).exists()
    client = signed_in(teacher_of(classroom))
    client.post("/en/staff/year-end/", {"classroom": classroom.pk, "is_sure": "on"})
    line = AuditLine.objects.get(act="erase_classroom")
    assert stranger.get(f"/en/staff/year-end/{line.pk}/").status_code == 404


def test_an_administrator_sees_numbers_and_receipts_and_erases_no_class():
    classroom = ClassroomFactory()
    office = signed_in(make_administrator(classroom.school))
    text = office.get("/en/staff/year-end/").content.decode()
    assert classroom.school.name in text
    assert classroom.label not in text
    answer = office.post("/en/staff/year-end/", {"classroom": classroom.pk, "is_sure": "on"})
    assert answer.status_code == 422


def test_an_authority_finds_nothing_of_a_class():
    classroom = ClassroomFactory()
    text = signed_in(make_authority_administrator(classroom.school)).get("/en/staff/year-end/").content.decode()
    assert classroom.label not in text


def test_nobody_else_comes_to_the_year_end(client):
    assert client.get("/en/staff/year-end/").status_code == 302
    assert client.put("/en/staff/year-end/").status_code in (302, 405)


def test_list_of_classes_takes_as_many_queries_for_three_as_for_one(django_assert_num_queries):
    first = ClassroomFactory()
    client = signed_in(teacher_of(first))
    with django_assert_num_queries(8):
        client.get("/en/staff/year-end/")
    ClassroomFactory(teacher=teacher_of(first))
    ClassroomFactory(teacher=teacher_of(first))
    with django_assert_num_queries(8):
        client.get("/en/staff/year-end/")


def test_freeing_a_seat_erases_it_and_writes_it_down(settings):
    classroom = ClassroomFactory()
    seat, other = classroom.seats.in_order()
    answer = signed_in(teacher_of(classroom)).post(f"/en/staff/classes/{classroom.pk}/seats/{seat.pk}/free/")
    assert answer.url == f"/en/staff/classes/{classroom.pk}/"
    assert list(classroom.seats.all()) == [other]
    assert " seat " in settings.BALISE_LEDGER.read_text()


def test_nobody_frees_a_seat_of_another_class():
    mine, theirs = ClassroomFactory(), ClassroomFactory()
    client = signed_in(teacher_of(mine))
    for classroom in (mine, theirs):
        path = f"/en/staff/classes/{classroom.pk}/seats/{theirs.seats.first().pk}/free/"
        assert client.post(path).status_code == 404
    assert theirs.seats.count() == 2
