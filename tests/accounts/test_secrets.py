from uuid import UUID

import pytest

from accounts import secrets

PEPPER, OTHER = b"p" * 32, b"q" * 32
SEAT = UUID("00000000-0000-4000-8000-000000000001")


@pytest.mark.parametrize("derive", [secrets.qr_token, secrets.home_key, secrets.pictures])
def test_a_secret_comes_back_the_same_and_changes_with_pepper_seat_and_version(derive):
    secret = derive(PEPPER, SEAT, 1)
    assert secret == derive(PEPPER, SEAT, 1)
    others = [derive(OTHER, SEAT, 1), derive(PEPPER, UUID(int=7), 1), derive(PEPPER, SEAT, 2)]
    assert secret not in others


def test_secrets_have_the_sizes_that_are_promised():
    assert len(secrets.qr_token(PEPPER, SEAT, 1)) == 22
    key = secrets.home_key(PEPPER, SEAT, 1)
    assert len(key) == 16
    assert set(key) <= set(secrets.ALPHABET)
    pictures = secrets.pictures(PEPPER, SEAT, 1)
    assert len(pictures) == 4
    assert all(0 <= picture < 16 for picture in pictures)
    assert len(secrets.new_class_code()) == 7


def test_every_picture_is_drawn_about_equally_often():
    drawn = [p for number in range(2000) for p in secrets.pictures(PEPPER, UUID(int=number), 1)]
    counts = [drawn.count(picture) for picture in range(16)]
    assert min(counts) > 400
    assert max(counts) < 600


def test_a_typed_key_is_read_in_any_case_with_spaces_or_hyphens():
    assert secrets.typed(" bcdf-ghjk klmn\tPQRS ") == "BCDFGHJKKLMNPQRS"


def test_a_lookup_belongs_to_its_purpose():
    assert secrets.lookup(PEPPER, "qr", "x") != secrets.lookup(PEPPER, "home", "x")
