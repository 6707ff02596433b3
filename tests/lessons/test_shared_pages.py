"""A step's page is drawn once for everybody who reads it, and belongs to whoever asked."""

import re

import pytest
from django.template.loader import get_template

from accounts.context_processors import page
from accounts.views import shared
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.lessons import make_assigned

OWN = re.compile(r'name="(csrfmiddlewaretoken|sitting)" value="([^"]+)"')


@pytest.fixture
def classroom(db):
    return ClassroomFactory(seat_count=2, is_open=True)


@pytest.fixture
def place(classroom):
    return f"me/{make_assigned(classroom).slug}/1/"


def read(client, place, language="en") -> str:
    answer = client.get(f"/{language}/{place}")
    assert answer.status_code == 200
    return answer.content.decode()


def bare(html: str) -> str:
    """Without what is new at each answer, and the query that had it drawn anew."""
    return OWN.sub("", html).replace("?anew=1", "")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_kept_is_what_would_be_drawn(classroom, place, language):
    clients = [sit(seat) for seat in classroom.seats.in_order()]
    kept = [read(client, place, language) for client in clients]
    drawn = [read(client, f"{place}?anew=1", language) for client in clients]
    assert [*map(bare, kept)] == [*map(bare, drawn)]
    assert bare(kept[0]) != bare(kept[1])
    assert not set(shared.GAPS) & set("".join(kept)), "every gap is filled"


def test_it_is_drawn_once_for_all(classroom, place, monkeypatch):
    times = []
    drawn = shared.render_to_string
    monkeypatch.setattr(shared, "render_to_string", lambda *given: times.append(given[0]) or drawn(*given))
    for seat in classroom.seats.in_order():
        read(sit(seat), place)
    assert times == ["lessons/step_detail.html"]


def test_each_reader_has_an_own_face_token_and_sitting(classroom, place):
    first, second = classroom.seats.in_order()
    pages = {seat: read(sit(seat), place) for seat in (first, second)}
    for seat, other in ((first, second), (second, first)):
        assert f"<span>{seat.handle}</span>" in pages[seat]
        assert f"#animal-{seat.animal}" in pages[seat]
        assert f"<span>{other.handle}</span>" not in pages[seat]
    values = [dict(OWN.findall(html)) for html in pages.values()]
    assert all(set(one) == {"csrfmiddlewaretoken", "sitting"} for one in values)
    assert all(values[0][name] != values[1][name] for name in values[0])


def test_the_token_that_is_filled_in_is_taken(classroom, place):
    client = sit(classroom.seats.in_order()[0])
    read(sit(classroom.seats.in_order()[1]), place)
    token = dict(OWN.findall(read(client, place)))["csrfmiddlewaretoken"]
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/en/{place}", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert client.post(f"/en/{place}", {"csrfmiddlewaretoken": token}).status_code == 302


def test_how_a_pupil_wants_pages_to_look_is_that_pupils(classroom, place):
    first, second = [sit(seat) for seat in classroom.seats.in_order()]
    plain = read(second, place)
    assert first.post("/en/me/reading/", {"size": "large"}).status_code == 302
    assert 'data-size="large"' in read(first, place)
    assert bare(read(second, place)) == bare(plain)


def test_the_frame_of_a_pupils_page_has_no_gap_that_is_not_filled(rf):
    """What a template may know of the reader is what `page` gives; `render_shared` fills these."""
    request = rf.get("/en/me/")
    assert set(page(request)) == {
        "seat", "leaving", "preferences", "band", "alternates", "is_teacher", "is_administrator", "manages_people",
    }  # fmt: skip
    source = get_template("base_pupil.html").template.source
    assert set(re.findall(r"seat\.(\w+)", source)) == {"animal", "colour", "handle"}
