import datetime
import re
import smtplib

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditLine, Invitation, Membership, School, Teaching, User
from tests.factories.accounts import (
    PASSWORD,
    ClassroomFactory,
    InvitationFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    add_second_factor,
    make_administrator,
    make_authority_administrator,
    make_teacher,
)

pytestmark = pytest.mark.django_db
NEW = {"name": "New Person", "password1": "a lighthouse and an otter", "password2": "a lighthouse and an otter"}


@pytest.fixture
def school(administrator):
    return administrator.memberships.first().school


def url(school, rest=""):
    return f"/en/staff/people/{school.pk}/{rest}"


def test_people_are_shown_to_the_administrator_only(office, staff, school):
    for path in ("/en/staff/people/", url(school)):
        assert office.get(path).status_code == 200
        assert staff.get(path).status_code == 403
        assert Client().get(path).url.startswith("/en/staff/account/login/")
        assert office.post(path).status_code == 405


def test_another_schools_people_are_not_found(office, school):
    other = make_administrator().memberships.first().school
    invitation = InvitationFactory(school=other)
    membership = Membership.objects.filter(school=other).first()
    assert office.get(url(other)).status_code == 404
    for rest in ("invite/", "hand-over/", f"roles/{membership.pk}/end/", f"invitations/{invitation.pk}/revoke/"):
        assert office.post(url(other, rest)).status_code == 404
    assert office.post(url(school, f"roles/{membership.pk}/end/")).status_code == 404
    assert office.post(url(school, f"invitations/{invitation.pk}/revoke/")).status_code == 404
    assert Membership.objects.filter(pk=membership.pk).exists()
    assert Invitation.objects.filter(pk=invitation.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_people_costs_a_constant_number_of_queries(office, school, count, django_assert_num_queries):
    for _number in range(count):
        make_teacher(school)
        InvitationFactory(school=school)
    with django_assert_num_queries(9):
        page = office.get(url(school)).content.decode()
    assert page.count("End the role") == count + 1


def test_an_invitation_is_sent_in_the_schools_language_and_opens_the_door_once(office, school):
    School.objects.filter(pk=school.pk).update(language="en")
    office.post(url(school, "invite/"), {"email": "New@Example.org", "role": "TEACHER", "ends_on": ""})
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert school.name in message.body
    path = re.search(r"http://testserver(/en/staff/join/\S+/)", message.body)[1]
    assert path.split("/")[-2] not in str(list(Invitation.objects.values()))

    browser = Client()
    assert "new@example.org" in browser.get(path).content.decode()
    assert browser.post(path, NEW).url == "/en/staff/"
    assert browser.get("/en/staff/", follow=True).redirect_chain == [("/en/staff/classes/", 302)]
    user = User.objects.get(email="new@example.org")
    assert user.name == "New Person"
    assert user.memberships.get().role == Role.TEACHER

    again = Client().get(path)
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()
    assert Client().post(path, NEW | {"password1": "x" * 20, "password2": "x" * 20}).status_code == 404
    user.refresh_from_db()
    assert user.check_password(NEW["password1"])


@pytest.mark.parametrize(
    "data",
    [
        {"email": "", "role": "TEACHER"}, {"email": "no address", "role": "TEACHER"},
        {"email": "a@example.org", "role": "KING"}, {"email": "a@example.org\nbcc: b@example.org", "role": "TEACHER"},
        {"email": "a@example.org", "role": "TEACHER", "ends_on": "2020-01-01"},
    ],
)  # fmt: skip
def test_an_invitation_that_cannot_be_sent_says_why(office, school, data):
    answer = office.post(url(school, "invite/"), data)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_a_mail_server_that_is_down_is_said_and_nothing_breaks(office, school, monkeypatch):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("accounts.views.people.send_mail", refuse)
    answer = office.post(url(school, "invite/"), {"email": "new@example.org", "role": "TEACHER"}, follow=True)
    assert "could not be sent" in answer.content.decode()
    assert answer.status_code == 200


def test_a_forgotten_password_is_chosen_anew_by_mail(teacher):
    browser = Client()
    browser.post("/en/staff/account/password/reset/", {"email": teacher.email})
    [message] = mail.outbox
    path = re.search(r"http://testserver(/en/staff/account/password/reset/key/\S+)", message.body)[1]
    form = browser.get(path, follow=True)
    new = {"password1": NEW["password1"], "password2": NEW["password1"]}
    browser.post(form.redirect_chain[-1][0], new)
    answer = Client().post("/en/staff/account/login/", {"login": teacher.email, "password": NEW["password1"]})
    assert answer.url == "/en/staff/"


def test_inviting_again_makes_the_old_link_useless(office, school):
    for _time in range(2):
        office.post(url(school, "invite/"), {"email": "new@example.org", "role": "TEACHER"})
    old, new = (re.search(r"http://testserver(\S+)", message.body)[1] for message in mail.outbox)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_an_invitation_is_taken_back(office, school):
    invitation = InvitationFactory(school=school)
    path = f"/en/staff/join/{invitation.token}/"
    assert Client().get(path).status_code == 200
    office.post(url(school, f"invitations/{invitation.pk}/revoke/"))
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", "..%2F"])
def test_an_unknown_or_old_invitation_is_gone(token):
    InvitationFactory(token="old", expires_at=timezone.now())
    assert Client().get(f"/en/staff/join/{token}/").status_code == 404
    assert Client().get("/en/staff/join/old/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "required"),
        ({"password2": "something else here"}, "not the same"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"password1": "x" * 5000}, "at most 200"),
    ],
)
def test_a_name_or_password_that_will_not_do_says_why(changes, message):
    invitation = InvitationFactory()
    answer = Client().post(f"/en/staff/join/{invitation.token}/", NEW | changes)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()


def test_whoever_has_an_account_signs_in_to_it_and_is_not_given_a_new_password():
    user = UserFactory()
    invitation = InvitationFactory(email=user.email, role=Role.ADMINISTRATOR)
    path = f"/en/staff/join/{invitation.token}/"
    browser, other = Client(), Client()
    assert "sign in to it" in browser.get(path).content.decode()
    browser.post(path, NEW)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not user.memberships.exists()
    other.force_login(make_teacher())
    other.post(path)
    assert not user.memberships.exists()
    browser.force_login(user)
    assert browser.post(path).url == "/en/staff/"
    assert user.memberships.get().role == Role.ADMINISTRATOR


def test_a_substitutes_role_ends_on_its_day(office, school):
    day = timezone.localdate() + datetime.timedelta(days=3)
    office.post(url(school, "invite/"), {"email": "new@example.org", "role": "TEACHER", "ends_on": day.isoformat()})
    path = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    Client().post(path, NEW)
    assert Membership.objects.get(user__email="new@example.org").ends_on == day


def test_a_role_that_ends_ends_on_every_device_at_once(office, school, teacher, staff, classroom):
    membership = teacher.memberships.get()
    assert staff.get("/en/staff/classes/").status_code == 200
    office.post(url(school, f"roles/{membership.pk}/end/"))
    assert staff.get("/en/staff/classes/").url.startswith("/en/staff/account/login/")
    assert not Teaching.objects.filter(user=teacher).exists()
    answer = Client().post("/en/staff/account/login/", {"login": teacher.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "inactive" in answer.url


def test_one_of_two_roles_that_ends_leaves_the_other(office, school, teacher, staff):
    MembershipFactory(user=add_second_factor(teacher), school=school, role=Role.ADMINISTRATOR)
    office.post(url(school, f"roles/{teacher.memberships.get(role=Role.TEACHER).pk}/end/"))
    assert staff.get("/en/staff/classes/").url.startswith("/en/staff/account/login/"), "the session had ended"
    staff.force_login(teacher)
    assert staff.get("/en/staff/classes/").status_code == 403
    assert staff.get("/en/staff/people/").status_code == 200


def test_nobody_ends_the_own_role(office, school, administrator):
    answer = office.post(url(school, f"roles/{administrator.memberships.get().pk}/end/"), follow=True)
    assert "ask another administrator" in answer.content.decode()
    assert administrator.memberships.exists()


def test_classes_are_handed_over_inside_the_school(office, school, teacher, classroom):
    successor, stranger = make_teacher(school), make_teacher()
    path = url(school, "hand-over/")
    assert office.post(path, {"leaver": teacher.pk, "successor": stranger.pk}).status_code == 422
    assert office.post(path, {"leaver": teacher.pk, "successor": teacher.pk}).status_code == 422
    answer = office.post(path, {"leaver": teacher.pk, "successor": successor.pk}, follow=True)
    assert "1 class is handed over" in answer.content.decode()
    assert [teaching.user for teaching in classroom.teachings.all()] == [successor]


def test_acts_of_adults_are_kept_and_shown(office, school, administrator):
    office.post(url(school, "invite/"), {"email": "new@example.org", "role": "TEACHER"})
    line = AuditLine.objects.get(act="invite")
    assert (line.school_key, line.actor_key, line.subject) == (school.pk, administrator.pk, "new@example.org")
    page = office.get(url(school)).content.decode()
    assert "invited · new@example.org" in page
    assert administrator.name in page


@pytest.mark.parametrize(
    ("make", "goal"),
    [
        (make_teacher, "/en/staff/classes/"),
        (make_administrator, "/en/staff/figures/"),
        (make_authority_administrator, "/en/staff/figures/"),
    ],
)
def test_everybody_lands_on_the_page_of_the_own_role(make, goal):
    browser = Client()
    browser.force_login(make())
    assert browser.get("/en/staff/").url == goal


def test_without_a_role_nobody_stays_signed_in(teacher):
    browser = Client()
    browser.force_login(UserFactory())
    answer = browser.get("/en/staff/", follow=True)
    assert answer.redirect_chain == [("/en/staff/account/login/?next=/en/staff/", 302)]
    assert "no role here any more" in answer.content.decode()
    assert Client().get("/en/staff/").url.startswith("/en/staff/account/login/")
    browser.force_login(teacher)
    assert browser.post("/en/staff/").status_code == 405


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_account_pages_open_and_nobody_signs_up(language, teacher):
    browser = Client()
    for page in ("login/", "password/reset/"):
        assert browser.get(f"/{language}/staff/account/{page}").status_code == 200
    browser.post(f"/{language}/staff/account/signup/", {"email": "me@example.org", "password1": NEW["password1"]})
    assert not User.objects.filter(email="me@example.org").exists()
    browser.force_login(teacher)
    assert browser.get(f"/{language}/staff/account/password/change/").status_code == 200


def test_a_changed_password_ends_the_other_sessions(teacher, staff):
    teacher.set_password("another long sentence")
    teacher.save()
    assert staff.get("/en/staff/classes/").url.startswith("/en/staff/account/login/")


class TestCreateSchool:
    def call(self, capsys, **changes):
        options = {"name": "School of the pier", "territory": "FR", "language": "fr", "email": "head@example.org"}
        call_command("create_school", **options | changes)
        return capsys.readouterr().out

    def test_the_first_administrator_is_invited_with_the_printed_link(self, capsys, settings):
        settings.PUBLIC_URL = "https://school.example"
        out = self.call(capsys)
        path = re.search(r"https://school.example(/fr/staff/join/\S+)", out)[1]
        browser = Client()
        assert browser.post(path, NEW).url == "/fr/staff/"
        school = School.objects.get()
        assert (school.name, school.territory, school.language) == ("School of the pier", "FR", "fr")
        assert Membership.objects.get().role == Role.ADMINISTRATOR
        assert browser.get("/fr/staff/people/").url == "/fr/staff/account/second-factor/"
        add_second_factor(User.objects.get())
        assert browser.get("/fr/staff/people/").status_code == 200

    @pytest.mark.parametrize("changes", [{"email": "no"}, {"name": " "}, {"name": "x" * 121}, {"territory": "XX"}])
    def test_bad_options_make_nothing(self, capsys, changes):
        with pytest.raises(CommandError):
            self.call(capsys, **changes)
        assert not School.objects.exists()


def test_a_school_is_known_by_its_name():
    assert str(SchoolFactory(name="School of the pier")) == "School of the pier"
    assert ClassroomFactory(label="Blue").label == "Blue"
