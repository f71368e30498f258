"""Messages that only one browser can read: RFC 8291 with the coding aes128gcm of RFC 8188."""

from __future__ import annotations

import base64
import hmac
import os
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST = (
    3993  # bytes of plain text; every push service takes 4096 bytes, 103 of which are the coding's (sheet, section 1)
)
RECORD = 4096  # bytes
CURVE, AGREEMENT = ec.SECP256R1(), ec.ECDH()


class BadKeys(ValueError):
    """What the browser sent are no keys."""


def encrypted(
    message: bytes, p256dh: str, auth: str, *, salt: bytes = b"", ours: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """The body of one request. Raises BadKeys, or ValueError for a message that is too long.

    `salt` and `ours` are for the test vector of RFC 8291; otherwise both are fresh.
    """
    if len(message) > MOST:
        raise ValueError(f"{len(message)} bytes are more than {MOST}")
    salt, ours = salt or os.urandom(16), ours or ec.generate_private_key(CURVE)
    theirs, their_point, secret = keys_of(p256dh, auth)
    public = point(ours.public_key())
    shared = ours.exchange(AGREEMENT, theirs)
    keyed = derived(secret, shared, b"WebPush: info\0" + their_point + public, 32)
    key = derived(salt, keyed, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derived(salt, keyed, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD, len(public)) + public
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)  # 2: the last record


def keys_of(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes, bytes]:
    """The browser's key, the 65 bytes that stand for it, and its secret. Raises BadKeys."""
    try:
        public, secret = decoded(p256dh), decoded(auth)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
    except ValueError as error:
        raise BadKeys("the keys of the subscription cannot be read") from error
    if public[:1] != b"\x04":
        raise BadKeys("the browser's key is no uncompressed point")
    if len(secret) != 16:
        raise BadKeys(f"the secret has {len(secret)} bytes instead of 16")
    return theirs, public, secret


def derived(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256 for at most 32 bytes (RFC 5869): two HMACs."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), info + b"\x01", "sha256")[:length]


def point(public: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes."""
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
