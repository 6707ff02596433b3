"""The secrets of a seat: derived, never stored. Pure.

Everything comes from an HMAC-SHA256 of (pepper; purpose, seat, card version). The database keeps two keyed digests by
which one indexed read finds the seat; whoever has the database without the pepper can neither print a card nor
recognise one. A slow hash would not save the 16 bits of the pictures, and a whole class sits down at once.
"""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.fernet import Fernet

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""29 characters without vowels, 0 and 1: nothing to spell a word with, little to misread."""
CLASS_CODE_LENGTH = 7
HOME_KEY_LENGTH = 16  # 77 bits
PICTURE_COUNT = 16


def derive(pepper: bytes, purpose: str, seat_id: UUID, card_version: int) -> bytes:
    """32 bytes that belong to one purpose of one card of one seat."""
    message = b"\x00".join([purpose.encode(), seat_id.bytes, str(card_version).encode()])
    return hmac.new(pepper, message, hashlib.sha256).digest()


def qr_token(pepper: bytes, seat_id: UUID, card_version: int) -> str:
    """128 bits as 22 URL-safe characters; stands in a URL's fragment, so that no log holds it."""
    return base64.urlsafe_b64encode(derive(pepper, "qr", seat_id, card_version)[:16]).rstrip(b"=").decode()


def home_key(pepper: bytes, seat_id: UUID, card_version: int) -> str:
    """16 characters of `ALPHABET`, drawn without bias from the derived number."""
    number = int.from_bytes(derive(pepper, "home", seat_id, card_version))
    characters = []
    for _position in range(HOME_KEY_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return "".join(characters)


def pictures(pepper: bytes, seat_id: UUID, card_version: int) -> tuple[int, int, int, int]:
    """Four pictures in order out of sixteen, repeats allowed: 16 bits, enough for a quiz and nothing else."""
    first, second = derive(pepper, "pictures", seat_id, card_version)[:2]
    return first >> 4, first & 15, second >> 4, second & 15


def lookup(pepper: bytes, purpose: str, secret: str) -> str:
    """The keyed digest under which a token or key is found: 64 hexadecimal digits."""
    return hmac.new(pepper, f"lookup {purpose}\x00{secret}".encode(), hashlib.sha256).hexdigest()


def keyed_device(pepper: bytes, device: str) -> str:
    """A device's random id as the database may hold it: 64 hexadecimal digits."""
    return lookup(pepper, "device", device)


def sitting_mark(pepper: bytes, sitting: str) -> str:
    """What a page's “I have finished” says of whose sitting it ends: one that was kept for later ends no other."""
    return lookup(pepper, "sitting", sitting)[:22]


def typed(text: str) -> str:
    """What a person typed, as the alphabet has it: capitals, without spaces and hyphens."""
    return "".join(text.upper().replace("-", " ").split())


def new_class_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(CLASS_CODE_LENGTH))


def same_pictures(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Compares in the same time wherever they differ."""
    return hmac.compare_digest(bytes(first), bytes(second))


def sealing(key: str, purpose: str) -> Fernet:
    """Seals words that a browser carries for us, so that it can neither read nor change them; they bear their time."""
    return Fernet(base64.urlsafe_b64encode(hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()))
