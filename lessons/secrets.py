"""Entries that a device without network seals to the server; sums of a vote, sealed. Pure."""

import base64
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve's group
POINT_BYTES, NONCE_BYTES = 65, 12


def private_key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The same key from the same 32 bytes, always: nothing but the seed has to be kept."""
    number = int.from_bytes(hashlib.sha512(b"balise outbox" + seed).digest(), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(seed: bytes) -> str:
    """As the device takes it: the point, in base64."""
    return base64.b64encode(_point(private_key(seed).public_key())).decode()


def seal(seed: bytes, text: bytes) -> bytes:
    """What the device does in `service-worker.js`: a key of its own for each entry, AES-GCM under the agreed secret."""
    own = ec.generate_private_key(CURVE)
    point, nonce = _point(own.public_key()), hashlib.sha256(_point(own.public_key())).digest()[:NONCE_BYTES]
    return point + nonce + AESGCM(_agreed(own, private_key(seed).public_key(), point)).encrypt(nonce, text, None)


def unseal(seed: bytes, sealed: bytes) -> bytes:
    """Raises ValueError for whatever was not sealed to this server."""
    point, nonce = sealed[:POINT_BYTES], sealed[POINT_BYTES : POINT_BYTES + NONCE_BYTES]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    try:
        secret = AESGCM(_agreed(private_key(seed), theirs, point))
        return secret.decrypt(nonce, sealed[POINT_BYTES + NONCE_BYTES :], None)
    except InvalidTag:
        raise ValueError("not sealed to this server") from None


def _agreed(own: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey, point: bytes) -> bytes:
    return hashlib.sha256(own.exchange(ec.ECDH(), theirs) + point).digest()


MOST_REPLIES = 8
SUMS = struct.Struct(f">{MOST_REPLIES}H")


def _vote_key(pepper: bytes, vote: bytes) -> bytes:
    return hmac.new(pepper, b"balise vote" + vote, hashlib.sha256).digest()


def seal_sums(pepper: bytes, vote: bytes, sums: list[int]) -> bytes:
    """A vote's sums, one for each reply: always of one length, and another text each time."""
    nonce = os.urandom(NONCE_BYTES)
    padded = SUMS.pack(*sums, *[0] * (MOST_REPLIES - len(sums)))
    return nonce + AESGCM(_vote_key(pepper, vote)).encrypt(nonce, padded, None)


def unseal_sums(peppers: list[bytes], vote: bytes, sealed: bytes, count: int) -> list[int]:
    """The first `count` sums. Raises ValueError where no pepper opens them."""
    for pepper in peppers:
        try:
            text = AESGCM(_vote_key(pepper, vote)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except InvalidTag:
            continue
        return list(SUMS.unpack(text)[:count])
    raise ValueError("sealed with another pepper")
