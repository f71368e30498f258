"""Record keys and content identifiers as the protocol wants them (sheet, section 3.1)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
RAW, RECORD = 0x55, 0x71  # codecs


def cid(content: bytes, codec: int = RAW) -> str:
    """CIDv1 with SHA-256, in base 32."""
    told = bytes([1, codec, 0x12, 0x20]) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(told).decode().lower().rstrip("=")


def record_cid(record: dict[str, Any]) -> str:
    """Of the JSON; the real one is of the CBOR, and as sensitive to every byte."""
    return cid(json.dumps(record, sort_keys=True, ensure_ascii=False).encode(), RECORD)


def uri_of(did: str, collection: str, key: str) -> str:
    return f"at://{did}/{collection}/{key}"
