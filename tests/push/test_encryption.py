"""What a push service carries can be read by one browser only; the numbers are those of the standard."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ausrufer.push.encryption import CURVE, MOST, BadKeys, decoded, encrypted
from ausrufer.push.vapid import Vapid
from tests.push.browser import Browser

# RFC 8291, section 5.
WATERMELON = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    ours = ec.derive_private_key(int.from_bytes(decoded(SENDER)), CURVE)
    assert encrypted(WATERMELON, READER, SECRET, salt=decoded(SALT), ours=ours) == decoded(BODY)


def test_the_browser_reads_it_and_nobody_else() -> None:
    dora, other = Browser(), Browser()
    body = encrypted(b"Hochwasser an der Mosel.", dora.p256dh, dora.auth)
    assert dora.read(body).decode() == "Hochwasser an der Mosel."
    with pytest.raises(InvalidTag):
        other.read(body)


def test_the_same_message_is_never_the_same_twice() -> None:
    dora = Browser()
    assert encrypted(b"x", dora.p256dh, dora.auth) != encrypted(b"x", dora.p256dh, dora.auth)


def test_the_largest_message_fills_what_a_push_service_takes() -> None:
    dora = Browser()
    assert len(encrypted(b"x" * MOST, dora.p256dh, dora.auth)) == 4096
    with pytest.raises(ValueError, match="more than"):
        encrypted(b"x" * (MOST + 1), dora.p256dh, dora.auth)


@pytest.mark.parametrize(("p256dh", "auth"), [("", SECRET), ("AAAA", SECRET), (READER, "AAAA"), ("B" + READER, SECRET)])
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        encrypted(b"x", p256dh, auth)


def test_our_word_names_the_service_and_is_signed() -> None:
    vapid = Vapid(ec.generate_private_key(CURVE), "mailto:presse@stadt.example")
    word = vapid.header("https://push.example/abc/def", 1_000_000.0)
    token = word.removeprefix("vapid t=").split(",")[0]
    head, claims, signature = token.split(".")
    told = json.loads(decoded(claims))
    assert told == {"aud": "https://push.example", "exp": 1_043_200, "sub": "mailto:presse@stadt.example"}
    raw = decoded(signature)
    signed = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    vapid.key.public_key().verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert word.endswith(f"k={vapid.public}")
    assert len(base64.urlsafe_b64decode(vapid.public + "=")) == 65


def test_one_signature_serves_a_service_for_hours() -> None:
    vapid = Vapid(ec.generate_private_key(CURVE), "mailto:presse@stadt.example")
    first = vapid.header("https://push.example/1", 1_000_000.0)
    assert vapid.header("https://push.example/2", 1_030_000.0) == first
    assert vapid.header("https://push.example/2", 1_042_000.0) != first
    assert vapid.header("https://other.example/1", 1_000_000.0) != first
