"""A device with passkeys, made of software: it answers as a browser does, and lies where a test asks it to."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """One passkey on one device, for the site that stands in what it is asked. `counts` is what most do not do."""

    origin: str = ORIGIN
    counts: bool = False
    verifies: bool = True
    count: int = 0
    user: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        self.user = base64url_to_bytes(options["user"]["id"])
        told = self._told("webauthn.create", options["challenge"])
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        data = self._data(options["rp"]["id"], ATTESTED) + attested + cbor2.dumps({1: 2, 3: -7, -1: 1} | point)
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(told, attestationObject=cbor2.dumps(made))

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        told = self._told("webauthn.get", options["challenge"])
        self.count += self.counts
        data = self._data(options["rpId"])
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(told, authenticatorData=data, signature=signature, userHandle=self.user)

    def _told(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, host: str, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, told: bytes, **response: bytes) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        sent = {key: bytes_to_base64url(value) for key, value in {"clientDataJSON": told, **response}.items()}
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": sent}
