import pytest
from django.test import Client, override_settings
from django.urls import path

pytestmark = pytest.mark.django_db


def test_the_first_page_has_three_doors_and_a_language_switch():
    page = Client().get("/en/").content.decode()
    for door in ("I have a card", "I teach", "I am a parent", "What is this?"):
        assert door in page
    assert 'href="/en/sit/"' in page
    assert 'href="/en/staff/"' in page
    assert 'href="/en/about/"' in page
    assert 'href="/fr/"' in page


def test_the_root_leads_to_the_readers_language():
    assert Client().get("/", headers={"accept-language": "en"}).url == "/en/"
    assert Client().get("/", headers={"accept-language": "fr"}).url == "/fr/"


def test_about_says_what_is_promised_and_never_says_anonymous_of_a_seat():
    page = Client().get("/en/about/").content.decode()
    assert "never learn a pupil" in page
    assert "personal data, under a pseudonym" in page
    assert "anonym" not in page.lower()


@pytest.mark.parametrize(
    ("path", "most"), [("sit/", 6000), ("what-we-keep/", 16_000), ("parents/", 8000), ("parents/9-11/", 16_000)]
)
def test_long_pages_travel_small(path, most):
    answer = Client().get(f"/fr/{path}", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < most


def test_every_frame_leads_to_the_accessibility_statement_in_the_words_of_the_law():
    assert 'href="/fr/accessibility/"' in Client().get("/fr/help/").content.decode()
    page = Client().get("/fr/accessibility/").content.decode()
    for words in ("article 47", "conformité partielle", "Contenus non accessibles", "Défenseur des droits"):
        assert words in page


@pytest.mark.parametrize("path", ["/en/", "/en/about/", "/en/leave/", "/en/bye/"])
def test_public_pages_are_only_read(path):
    assert Client().post(path).status_code == 405


def test_an_address_that_is_nothing_says_so_in_the_readers_language():
    answer = Client().get("/en/nowhere/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Nothing is here" in page
    assert 'href="/en/"' in page
    assert Client().get("/xx/").status_code == 404


def broken(request):
    raise RuntimeError


broken.login_required = False


class Broken:
    urlpatterns = [path("broken/", broken)]


@override_settings(ROOT_URLCONF=Broken)
def test_a_broken_page_says_so_in_both_languages_without_template_or_database():
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something broke on our side" in page
    assert "Quelque chose" in page


def test_a_malformed_host_is_a_bad_request_with_a_way_on():
    answer = Client().get("/en/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Retour" in answer.content.decode()
