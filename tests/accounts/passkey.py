"""An authenticator in software: what a phone or a security key does in a browser."""

import base64
import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Passkey:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(16)
        self.user_handle = ""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _envelope(self, response: dict) -> dict:
        name = _text(self.credential_id)
        extensions = {"credProps": {"rk": True}}
        return {"id": name, "rawId": name, "type": "public-key", "response": response,
                "clientExtensionResults": extensions}  # fmt: skip

    def register(self, options: dict) -> dict:
        self.user_handle = options["user"]["id"]
        data = self._client_data("webauthn.create", options["challenge"])
        key = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + key
        rp = hashlib.sha256(options["rp"]["id"].encode()).digest()
        auth_data = rp + bytes([0x45]) + struct.pack(">I", 0) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": auth_data})
        return self._envelope({"clientDataJSON": _text(data), "attestationObject": _text(attestation)})

    def sign(self, options: dict) -> dict:
        data = self._client_data("webauthn.get", options["challenge"])
        auth_data = hashlib.sha256(options["rpId"].encode()).digest() + bytes([0x05]) + struct.pack(">I", 0)
        signature = self.key.sign(auth_data + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._envelope(
            {
                "clientDataJSON": _text(data),
                "authenticatorData": _text(auth_data),
                "signature": _text(signature),
                "userHandle": self.user_handle,
            }
        )
