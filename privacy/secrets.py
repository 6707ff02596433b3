"""Sealed files: a backup that nobody reads without its key, and whose cut or change is noticed. Pure.

A file is a line that names the format, a line of JSON, and chunks under AES-256-GCM. Each chunk is bound to the first
two lines and to its place, and the last one says that it is the last: so a file cannot be cut, mixed or renumbered.
"""

import base64
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"balise sealed file 1\n"
CHUNK = 1 << 20
LONGEST_HEADER = 4096
Keys = Mapping[int, bytes]


class SealError(Exception):
    """The file cannot be opened: another key, cut, or changed."""


def new_key() -> str:
    return secrets.token_hex(32)


def keys_of(text: str) -> dict[int, bytes]:
    """Lines of `id:hex`; the one with the highest id seals."""
    keys = {}
    for entry in text.split():
        number, _colon, key = entry.partition(":")
        keys[int(number)] = bytes.fromhex(key)
    if not keys or any(len(key) < 32 for key in keys.values()):
        raise SealError("A backup key needs an id and at least 32 bytes, as `1:hex`.")
    return keys


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """A key of its own for each file: numbers of chunks may repeat from file to file."""
    return AESGCM(hmac.new(key, b"balise backup" + salt, hashlib.sha256).digest())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">xxxQB", number, is_last)


def seal(chunks: Iterable[bytes], target: BinaryIO, *, keys: Keys, facts: Mapping[str, object]) -> None:
    """Writes the chunks (each of any size) sealed with the newest key. The facts stand readable in the file."""
    newest, salt = max(keys), secrets.token_bytes(32)
    header = json.dumps({**facts, "key": newest, "salt": base64.b64encode(salt).decode()}).encode() + b"\n"
    cipher = _cipher(keys[newest], salt)
    target.write(FORMAT + header)
    number, held = 0, None
    for chunk in filter(None, chunks):
        if held is not None:
            _write(target, cipher.encrypt(_nonce(number, is_last=False), held, header))
            number += 1
        held = chunk
    _write(target, cipher.encrypt(_nonce(number, is_last=True), held or b"", header))


def _write(target: BinaryIO, sealed: bytes) -> None:
    target.write(struct.pack(">I", len(sealed)) + sealed)


def facts_of(source: BinaryIO) -> tuple[dict, bytes]:
    """What stands readable at the file's head, and the bytes that hold it."""
    if source.readline(len(FORMAT)) != FORMAT:
        raise SealError("This is no backup of Balise.")
    header = source.readline(LONGEST_HEADER)
    try:
        facts = json.loads(header)
        return facts | {"key": int(facts["key"]), "salt": base64.b64decode(facts["salt"], validate=True)}, header
    except (ValueError, KeyError, TypeError):
        raise SealError("The backup's first lines cannot be read.") from None


def unseal(source: BinaryIO, *, keys: Keys) -> Iterator[bytes]:
    """The chunks, each proved. Whoever uses them waits for the end: only there a cut file is noticed."""
    facts, header = facts_of(source)
    if facts["key"] not in keys:
        raise SealError(f"The backup was sealed with key {facts['key']}, which is not in the key file.")
    cipher, number, is_last = _cipher(keys[facts["key"]], facts["salt"]), 0, False
    while not is_last:
        sealed = _read(source)
        is_last = not source.peek(1)[:1] if hasattr(source, "peek") else False
        try:
            chunk = cipher.decrypt(_nonce(number, is_last=is_last), sealed, header)
        except InvalidTag:
            raise SealError("The backup is cut, was changed, or was sealed with another key.") from None
        yield chunk
        number += 1


def _read(source: BinaryIO) -> bytes:
    size = source.read(4)
    length = struct.unpack(">I", size)[0] if len(size) == 4 else 0
    sealed = source.read(length) if length <= CHUNK + 64 else b""
    if not length or len(sealed) != length:
        raise SealError("The backup is cut, was changed, or was sealed with another key.")
    return sealed
