"""Keys are changed while cards, sessions and second factors go on."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.adapters import MFAAdapter
from accounts.models import Seat
from accounts.operations import reissue_card
from accounts.queries import card_of
from tests.factories.accounts import ClassroomFactory, make_administrator, sit, teacher_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path, settings, monkeypatch):
    """An installation whose keys are files."""
    for name in ("SECRET_KEY", "BALISE_PEPPERS"):
        monkeypatch.delenv(name, raising=False)
    settings.VAR_DIR = tmp_path
    (tmp_path / "secret_key").write_text(settings.SECRET_KEY)
    (tmp_path / "peppers").write_text(
        "\n".join(f"{key}:{value.hex()}" for key, value in settings.BALISE_PEPPERS.items())
    )
    (tmp_path / "backup_key").write_text("1:" + "cd" * 32)
    return tmp_path


def reload(settings, var):
    """As after the service was started again."""
    from config.settings import _peppers

    settings.BALISE_PEPPERS = _peppers((var / "peppers").read_text())
    settings.SECRET_KEY = (var / "secret_key").read_text().strip()
    earlier = var / "secret_key_fallbacks"
    settings.SECRET_KEY_FALLBACKS = earlier.read_text().split() if earlier.exists() else []


def keys(*words, capsys=None):
    call_command("keys", *words)


def test_a_pepper_is_added_and_retired_when_no_card_needs_it(var, settings, capsys):
    classroom = ClassroomFactory(is_open=True)
    seat = classroom.seats.in_order()[0]
    pupil, token = sit(seat), card_of(seat).token
    keys("new", "pepper")
    reload(settings, var)
    assert pupil.get("/en/me/").status_code == 200, "a new pepper ends no lesson"
    assert Client().post("/en/card/", {"token": token}).status_code == 302, "and no card"
    with pytest.raises(CommandError, match="2 seats have cards of pepper 1"):
        keys("retire", "pepper", "1")
    for one in classroom.seats.all():
        reissue_card(seat=one, actor=teacher_of(classroom))
    assert set(Seat.objects.values_list("pepper_id", flat=True)) == {2}
    keys("retire", "pepper", "1")
    reload(settings, var)
    assert set(settings.BALISE_PEPPERS) == {2}
    assert Client().post("/en/card/", {"token": token}).status_code == 403
    seat.refresh_from_db()
    assert Client().post("/en/card/", {"token": card_of(seat).token}).status_code == 302
    with pytest.raises(CommandError, match="is the newest"):
        keys("retire", "pepper", "2")
    with pytest.raises(CommandError, match="There is no pepper 9"):
        keys("retire", "pepper", "9")


def test_a_secret_key_is_changed_without_signing_anybody_out(var, settings):
    administrator = make_administrator()
    staff = Client()
    staff.force_login(administrator)
    factor = Authenticator.objects.get()
    factor.data = {"secret": MFAAdapter().encrypt("an app")}
    factor.save()
    signed = signing.dumps("a pupil's cookie")
    keys("new", "secret")
    reload(settings, var)
    assert signing.loads(signed) == "a pupil's cookie"
    assert staff.get("/en/staff/people/").status_code == 200
    assert MFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == "an app"
    keys("retire", "secret")
    reload(settings, var)
    assert settings.SECRET_KEY_FALLBACKS == []
    assert MFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == "an app"
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)


def test_a_factor_that_no_key_opens_stops_the_change(var, settings):
    make_administrator()
    Authenticator.objects.update(data={"secret": "sealed:with-a-lost-key"})
    (var / "secret_key_fallbacks").write_text("an earlier key\n")
    with pytest.raises(CommandError, match="cannot be opened"):
        keys("retire", "secret")
    assert (var / "secret_key_fallbacks").read_text() == "an earlier key\n"


def test_a_backup_key_is_added_and_an_old_one_goes_when_its_backups_are_over(var):
    keys("new", "backup")
    lines = (var / "backup_key").read_text().split()
    assert [line.partition(":")[0] for line in lines] == ["1", "2"]
    assert (var / "backup_key").stat().st_mode & 0o777 == 0o600
    keys("retire", "backup", "1")
    assert (var / "backup_key").read_text().startswith("2:")


def test_a_key_of_the_environment_is_left_alone(var, monkeypatch):
    monkeypatch.setenv("BALISE_PEPPERS", "1:" + "a1" * 32)
    with pytest.raises(CommandError, match="comes from the environment"):
        keys("new", "pepper")
    with pytest.raises(CommandError, match="Say which"):
        keys("new")


def test_without_words_it_counts_cards(var, capsys):
    ClassroomFactory()
    keys()
    assert capsys.readouterr().out == "pepper 1: 2 seats\n"
