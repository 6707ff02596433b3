import re

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client

from accounts.middleware import SALT
from lessons.models import GlossaryTerm
from lessons.templatetags.prose import explained, prose, words_of
from tests.factories.accounts import ClassroomFactory, make_teacher, sit
from tests.factories.lessons import GlossaryTermFactory, make_assigned_with_glossary

pytestmark = pytest.mark.django_db
URL = "/en/me/reading/"


def preferences(client):
    return signing.loads(client.cookies["balise_seat"].value, salt=SALT)["p"]


def test_what_is_chosen_is_kept_in_the_cookie_and_shown():
    client = Client()
    answer = client.post(URL, {"size": "large", "lines": "wide", "letters": "", "pace": "slow", "next": "/en/help/"})
    assert (answer.status_code, answer.url) == (302, "/en/help/")
    assert preferences(client) == {"size": "large", "lines": "wide", "pace": "slow"}
    page = client.get("/en/help/").content.decode()
    assert 'data-size="large" data-lines="wide"' in page
    assert "data-letters" not in page


def test_what_is_normal_is_not_kept():
    client = Client()
    client.post(URL, {"size": "huge"})
    client.post(URL, {"size": ""})
    assert preferences(client) == {}


def test_a_seat_keeps_its_sitting():
    seat = ClassroomFactory(is_open=True).seats.first()
    client = sit(seat)
    client.post(URL, {"size": "large"})
    assert client.get("/en/me/").status_code == 200


def test_a_teacher_s_pages_in_the_same_browser_stay_as_they_are():
    client = Client()
    client.post(URL, {"size": "huge"})
    client.force_login(make_teacher())
    assert "data-size" not in client.get("/en/staff/classes/").content.decode()


@pytest.mark.parametrize("data", [{"size": "9"}, {"pace": "x" * 9999}, {"lines": "\0"}])
def test_an_unknown_choice_changes_nothing(data):
    answer = Client().post(URL, data)
    assert answer.status_code == 422
    assert "balise_seat" not in answer.cookies


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(onward):
    assert Client().post(URL, {"size": "large", "next": onward}).url == URL


def test_another_method_is_refused():
    assert Client().put(URL).status_code == 405


def test_the_first_place_of_a_word_is_linked_and_no_tag_is_touched():
    term = GlossaryTerm(slug="em", term="em")
    text = prose("An *em* and ems.\n\nAn em & <b>")
    assert explained(text, [term]).count("<a ") == 1
    assert re.sub("</?a[^>]*>", "", explained(text, [term])) == text
    assert "<em>" in explained(text, [term])


def test_a_plural_is_the_same_word_and_a_longer_word_is_not():
    phrase = GlossaryTerm(slug="p", term="partie intime")
    assert '<a class="word" href="#word-p">Parties intimes</a>' in explained(prose("Parties intimes."), [phrase])
    assert "<a" not in explained(prose("secretly"), [GlossaryTerm(slug="s", term="secret")])


@pytest.mark.parametrize(
    ("term", "text", "is_linked"),
    [
        ("chantage à l’image (sextorsion)", "Un chantage à l’image.", True),
        ("chantage à l’image (sextorsion)", "On parle de sextorsion.", True),
        ("crime, délit", "C’est un délit.", True),
        ("avatar (your picture in a game)", "An avatar.", True),
        ("avatar (your picture in a game)", "It is your picture in a game.", False),
        ("referral (signalement, France)", "In France, nothing.", False),
    ],
)
def test_each_name_of_a_term_is_linked_and_what_only_explains_it_is_not(term, text, is_linked):
    assert ("<a" in explained(prose(text), [GlossaryTerm(slug="t", term=term)])) == is_linked


def test_a_link_is_never_put_inside_another():
    terms = [GlossaryTerm(slug="a", term="happy secret"), GlossaryTerm(slug="b", term="secret")]
    assert explained(prose("A happy secret."), terms).count("<a ") == 1


def test_words_are_those_of_the_class_s_age_and_of_the_step():
    classroom = ClassroomFactory(is_open=True, age_of_youngest=9)
    young, old = GlossaryTermFactory(term_en="body", from_age=6), GlossaryTermFactory(term_en="corps", from_age=15)
    module = make_assigned_with_glossary(classroom, young, old, GlossaryTermFactory(term_en="absent", from_age=6))
    module.steps.update(body_en="The body, corps.")
    page = sit(classroom.seats.first()).get(f"/en/me/{module.slug}/1/").content.decode()
    assert f'id="word-{young.slug}"' in page
    assert f"word-{old.slug}" not in page
    assert "absent" not in page
    step = module.steps.first()
    assert words_of(step, [young]) == [young]


DANGEROUS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b")


def test_no_script_of_ours_makes_html_out_of_text():
    for script in (settings.BASE_DIR / "static/js").glob("*.js"):
        assert not DANGEROUS.search(script.read_text()), script.name


LATER_THAN_2020 = re.compile(
    r"\?\?=|\|\|=|&&=|\.at\(|replaceAll|Object\.hasOwn|static \{|structuredClone|\(\?<[!=]|[\s.]#\w+\s*[=(;]"
)


def test_old_phones_can_read_our_scripts():
    for script in (settings.BASE_DIR / "static/js").glob("*.js"):
        assert not LATER_THAN_2020.search(script.read_text()), script.name
    assert LATER_THAN_2020.search("a ??= b")
