"""Who we are to a push service: a signed word for each of them, good for half a day (RFC 8292)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ausrufer.push.encryption import CURVE, encoded, point

GOOD_FOR = 12 * 3600  # seconds; a push service takes at most 24 hours


@dataclass
class Vapid:
    """One key for the whole city: browsers subscribe to it, so it must never change."""

    key: ec.EllipticCurvePrivateKey
    contact: str  # mailto: or https:
    words: dict[str, tuple[str, float]] = field(default_factory=dict)  # by origin: (header, until)

    @property
    def public(self) -> str:
        """What a browser needs to subscribe (applicationServerKey)."""
        return encoded(point(self.key.public_key()))

    def header(self, endpoint: str, now: float) -> str:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        word, until = self.words.get(origin, ("", 0.0))
        if now > until - 3600:
            until = now + GOOD_FOR
            word = f"vapid t={self.signed({'aud': origin, 'exp': int(until), 'sub': self.contact})}, k={self.public}"
            self.words[origin] = (word, until)
        return word

    def signed(self, claims: dict[str, object]) -> str:
        """A JSON Web Token, ES256."""
        parts = [{"typ": "JWT", "alg": "ES256"}, claims]
        text = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(SHA256())))
        return f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def kept(file: Path, contact: str) -> Vapid:
    """From the file; made by the first who asks, readable by its owner only."""
    if not file.exists():
        made = ec.generate_private_key(CURVE).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(made)
            os.fsync(out.fileno())
        try:
            os.link(fresh, file)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Vapid(key, contact)
