"""What is generated is committed; what an operator runs says what it did."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Classroom, School, User
from privacy.inventory import ALL
from privacy.management.commands.write_register import path_of, register
from privacy.operations import erase_seat
from tests.factories.accounts import ClassroomFactory, teacher_of
from tests.privacy.conftest import fill_school
from tests.privacy.test_ledger import restore, snapshot


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_committed_register_is_the_generated_one(language):
    assert path_of(language).read_text() == register(language), "run `manage.py write_register`"


def test_the_register_holds_every_declaration():
    text = register("en")
    with translation.override("en"):
        for one in ALL:
            assert f"`{one.place}`" in text
            assert str(one.retention.label) in text


@pytest.fixture
def figures(settings, tmp_path, db):
    settings.VAR_DIR = tmp_path

    def run():
        call_command("privacy_audit")
        return json.loads((tmp_path / "figures" / "audit.json").read_text())

    return run


def test_the_audit_of_a_sound_installation_passes_and_writes_its_figures(figures, capsys):
    fill_school()
    found = figures()
    assert found["fields_declared"] == found["fields_total"] > 200
    assert found["left_of_erased"] == 0
    assert f"fields declared: {found['fields_total']}" in capsys.readouterr().out


def test_the_audit_finds_what_a_restore_brought_back(figures):
    classroom = ClassroomFactory()
    seat = classroom.seats.first()
    kept = snapshot(seat)
    erase_seat(seat=seat, actor=teacher_of(classroom))
    restore(kept)
    with pytest.raises(CommandError, match="left_of_erased"):
        figures()


def test_the_audit_finds_a_year_that_should_be_gone(figures):
    classroom = ClassroomFactory()
    Classroom.objects.filter(pk=classroom.pk).update(school_year=timezone.localdate().year - 3)
    with pytest.raises(CommandError, match="left_of_past_years"):
        figures()


def test_the_audit_finds_a_lost_ledger(figures, settings):
    classroom = ClassroomFactory()
    erase_seat(seat=classroom.seats.first(), actor=teacher_of(classroom))
    settings.BALISE_LEDGER.unlink()
    with pytest.raises(CommandError, match="ledger"):
        figures()


def test_the_audit_finds_a_field_that_nobody_declared(figures, monkeypatch):
    from privacy.management.commands import privacy_audit

    fewer = {place: names for place, names in privacy_audit.declared("field").items() if place != "lessons.Reading"}
    monkeypatch.setattr(privacy_audit, "declared", lambda kind: fewer)
    with pytest.raises(CommandError, match="fields_declared"):
        figures()


def test_an_operator_erases_a_school_and_an_account_and_is_told_how_much_went(db, capsys):
    classroom = fill_school()
    user = teacher_of(classroom)
    call_command("erase", "school", str(classroom.school_id))
    assert School.objects.filter(pk=classroom.school_id).exists()
    call_command("erase", "school", str(classroom.school_id), "--yes")
    call_command("erase", "user", user.email, "--yes")
    assert "accounts.Seat: 2" in capsys.readouterr().out
    assert not School.objects.filter(pk=classroom.school_id).exists()
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize(("kind", "key"), [("school", "nonsense"), ("user", "nobody@example.org")])
def test_what_does_not_exist_cannot_be_erased(db, kind, key):
    with pytest.raises(CommandError, match="no such"):
        call_command("erase", kind, key, "--yes")


@pytest.fixture
def operator(db):
    client = Client()
    user = User.objects.create_superuser("operator@example.org", "a long sentence", name="Operator")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user)
    return client


def test_what_the_admin_deletes_is_written_down(operator, settings):
    classroom = fill_school()
    school, user = classroom.school, teacher_of(classroom)
    operator.post(f"/admin/accounts/school/{school.pk}/delete/", {"post": "yes"})
    operator.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"})
    assert not School.objects.filter(pk=school.pk).exists()
    assert not User.objects.filter(pk=user.pk).exists()
    kinds = [line.split()[1] for line in settings.BALISE_LEDGER.read_text().splitlines()]
    assert kinds == ["school", "user"]


def test_what_the_admin_deletes_in_a_list_is_written_down_too(operator, settings):
    keys = [str(fill_school().school_id) for _number in range(2)]
    operator.post("/admin/accounts/school/", {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert not School.objects.filter(pk__in=keys).exists()
    assert settings.BALISE_LEDGER.read_text().count(" school ") == 2


def test_nothing_is_served_before_the_ledger_is_applied(db, settings, monkeypatch):
    classroom = ClassroomFactory()
    seat = classroom.seats.first()
    kept = snapshot(seat)
    erase_seat(seat=seat, actor=teacher_of(classroom))
    restore(kept)
    settings.BALISE_LEDGER.unlink()
    with pytest.raises(CommandError, match="erasure ledger"):
        call_command("prepare")


PROVEN = {
    "erasure": {"rows_before": 40, "rows_left": 0},
    "silence": {"canaries": 7, "canaries_found": 0, "lines_searched": 900},
    "adversary-000": {"sequences": 100, "cells_attacked": 900, "cells_narrowed": 0, "cells_false": 0},
    "adversary-001": {"sequences": 100, "cells_attacked": 800, "cells_narrowed": 0, "cells_false": 0},
    "adversary-pages": {"pages_that_differ": 0},
    "class-model": {"seats_determined": 0},
    "planted-one": {"rules_planted": 1, "rules_caught": 1},
}


@pytest.mark.parametrize(
    ("spoilt", "missed"),
    [
        ({}, None),
        ({"erasure": {"rows_left": 1}}, "erasure_rows_left"),
        ({"silence": {}}, "silence_canaries_found"),
        ({"adversary-001": {"sequences": 99, "cells_narrowed": 0}}, "adversary_sequences"),
        ({"adversary-001": {"sequences": 100, "cells_narrowed": 2}}, "adversary_cells_narrowed"),
        ({"adversary-001": {"sequences": 100, "cells_false": 1}}, "adversary_cells_false"),
        ({"class-model": {"seats_determined": 3}}, "class_seats_determined"),
        ({"planted-two": {"rules_planted": 1, "rules_caught": 0}}, "planted_rules_caught"),
    ],
)
def test_the_audit_adds_up_what_the_suite_found_and_fails_on_each_missed_goal(
    db, settings, tmp_path, capsys, spoilt, missed
):
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "proof"
    folder.mkdir()
    for name, figures in (PROVEN | spoilt).items():
        (folder / f"{name}.json").write_text(json.dumps(figures))
    if missed is None:
        call_command("privacy_audit", proof=folder, sequences=200)
        assert "adversary sequences: 200" in capsys.readouterr().out
        assert json.loads((tmp_path / "figures" / "audit.json").read_text())["adversary_cells_attacked"] == 1700
    else:
        with pytest.raises(CommandError, match=missed):
            call_command("privacy_audit", proof=folder, sequences=200)
