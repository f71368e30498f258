"""How Bluesky misbehaves, and which of its calls are meant."""

from __future__ import annotations

import math
import time

from sandbox.bluesky.checks import bad_post
from sandbox.bluesky.errors import DEACTIVATED, EXPIRED, TAKEN_DOWN, Refused, limited
from sandbox.faults import Answers, Faults
from sandbox.http import Request

ANSWERS: Answers = {
    "http_500": lambda fault: Refused("InternalServerError", "Internal Server Error", 500).reply(),
    "rate_limit": lambda fault: limited(math.ceil(time.time() + fault.seconds)).reply(),
    "expired": lambda fault: Refused(*EXPIRED).reply(),
    "taken_down": lambda fault: Refused(*TAKEN_DOWN).reply(),
    "deactivated": lambda fault: Refused(*DEACTIVATED).reply(),
    "too_long": lambda fault: bad_post("grapheme too big (maximum 300, got 301) at $.record.text").reply(),
    "blob_refused": lambda fault: Refused("InvalidMimeType", "Wrong type of file.").reply(),
    "blob_lost": lambda fault: Refused("BlobNotFound", "Could not find blob: bafkrei").reply(),
}
CALLS = {"put": "putRecord", "create": "createRecord", "delete": "deleteRecord", "upload": "uploadBlob"}


def faults() -> Faults:
    return Faults(ANSWERS, {*CALLS, "session", "video", "read", "any"}, words, usual="put")


def words(request: Request) -> set[str]:
    name = request.path.rsplit(".", 1)[-1]
    found = {word for word, call in CALLS.items() if name == call} | {"any"}
    if ".video." in request.path:
        return found | {"video"}
    if name.endswith("Session"):
        return found | {"session"}
    return found | ({"read"} if request.method == "GET" else set())
