"""What every refusal of the sheet's table leads to, in each of the calls in which it may be said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from ausrufer.adapter.contract import Draft, Part, Placement
from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.platforms.bluesky import Bluesky
from tests.platforms.errand import draft, new_order
from tests.platforms.rigs import media, picture

ANSWERS = Path(__file__).with_name("answers") / "bluesky"
POST = Placement((Part("at://did:plc:stadt/app.bsky.feed.post/3n2wt5ad22222", "https://bsky.app/x"),))
Outcome = tuple[type[Trouble], str]
PATIENCE: Outcome = (TryLater, "bittet um Geduld")
BROKEN: Outcome = (Unclear, "Bluesky ist gestört")
ENDED: Outcome = (LockedOut, "App-Passwort nicht an")  # after a fresh login was refused in the same way
LOCKED: Outcome = (Banned, "Konto gesperrt")
PICTURE: Outcome = (Rejected, "nimmt das Bild nicht an")
REFUSED: Outcome = (Rejected, "nimmt diesen Beitrag nicht an")

PUTTING: dict[str, Outcome] = {
    **dict.fromkeys(("limit", "limit_without_headers"), PATIENCE),
    **dict.fromkeys(("internal", "upstream", "gateway_page"), BROKEN),
    **dict.fromkeys(("token_expired", "token_invalid", "token_missing"), ENDED),
    **dict.fromkeys(("account_taken_down", "account_suspended"), LOCKED),
    **dict.fromkeys(("blob_too_large", "blob_too_large_older", "blob_mime"), PICTURE),
    **dict.fromkeys(("text_too_long", "text_too_long_older", "text_too_many_bytes"), (Rejected, "Text zu lang")),
    **dict.fromkeys(("invalid_record", "record_not_found", "handle_not_found", "upload_too_large"), REFUSED),
    "account_deactivated": (LockedOut, "stillgelegt"),
    "swap": (Unclear, "vielleicht schon"),
    "blob_not_found": (TryLater, "noch einmal"),
    "wrong_password": (LockedOut, "lässt uns nicht mehr hinein"),
    "second_factor": (LockedOut, "App-Passwort, nicht das Passwort"),
}


def answered(name: str) -> httpx.Response:
    stored = json.loads((ANSWERS / f"{name}.json").read_text())
    body = stored["body"]
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.Response(stored["status"], headers=stored.get("headers"), content=content)


def says(name: str, *calls: str) -> Bluesky:
    """A Bluesky that says it in these calls; others are answered well, logins refused."""

    def answer(request: httpx.Request) -> httpx.Response:
        call = request.url.path.rsplit(".", 1)[-1]
        if call in calls:
            return answered(name)
        if call == "uploadBlob":
            blob = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/jpeg", "size": 163}
            return httpx.Response(200, json={"blob": blob})
        if call.endswith("Session"):
            return answered("wrong_password")
        return httpx.Response(200, json={"uri": POST.parts[0].id, "cid": "bafyrei", "value": {}})

    session = {"did": "did:plc:stadt", "access_jwt": "gut", "refresh_jwt": "auch gut", "app_password": "x"}
    supplies = Supplies(Http(transport=httpx.MockTransport(answer)), media=media())
    return Bluesky(supplies, {"handle": "stadt.test", "appview": ""}, session)


def trouble_in_sending(platform: Bluesky, wanted: Draft) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        platform.send(new_order(), platform.render(wanted)[0], RecordingKeep())
    return trouble.value


def test_no_stored_answer_is_left_out() -> None:
    assert {path.stem for path in ANSWERS.glob("*.json")} == set(PUTTING)


@pytest.mark.parametrize("name", PUTTING)
def test_a_refused_post(name: str) -> None:
    kind, words = PUTTING[name]
    trouble = trouble_in_sending(says(name, "putRecord"), draft())

    assert isinstance(trouble, kind)
    assert words in str(trouble.sentence)


@pytest.mark.parametrize("name", PUTTING)
def test_a_refused_upload_is_never_unclear_since_nothing_is_public(name: str) -> None:
    trouble = trouble_in_sending(says(name, "uploadBlob"), draft(pictures=(picture("bruecke"),)))
    usual = TryLater if PUTTING[name][0] is Unclear else PUTTING[name][0]

    assert isinstance(trouble, Rejected if name in ("swap", "blob_not_found") else usual)


@pytest.mark.parametrize("name", ["internal", "gateway_page", "limit", "invalid_record"])
def test_trouble_in_looking_says_nothing_about_the_post(name: str) -> None:
    platform = says(name, "getRecord")
    with pytest.raises(TryLater):
        platform.is_online(POST)
    with pytest.raises(TryLater):
        order = new_order()
        platform.find(replace(order, so_far={"moment": order.released_at.isoformat()}), platform.render(draft())[0])


def test_what_is_not_there_is_not_online_and_need_not_be_withdrawn() -> None:
    platform = says("record_not_found", "getRecord", "deleteRecord")
    seen = platform.is_online(POST)
    platform.withdraw(POST)

    assert (seen.online, seen.sentence) == (False, "Auf Bluesky ist der Beitrag nicht zu sehen.")


@pytest.mark.parametrize(
    ("name", "words"), [("wrong_password", "App-Passwort nicht an"), ("second_factor", "App-Pass")]
)
def test_a_refused_login_holds_the_channel(name: str, words: str) -> None:
    platform = says(name, "createSession")
    platform.secrets = {"app_password": "x"}
    with pytest.raises(LockedOut, match=words):
        platform.profile()


def test_patience_lasts_until_the_reset_by_the_servers_own_clock() -> None:
    said = trouble_in_sending(says("limit", "putRecord"), draft())
    unsaid = trouble_in_sending(says("limit_without_headers", "putRecord"), draft())

    assert isinstance(said, TryLater) and (said.seconds, said.holds) == (4200, Holds.WRITING)
    assert isinstance(unsaid, TryLater) and (unsaid.seconds, unsaid.holds) == (60, Holds.WRITING)


def test_a_limit_on_looking_or_uploading_does_not_hold_what_is_to_be_published() -> None:
    uploading = trouble_in_sending(says("limit", "uploadBlob"), draft(pictures=(picture("bruecke"),)))
    with pytest.raises(TryLater) as looking:
        says("limit", "getRecord").is_online(POST)

    assert isinstance(uploading, TryLater) and uploading.holds == Holds.DELIVERY
    assert looking.value.holds == Holds.READING


def test_a_picture_cleared_away_meanwhile_is_uploaded_again() -> None:
    trouble = trouble_in_sending(says("blob_not_found", "putRecord"), draft(pictures=(picture("bruecke"),)))

    assert isinstance(trouble, TryLater)
    assert trouble.so_far and "blobs" not in trouble.so_far
