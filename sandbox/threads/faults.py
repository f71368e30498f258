"""How Threads misbehaves, and which of its calls are meant."""

from __future__ import annotations

from sandbox.faults import Answers, Faults
from sandbox.http import Request
from sandbox.threads.errors import BAD_TOKEN, LIMITED, NOT_FETCHED, NOT_FOUND, REPEATED, RESTRICTED, Refused, too_long

ANSWERS: Answers = {
    "http_500": lambda fault: Refused("An unknown error has occurred.", 2, status=500).reply(),
    "rate_limit": lambda fault: Refused(*LIMITED, status=429).reply(**{"Retry-After": f"{fault.seconds:.0f}"}),
    "restrict_account": lambda fault: Refused(*RESTRICTED).reply(),
    "token_expired": lambda fault: Refused(*BAD_TOKEN).reply(),
    "too_long": lambda fault: too_long().reply(),
    "not_fetched": lambda fault: Refused(*NOT_FETCHED).reply(),
    "media_not_found": lambda fault: Refused(*NOT_FOUND).reply(),
    "repeated": lambda fault: Refused(*REPEATED).reply(),
}
CALLS = {"create", "publish", "any_act", "read", "status", "delete", "any"}


def faults() -> Faults:
    return Faults(ANSWERS, CALLS, words, usual="any_act")


def words(request: Request) -> set[str]:
    path = request.path.removeprefix("/v1.0").rstrip("/")
    if request.method == "POST" and path.endswith("/threads_publish"):
        return {"publish", "any_act", "any"}
    if request.method == "POST" and path.endswith("/threads"):
        return {"create", "any"} | ({"any_act"} if request.params.get("auto_publish_text") == "true" else set())
    if request.method == "DELETE":
        return {"delete", "any"}
    if request.method == "POST":
        return {"any"}
    asks = request.params.get("fields", "").split(",")
    return {"read", "any"} | ({"status"} if "status" in asks else set())
