"""An address behind a button, opened as a page: a page in the reader's language, with the way back."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.middleware import way_back
from tests.factories.accounts import ClassroomFactory

pytestmark = pytest.mark.django_db


def test_the_page_speaks_the_readers_language_and_leads_back(staff, classroom):
    for language, words in (("en", "There is no page to open here"), ("fr", "Il n’y a pas de page")):
        with translation.override(language):
            address, back = (reverse(name, args=[classroom.pk]) for name in OPEN_AND_DETAIL)
        response = staff.get(address)
        assert response.status_code == 405
        assert response["Allow"] == "POST"
        assert words in response.content.decode()
        assert f'href="{back}"' in response.content.decode()


OPEN_AND_DETAIL = ("accounts:classroom_open", "accounts:classroom_detail")


def test_a_machine_is_answered_without_a_page(client):
    response = client.post("/healthz")
    assert (response.status_code, response.content) == (405, b"")


def test_the_way_back_is_the_nearest_page_above():
    classroom = ClassroomFactory()
    seat = classroom.seats.first()
    free = reverse("privacy:seat_free", args=[classroom.pk, seat.pk])
    assert way_back(free) == reverse("accounts:classroom_detail", args=[classroom.pk])
    assert way_back(reverse("accounts:stand_up")) == ""
