"""What every refusal of the sheet's table leads to, in each of the calls in which it may be said."""

from __future__ import annotations

import httpx
import pytest

from ausrufer.adapter.contract import Part, Placement
from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.testing import RecordingKeep
from tests.platforms.errand import draft, new_order
from tests.platforms.graph import ANSWERS, Graph, answered
from tests.platforms.rigs import picture

Outcome = tuple[type[Trouble], type[Trouble], str]  # of a text published in one call; of a container; in words
PATIENCE: Outcome = (TryLater, TryLater, "Threads bittet um Geduld")
BROKEN: Outcome = (Unclear, TryLater, "Threads ist gestört")
OUR_ACCESS: Outcome = (LockedOut, LockedOut, "Anmeldung bei Threads ist abgelaufen")
PERMISSION: Outcome = (LockedOut, LockedOut, "fehlt eine Erlaubnis")
RESTRICTED: Outcome = (Banned, Banned, "Meta hat das Konto eingeschränkt")
LINKS: Outcome = (Rejected, Rejected, "höchstens fünf Links")
NOT_FETCHED: Outcome = (Rejected, Rejected, "Bild nicht von unserer Website holen")
PICTURE: Outcome = (Rejected, Rejected, "nimmt das Bild nicht an")
REFUSED: Outcome = (Rejected, Rejected, "nimmt diesen Beitrag nicht an")

WRITING: dict[str, Outcome] = {
    **dict.fromkeys((f"limit_{code}" for code in (4, 17, 32, 341, 613)), PATIENCE),
    **dict.fromkeys(("limit_with_retry_after", "limit_without_body"), PATIENCE),
    **dict.fromkeys(("unknown", "service", "gateway_page"), BROKEN),
    **dict.fromkeys(("token_expired", "code_as_text", "session_key_invalid"), OUR_ACCESS),
    **dict.fromkeys(("permission_missing", "permission_of_the_200s"), PERMISSION),
    **dict.fromkeys(("restricted", "restricted_to_protect", "user_restricted", "account_restricted"), RESTRICTED),
    **dict.fromkeys(("link_limit_as_message", "link_limit_as_code"), LINKS),
    **dict.fromkeys(("feature_missing", "country_codes", "no_status_any_more"), REFUSED),
    "too_long": (Rejected, Rejected, "zu lang"),
    **dict.fromkeys(("picture_not_fetched", "download_timed_out"), NOT_FETCHED),
    **dict.fromkeys(
        ("picture_ratio", "picture_too_large", "picture_format", "video_format", "carousel_invalid"), PICTURE
    ),
    # Said by Instagram's part of the family; of Threads nobody has seen them yet.
    **dict.fromkeys(("media_id_unknown", "builder_expired", "media_expired", "caption_too_long"), REFUSED),
    "child_not_ready": (TryLater, TryLater, "verarbeitet den Beitrag noch"),
    "media_not_found": (TryLater, TryLater, "verarbeitet den Beitrag noch"),
    "duplicate": (Unclear, Unclear, "hält den Beitrag für eine Wiederholung"),
}


def says(name: str) -> Graph:
    return Graph(lambda request: answered(name))


def trouble_in_sending(graph: Graph, *pictures: str) -> Trouble:
    platform = graph.connect()
    rendition = platform.render(draft(pictures=tuple(picture(each) for each in pictures)))[0]
    with pytest.raises(Trouble) as trouble:
        platform.send(new_order(), rendition, RecordingKeep())
    return trouble.value


def test_no_stored_answer_is_left_out() -> None:
    assert {path.stem for path in ANSWERS.glob("*.json")} == set(WRITING)


@pytest.mark.parametrize("name", WRITING)
def test_a_refused_text(name: str) -> None:
    kind, _, words = WRITING[name]
    trouble = trouble_in_sending(says(name))

    assert isinstance(trouble, kind)
    assert words in str(trouble.sentence)


@pytest.mark.parametrize("name", WRITING)
def test_a_refused_container(name: str) -> None:
    _, kind, words = WRITING[name]
    trouble = trouble_in_sending(says(name), "bruecke")

    assert isinstance(trouble, kind)
    assert words in str(trouble.sentence)


@pytest.mark.parametrize("name", WRITING)
def test_metas_words_for_the_user_change_nothing(name: str) -> None:
    """`error_user_msg` is localised, so what follows must not depend on it."""
    body = answered(name).content.replace(b'"fbtrace_id"', b'"error_user_msg": "at most 5 characters", "x"')
    status, headers = answered(name).status_code, answered(name).headers
    translated = Graph(lambda request: httpx.Response(status, headers=headers, content=body))

    assert str(trouble_in_sending(translated).sentence) == str(trouble_in_sending(says(name)).sentence)


def test_patience_lasts_as_long_as_meta_says_or_five_minutes_and_holds_the_channels_writing() -> None:
    said, unsaid = trouble_in_sending(says("limit_with_retry_after")), trouble_in_sending(says("limit_4"))

    assert isinstance(said, TryLater) and (said.seconds, said.holds) == (600, Holds.WRITING)
    assert isinstance(unsaid, TryLater) and (unsaid.seconds, unsaid.holds) == (300, Holds.WRITING)


def test_a_limit_on_looking_does_not_hold_what_is_to_be_published() -> None:
    with pytest.raises(TryLater) as trouble:
        says("limit_with_retry_after").connect().is_online(Placement((Part("17"),)))

    assert (trouble.value.seconds, trouble.value.holds) == (600, Holds.READING)


@pytest.mark.parametrize("name", ["media_not_found", "no_status_any_more"])
def test_what_is_not_there_is_not_online_and_need_not_be_withdrawn(name: str) -> None:
    platform, placement = says(name).connect(), Placement((Part("17", "https://www.threads.net/x"),))
    seen = platform.is_online(placement)
    platform.withdraw(placement)

    assert (seen.online, seen.sentence) == (False, "Auf Threads ist der Beitrag nicht zu finden.")


@pytest.mark.parametrize("name", ["unknown", "gateway_page", "duplicate", "country_codes"])
def test_trouble_in_looking_says_nothing_about_the_post(name: str) -> None:
    platform = says(name).connect()
    with pytest.raises(TryLater):
        platform.is_online(Placement((Part("17"),)))
    with pytest.raises(TryLater):
        platform.find(new_order(), platform.render(draft())[0])


@pytest.mark.parametrize(("name", "kind"), [("restricted", LockedOut), ("unknown", Unclear), ("limit_4", TryLater)])
def test_a_refusal_of_the_publishing_call(name: str, kind: type[Trouble]) -> None:
    graph = Graph(lambda request: answered(name) if request.url.path.endswith("/threads_publish") else None)

    assert isinstance(trouble_in_sending(graph, "bruecke"), kind)
