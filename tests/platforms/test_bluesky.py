"""What is special about Bluesky: bytes, keys of our own, one session, threads; against the stand-in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ausrufer.adapter.contract import Draft, Order, Picture, Placement
from ausrufer.adapter.errors import LockedOut, Unclear
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.platforms.bluesky import Bluesky
from ausrufer.platforms.bluesky.facets import facets
from ausrufer.platforms.bluesky.keys import created_at, record_key, tid
from ausrufer.platforms.bluesky.text import measured
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Rig, picture
from tests.platforms.rigs.bluesky import BlueskyRig
from tests.sandbox.playing_bluesky import DORA, DORAS_PASSWORD, HANDLE, PASSWORD, StandIn

LONG = "Die Brücke über die Mosel bleibt bis Montag gesperrt. " * 20


@pytest.fixture
def bluesky(rigs: dict[str, Rig]) -> BlueskyRig:
    """The stand-in as a real process, empty and calm."""
    rig = rigs["bluesky"]
    assert isinstance(rig, BlueskyRig)
    rig.standin.calm(posts=True)
    return rig


def carried_out(rig: BlueskyRig, wanted: Draft) -> tuple[Errand, Placement]:
    story = Errand(rig.platform, rig.platform.render(wanted))
    return story, story.carry_out()


def clicked(text: str, **mentions: str) -> list[tuple[str, str]]:
    """What can be clicked, and where it leads."""
    content, found = text.encode(), facets(text, {f"@{name.replace('_', '.')}": did for name, did in mentions.items()})
    return [
        (content[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode(), [*each["features"][0].values()][1])
        for each in found
    ]


def test_300_are_graphemes_and_no_more_than_3000_bytes() -> None:
    assert measured("ü🚨👨‍👩‍👧‍👦") == 4  # 32 bytes already
    assert measured("ä" * 300) == 300
    assert measured("👨‍👩‍👧‍👦" * 120) == 300  # 3,000 bytes, though 120 graphemes


def test_what_can_be_clicked_is_found_behind_umlauts_and_families() -> None:
    text = "Größe 👨‍👩‍👧‍👦: https://www.trier.de/ä?x=1, trier.de/bau und #Trier-Nord, @trier.de!"
    assert clicked(text, trier_de="did:plc:t") == [
        ("https://www.trier.de/ä?x=1", "https://www.trier.de/ä?x=1"),
        ("trier.de/bau", "https://trier.de/bau"),
        ("#Trier-Nord", "Trier-Nord"),
        ("@trier.de", "did:plc:t"),
    ]


@pytest.mark.parametrize("text", ["Str.Nr.5", "dora@stadt.de", "@thw", "@x@social.example", "#1", "a#b", "ca. 18 Uhr"])
def test_what_only_looks_like_it_stays_plain(text: str) -> None:
    assert clicked(f"Siehe {text} und weiter.") == []


def test_a_tag_inside_an_address_is_none() -> None:
    assert clicked("https://www.trier.de/plan#karte") == [("https://www.trier.de/plan#karte",) * 2]


def test_record_keys_are_those_of_the_protocol() -> None:
    assert tid(1795392000000000, 0) == "3n2wt5ad22222"
    assert tid(1795392000000000, 7) == "3n2wt5ad2222b"
    assert tid(1795392000000001, 31) == "3n2wt5ad2232z"


def test_the_same_order_has_the_same_key_and_two_of_one_second_have_not() -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    keys = [str(uuid.UUID(int=number)) for number in range(2000)]

    assert record_key(keys[0], moment, 0) == record_key(keys[0], moment, 0)
    assert len({record_key(key, moment, part) for key in keys for part in range(5)}) == 10_000
    assert created_at(moment, 2) == "2026-11-23T12:00:00.002Z"


def test_a_clock_that_jumps_between_two_attempts_makes_no_second_post(bluesky: BlueskyRig) -> None:
    story = Errand(bluesky.platform, bluesky.platform.render(draft()))
    bluesky.lose_the_next_answer()
    story.send()
    story.order = replace(story.order, released_at=story.order.released_at + timedelta(hours=1))
    story.send()

    assert bluesky.timeline() == [story.rendition.text]


def test_another_text_under_the_same_key_never_overwrites_what_is_out(bluesky: BlueskyRig) -> None:
    story, _ = carried_out(bluesky, draft())
    with pytest.raises(Unclear):
        bluesky.platform.send(story.order, replace(story.rendition, text="Anders."), story.keep)

    assert bluesky.timeline() == [story.rendition.text]


class KeptSecrets:
    """The channel's row: what was renewed is there for the next delivery."""

    def __init__(self) -> None:
        self.stored: Mapping[str, str] = {"app_password": PASSWORD}

    def renew(self, channel: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Mapping[str, str]:
        self.stored = change(self.stored)
        return self.stored


def delivered(rig: BlueskyRig, kept: KeptSecrets, **secrets: str) -> Errand:
    """As the core does it: a fresh instance for each delivery, with what the row holds."""
    supplies = replace(rig.platform.supplies, secrets=kept)
    platform = Bluesky(supplies, rig.platform.settings, {**kept.stored, **secrets})
    story = Errand(platform, platform.render(draft()))
    story.carry_out()
    return story


def test_twenty_posts_need_one_login(bluesky: BlueskyRig) -> None:
    kept = KeptSecrets()
    for _ in range(20):
        delivered(bluesky, kept)

    assert len(bluesky.timeline()) == 20
    assert bluesky.standin.state()["calls"]["createSession"] == 1


def test_a_session_that_ends_in_the_middle_of_a_post_is_refreshed_once_and_costs_nothing(bluesky: BlueskyRig) -> None:
    kept = KeptSecrets()
    delivered(bluesky, kept)
    before = dict(kept.stored)
    bluesky.standin.fault("expired")
    story = delivered(bluesky, kept)
    calls = bluesky.standin.state()["calls"]

    assert (calls["createSession"], calls["refreshSession"], story.waits) == (1, 1, [])
    assert kept.stored["refresh_jwt"] != before["refresh_jwt"]


def test_whoever_comes_second_to_refresh_takes_what_the_first_one_got(bluesky: BlueskyRig) -> None:
    kept = KeptSecrets()
    delivered(bluesky, kept)
    old = dict(kept.stored)
    bluesky.standin.fault("expired")
    delivered(bluesky, kept)
    bluesky.standin.fault("expired")
    delivered(bluesky, kept, **old)

    assert bluesky.standin.state()["calls"]["refreshSession"] == 1


def test_a_dead_refresh_token_is_replaced_by_a_login(bluesky: BlueskyRig) -> None:
    kept = KeptSecrets()
    delivered(bluesky, kept)
    kept.stored = {**kept.stored, "access_jwt": "alt", "refresh_jwt": "auch alt"}
    delivered(bluesky, kept)

    assert bluesky.standin.state()["calls"]["createSession"] == 2


def test_a_channel_given_to_another_account_speaks_for_that_one_at_once(bluesky: BlueskyRig) -> None:
    kept = KeptSecrets()
    delivered(bluesky, kept)
    settings = {**bluesky.platform.settings, "handle": DORA}
    supplies = replace(bluesky.platform.supplies, secrets=kept)
    kept.stored = {**kept.stored, "app_password": DORAS_PASSWORD}

    assert Bluesky(supplies, settings, kept.stored).profile().handle == f"@{DORA}"


@pytest.mark.parametrize(("status", "words"), [("takendown", "gesperrt"), ("deactivated", "stillgelegt")])
def test_an_account_that_is_out_of_use_holds_the_channel(bluesky: BlueskyRig, status: str, words: str) -> None:
    bluesky.standin.told("accounts", handle=HANDLE, password=PASSWORD, status=status)
    with pytest.raises(LockedOut, match=words):
        bluesky.platform.send(new_order(), bluesky.platform.render(draft())[0], RecordingKeep())


def test_without_name_and_password_the_channel_says_so(bluesky: BlueskyRig) -> None:
    with pytest.raises(LockedOut, match="noch kein Name"):
        Bluesky(bluesky.platform.supplies, {}, {}).profile()


def test_a_chain_is_one_thread_and_a_reader_reads_all_of_it(bluesky: BlueskyRig) -> None:
    story, placement = carried_out(bluesky, draft(LONG, when_long="chain"))
    parts = [story.rendition.text, *story.rendition.more]
    page = bluesky.standin.page(placement.address.removeprefix(bluesky.standin.origin))

    assert story.rendition.wording == "chain"
    assert " ".join(parts).startswith(LONG.strip())
    assert bluesky.timeline() == parts
    assert all(part in page for part in parts[:2])
    assert {post["reply"]["root"]["uri"] for post in bluesky.standin.posts()[1:]} == {placement.parts[0].id}


def test_a_limit_in_the_middle_of_a_chain_goes_on_where_it_stopped(bluesky: BlueskyRig) -> None:
    bluesky.standin.set(points=4)  # two parts
    story = Errand(bluesky.platform, bluesky.platform.render(draft(LONG, when_long="chain")))
    assert story.send() is None
    assert (len(bluesky.timeline()), 3500 < story.waits[-1] <= 3601) == (2, True)

    bluesky.standin.calm()
    placement = story.send()
    assert placement and len(placement.parts) == 1 + len(story.rendition.more)
    assert bluesky.timeline() == [story.rendition.text, *story.rendition.more]


def test_a_correction_of_what_is_gone_goes_out_alone(bluesky: BlueskyRig) -> None:
    _, gone = carried_out(bluesky, draft())
    bluesky.platform.withdraw(gone)
    story = Errand(bluesky.platform, bluesky.platform.render(draft("Nachtrag.")))
    story.order = replace(story.order, reply_to=gone)
    story.carry_out()

    assert [post.get("reply") for post in bluesky.standin.posts()] == [None]


def test_names_are_looked_up_while_writing_and_the_unknown_stays_plain(bluesky: BlueskyRig) -> None:
    wanted = draft(f"Danke an @{DORA} und @niemand.test.")
    known = bluesky.platform.look_up(wanted)
    carried_out(bluesky, replace(wanted, known=known))
    features = [facet["features"][0] for facet in bluesky.standin.posts()[0]["facets"]]

    assert [*known] == [f"@{DORA}"]
    assert [each["did"] for each in features] == [known[f"@{DORA}"]]


def test_a_shortened_text_brings_a_card_of_the_own_page(bluesky: BlueskyRig) -> None:
    story, _ = carried_out(bluesky, draft(LONG))
    card = bluesky.standin.posts()[0]["embed"]["external"]

    assert (story.rendition.wording, card["uri"]) == ("shortened", story.rendition.page)
    assert card["title"] == "Die Brücke über die Mosel bleibt bis Montag gesperrt."
    assert "Die Brücke über die Mosel bleibt bis Montag gesperrt.</a>" in bluesky.standin.page()


def test_a_refused_picture_may_still_be_the_cards_or_the_card_does_without(bluesky: BlueskyRig) -> None:
    wanted = draft(pictures=(picture("bruecke"),))
    bluesky.refuse_the_next_picture()
    carried_out(bluesky, wanted)
    bluesky.standin.fault("blob_refused", match="upload", count=2)
    carried_out(bluesky, draft(pictures=(picture("karte"),)))
    cards = [post["embed"]["external"] for post in bluesky.standin.posts()]

    assert ["thumb" in card for card in cards] == [True, False]


def test_a_picture_cleared_away_before_it_was_used_is_uploaded_again(bluesky: BlueskyRig) -> None:
    bluesky.standin.fault("blob_lost")
    story, _ = carried_out(bluesky, draft(pictures=(picture("bruecke"),)))

    assert (story.waits, story.rank) == ([0], 0)
    assert bluesky.standin.state()["calls"]["uploadBlob"] == 2


def test_only_the_first_four_pictures_are_shown_and_the_rest_is_linked(bluesky: BlueskyRig) -> None:
    five: tuple[Picture, ...] = (picture("bruecke"),) * 5
    rendition = bluesky.platform.render(draft(pictures=five))[0]

    assert (len(rendition.pictures), rendition.wording) == (4, "linked")
    assert rendition.page in rendition.text


def test_what_readers_do_not_see_yet_is_not_online(bluesky: BlueskyRig) -> None:
    bluesky.standin.set(shown_after=3600)
    _, placement = carried_out(bluesky, draft())
    seen = bluesky.platform.is_online(placement)

    assert (seen.online, seen.sentence) == (False, "Auf Bluesky ist der Beitrag nicht zu sehen.")


def test_without_the_reading_service_the_accounts_server_is_believed(bluesky: BlueskyRig) -> None:
    _, placement = carried_out(bluesky, draft())
    for appview in ("", "http://127.0.0.1:1"):
        platform = Bluesky(
            bluesky.platform.supplies, {**bluesky.platform.settings, "appview": appview}, bluesky.platform.secrets
        )
        assert platform.is_online(placement).online
        assert not platform.is_online(Placement((replace(placement.parts[0], id="at://x/y/3n2wt5ad22222"),))).online


def answer_as_dora(standin: StandIn, post: Mapping[str, Any], text: str, key: str) -> dict[str, Any]:
    session = standin.log_in(DORA, DORAS_PASSWORD)
    ref = {"uri": post["uri"], "cid": post["cid"]}
    root = post.get("root", ref)
    value = {"$type": "app.bsky.feed.post", "text": text, "createdAt": f"2026-11-23T12:00:0{len(key) - 13}.000Z"}
    body = {"repo": session["did"], "collection": "app.bsky.feed.post", "rkey": key[:13]}
    record = body | {"record": value | {"reply": {"root": root, "parent": ref}}}
    name = "com.atproto.repo.createRecord"
    found: dict[str, Any] = standin.call("POST", name, token=session["accessJwt"], json=record).json()
    return found | {"root": root}


def test_what_citizens_answer_is_read_with_its_place_in_the_talk_and_our_own_chain_is_none(bluesky: BlueskyRig) -> None:
    _, placement = carried_out(bluesky, draft(LONG, when_long="chain"))
    params = {"uris": placement.parts[0].id}
    post = bluesky.standin.call("GET", "app.bsky.feed.getPosts", params=params).json()["posts"][0]
    first = answer_as_dora(bluesky.standin, post, "Bis wann?", "3n2wt5ad22223")
    answer_as_dora(bluesky.standin, first, "Und der Bus?", "3n2wt5ad22224+")
    replies = bluesky.platform.replies(placement)

    assert [(reply.author, reply.text) for reply in replies] == [(DORA, "Bis wann?"), (DORA, "Und der Bus?")]
    assert [reply.answers for reply in replies] == [placement.parts[0].id, first["uri"]]
    assert "Bis wann?" in bluesky.standin.page(replies[0].address.removeprefix(bluesky.standin.origin))
    assert {each.name: each.value for each in bluesky.platform.metrics(placement)}["replies"] == 1


def test_the_profile_is_shown_after_connecting(bluesky: BlueskyRig) -> None:
    profile = bluesky.platform.profile()

    assert (profile.name, profile.handle) == ("Stadt Trier", f"@{HANDLE}")
    assert [field.name for field in Bluesky.fields() if field.is_secret] == ["app_password"]


def test_an_order_without_a_beginning_is_not_looked_for(bluesky: BlueskyRig) -> None:
    order = Order("6f1c", datetime.now(UTC))
    assert bluesky.platform.find(order, bluesky.platform.render(draft())[0]) is None
