"""The second wall: with the ORM's own filters taken out, no row of another school is read and none is written.

Each request is served as a role that owns no table (see `config/rows.py`). Only PostgreSQL has such a wall.
"""

import importlib
import os
import pkgutil
import uuid
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from django.test import Client

from accounts.models import AuditLine, Classroom, Membership, School, Seat
from accounts.models.classes import ClassroomQuerySet, SeatQuerySet
from accounts.models.people import SchoolQuerySet
from accounts.operations import end_membership
from accounts.queries import card_of
from config import rows
from lessons.models import AssignmentQuerySet
from progress.models import ReleaseQuerySet
from tests.attacks.sitting import typed
from tests.attacks.walking import crossed
from tests.factories.accounts import ClassroomFactory, SchoolFactory, make_administrator, make_teacher
from tests.test_access import every_row
from tests.world import World

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.postgresql
APPS = ("accounts", "lessons", "quizzes", "progress", "privacy")
ROLES = ("teacher", "administrator", "authority", "pupil")
ASKED = ROLES if os.environ.get("BALISE_ATTACK") == "full" else ("teacher", "administrator")


def rules() -> dict[str, rows.Rule]:
    """What the migrations put behind the wall."""
    found = {}
    for app in APPS:
        package = importlib.import_module(f"{app}.migrations")
        for module in pkgutil.iter_modules(package.__path__):
            migration = importlib.import_module(f"{app}.migrations.{module.name}").Migration
            for operation in migration.operations:
                found |= getattr(operation, "rules", {})
    return found


def test_every_table_of_a_school_has_its_policies():
    """A new one needs a `ProtectRows` in its migration: see `privacy/migrations/0002_row_level_security.py`."""
    assert rows.tables_of_a_school() == set(rules())


@on_postgresql
def test_the_database_has_them_and_they_are_on():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        assert {name for (name,) in cursor.fetchall()} == set(rules())
        cursor.execute("SELECT tablename, count(*) FROM pg_policies GROUP BY tablename")
        for table, count in cursor.fetchall():
            assert count == len(rules()[table].policies(table)), table


@pytest.fixture
def wall(settings, monkeypatch):
    settings.ROW_SECURITY = True
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    settings.MIDDLEWARE = ["tests.middleware.WebRoleMiddleware", *settings.MIDDLEWARE]


@pytest.fixture
def no_filters(monkeypatch):
    """What a hurried hand forgets: whose classes, seats, assignments, releases and schools these are."""
    for queryset in (ClassroomQuerySet, SeatQuerySet, AssignmentQuerySet, ReleaseQuerySet):
        monkeypatch.setattr(queryset, "visible_to", lambda self, user: self.all())
    monkeypatch.setattr(SchoolQuerySet, "_where", lambda self, user, role: self.all())


def foreign_doors(world: World, addresses: dict, *methods: str) -> dict[tuple, object]:
    """Every address with an id of another school that opens, or whose page names that school's class."""
    found = {}
    for (view, wrong), place in addresses.items():
        for role in ASKED:
            for method in methods:
                answer = getattr(world.clients[role], method)(place, {"minutes": 60, "ends_on": "", "until": ""})
                is_led_away = answer.status_code == 302 and ("/sit/" in answer.url or "/login/" in answer.url)
                if answer.status_code in (200, 422) or (answer.status_code == 302 and not is_led_away):
                    found[view, wrong, role, method] = answer.status_code
                elif b"Foreign label" in answer.content:
                    found[view, wrong, role, method] = "named"
    return found


@on_postgresql
@pytest.mark.usefixtures("wall", "no_filters")
def test_cwe_639_without_the_orms_filters_no_foreign_row_is_read_or_written():
    world, foreign = World.make(), World.make_again("Foreign label")
    for role in ("teacher", "administrator", "authority"):
        for place in ("classes/", "figures/", "year-end/", "people/", "catalogue/", "composer/"):
            assert b"Foreign label" not in world.clients[role].get(f"/en/staff/{place}").content, (role, place)
    addresses = crossed(world, foreign)
    before = every_row()
    assert foreign_doors(world, addresses, "get", "post") == {}
    after = every_row()
    assert {name for name in before if before[name] != after[name]} == set()


@on_postgresql
@pytest.mark.usefixtures("no_filters")
def test_the_same_walk_without_the_wall_finds_open_doors(world):
    """Or the test above would prove nothing."""
    addresses = crossed(world, World.make_again("Foreign label"))
    assert len(foreign_doors(world, addresses, "get")) >= 10


@contextmanager
def as_role_that_serves(*schools: School):
    with transaction.atomic(), rows.guarded():
        for school in schools:
            rows.admit_school(school.pk)
        beside = connection.connection
        beside.execute("SELECT set_config('balise.schools', '', true)")
        beside.execute("SET LOCAL ROLE balise_web")
        yield
        beside.execute("RESET ROLE")


@on_postgresql
def test_each_table_shows_the_rows_of_the_admitted_school_and_nobody_none(world):
    foreign = World.make_again("Foreign label")
    World.clients.func(foreign)  # everything that belongs to a school, in both
    assert world.clients
    models = [one for one in apps.get_models() if one._meta.db_table in rules() and hasattr(one, "school")]
    for model in models:
        with as_role_that_serves():
            assert not model._base_manager.exists(), model
        with as_role_that_serves(world.school):
            own = set(model._base_manager.values_list("school", flat=True))
        assert own <= {world.school.pk}, model
    with as_role_that_serves(world.school):
        assert {Classroom, Seat, Membership} <= {model for model in models if model._base_manager.exists()}


@on_postgresql
def test_nothing_is_written_into_another_school(world):
    foreign = World.make_again("Foreign label")
    seat = foreign.classroom.seats.first()
    with as_role_that_serves(world.school):
        assert Seat.objects.filter(pk=seat.pk).update(card_version=9) == 0
        assert Classroom.objects.filter(Q(school=foreign.school) | Q(pk=foreign.classroom.pk)).delete()[0] == 0
    for forged in (
        lambda: AuditLine.objects.create(school_key=foreign.school.pk, actor_key=uuid.uuid4(), act="invite"),
        lambda: Membership.objects.create(school=foreign.school, user=world.teacher, role="ADMINISTRATOR"),
        lambda: Seat.objects.filter(classroom=world.classroom).update(school=foreign.school),
        lambda: School.objects.create(name="Another", territory="FR"),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), as_role_that_serves(world.school):
            forged()


@on_postgresql
def test_the_role_that_serves_owns_nothing_and_leads_around_no_policy():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'balise_web'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = 'balise_web'")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT current_user")
        with pytest.raises(rows.RoleError):
            rows.open_to(cursor.fetchone()[0])
    with pytest.raises(rows.RoleError):
        rows.open_to("nobody at all")
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="must be owner"), as_role_that_serves():
        cursor.execute("ALTER TABLE accounts_seat DISABLE ROW LEVEL SECURITY")


@on_postgresql
@pytest.mark.usefixtures("wall")
def test_a_secret_leads_to_its_own_school_only(world):
    foreign = World.make_again("Foreign label")
    seat = foreign.classroom.seats.first()
    client = Client()
    assert client.post("/en/sit/", typed(seat)).status_code == 302
    assert client.get("/en/me/").status_code == 200
    assert Client().post("/en/sit/", typed(seat, code="BBBBBBB")).status_code == 403
    assert Client().post("/en/card/", {"token": card_of(seat).token}).status_code == 302
    assert Client().post("/en/card/", {"token": "'; DROP TABLE accounts_seat; --"}).status_code in (403, 422)


@on_postgresql
@pytest.mark.usefixtures("wall")
def test_a_role_that_ends_here_closes_no_account_that_has_one_elsewhere(world):
    """What another school's rows decide is asked for by name: the wall must not answer “none”."""
    colleague = make_teacher(world.school)
    Membership.objects.create(user=colleague, school=SchoolFactory(), role="TEACHER")
    membership = Membership.objects.get(user=colleague, school=world.school)
    with as_role_that_serves(world.school):
        end_membership(membership=membership, actor=world.teacher)
    colleague.refresh_from_db()
    assert colleague.is_active


@on_postgresql
@pytest.mark.usefixtures("wall")
def test_the_operator_sees_every_school_in_the_admin_and_only_there():
    first, second = ClassroomFactory().school, ClassroomFactory().school
    operator = make_administrator(first, is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(operator)
    page = client.get("/admin/accounts/school/").content.decode()
    assert first.name in page
    assert second.name in page
    assert second.name not in client.get("/en/staff/people/").content.decode()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_was_admitted_ends_with_its_transaction():
    """The next request on the same connection begins with nothing, behind a pooler that knows transactions too."""
    school = SchoolFactory()
    with rows.guarded():
        rows.admit_school(school.pk)
        assert School.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('balise.schools', true)")
        assert cursor.fetchone()[0] in ("", None)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_wall_can_be_taken_down_and_put_up_again():
    call_command("migrate", "privacy", "0001", verbosity=0)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_policies")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'balise%%'")
            assert cursor.fetchone() == (0,)
    finally:
        call_command("migrate", verbosity=0)
        rows.open_to("balise_web")
