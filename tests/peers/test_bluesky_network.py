"""Bluesky as a whole: what we publish is what its readers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ausrufer.adapter.contract import Placement
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.bluesky import Bluesky
from tests.peers.bluesky_network import Network, bluesky_network
from tests.peers.processes import FaultProxy, fault_proxy
from tests.platforms.errand import Errand, draft
from tests.platforms.rigs import media, picture
from tests.system import until

PUT = "/xrpc/com.atproto.repo.putRecord"


@dataclass
class Reader:
    network: Network
    proxy: FaultProxy
    platform: Bluesky

    def publish(self, text: str, **facts: Any) -> tuple[Errand, Placement]:
        wanted = draft(text, **facts)
        found = replace(wanted, known=self.platform.look_up(wanted))
        story = Errand(self.platform, self.platform.render(found))
        placement = story.carry_out()
        assert story.is_online(placement)
        return story, placement

    def post(self, placement: Placement) -> dict[str, Any]:
        """As the reading service shows it."""
        [found] = self.network.read("app.bsky.feed.getPosts", uris=placement.parts[0].id)["posts"]
        post: dict[str, Any] = found
        return post

    def feed(self) -> list[str]:
        """Newest first."""
        entries = self.network.read("app.bsky.feed.getAuthorFeed", actor=self.network.handle, limit=100)["feed"]
        return [entry["post"]["record"]["text"] for entry in entries]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with bluesky_network(tmp_path_factory.mktemp("network")) as network, fault_proxy(network.pds) as proxy:
        http = Http(allowed_origins=[proxy.origin, network.pds, network.appview])
        settings = {"service": proxy.origin, "appview": network.appview, "video": "", "handle": network.handle}
        platform = Bluesky(Supplies(http, media=media()), settings, {"app_password": network.password})
        yield Reader(network, proxy, platform)


def test_readers_see_the_post_with_its_pictures_and_their_descriptions(reader: Reader) -> None:
    story, placement = reader.publish("Die Römerbrücke ist gesperrt 👨‍👩‍👧.", pictures=(picture("bruecke"),))
    post = reader.post(placement)

    assert post["record"]["text"] == story.rendition.text == reader.feed()[0]
    assert [image["alt"] for image in post["embed"]["images"]] == [picture("bruecke").alt]
    assert reader.platform.is_online(placement).confirmed_by == "api"


def test_an_answer_lost_after_acceptance_leaves_one_copy_in_the_feed(reader: Reader) -> None:
    story = Errand(reader.platform, reader.platform.render(draft()))
    reader.proxy.will("drop_answer", path=PUT)
    assert story.send() is None
    placement = story.carry_out()

    assert story.is_online(placement)
    assert reader.feed().count(story.rendition.text) == 1


def test_whoever_is_mentioned_behind_umlauts_is_told(reader: Reader) -> None:
    _, placement = reader.publish("Größere Übung mit @dora.test heute.")

    def reasons() -> dict[str, str]:
        told = reader.network.as_dora("GET", "app.bsky.notification.listNotifications")["notifications"]
        return {each["uri"]: each["reason"] for each in told}

    until(lambda: reasons().get(placement.parts[0].id) == "mention", what="the mention")


def test_a_chain_is_read_as_one_thread(reader: Reader) -> None:
    story, placement = reader.publish("Die Brücke über die Mosel bleibt gesperrt. " * 16, when_long="chain")
    thread = reader.network.read("app.bsky.feed.getPostThread", uri=placement.parts[0].id, depth=10)["thread"]
    texts = []
    while thread:
        texts.append(thread["post"]["record"]["text"])
        thread = next(iter(thread.get("replies", [])), None)

    assert texts == [story.rendition.text, *story.rendition.more]
    assert reader.platform.replies(placement) == []


def test_a_shortened_post_leads_to_the_own_page_by_a_card(reader: Reader) -> None:
    story, placement = reader.publish("Die Brücke ist gesperrt. " + "Bitte folgen Sie der Umleitung. " * 20)
    card = reader.post(placement)["embed"]["external"]

    assert (card["uri"], card["title"]) == (story.rendition.page, "Die Brücke ist gesperrt.")


def test_what_citizens_answer_and_count_is_read(reader: Reader) -> None:
    _, placement = reader.publish("Wie war die Umleitung?")
    post = reader.post(placement)
    ref = {"uri": post["uri"], "cid": post["cid"]}
    dora = reader.network.read("com.atproto.identity.resolveHandle", handle="dora.test")["did"]
    moment = {"createdAt": "2026-11-23T12:00:00.000Z"}
    reply = moment | {"$type": "app.bsky.feed.post", "text": "Gut!", "reply": {"root": ref, "parent": ref}}
    like = moment | {"$type": "app.bsky.feed.like", "subject": ref}
    for record in (reply, like):
        body = {"repo": dora, "collection": record["$type"], "record": record}
        reader.network.as_dora("POST", "com.atproto.repo.createRecord", json=body)

    def counted() -> dict[str, int]:
        return {metric.name: metric.value for metric in reader.platform.metrics(placement)}

    until(lambda: counted() == {"likes": 1, "replies": 1, "reposts": 0, "quotes": 0}, what="the counts")
    [answer] = reader.platform.replies(placement)
    assert (answer.author, answer.text, answer.answers) == ("dora.test", "Gut!", placement.parts[0].id)


def test_a_withdrawn_post_disappears_for_readers(reader: Reader) -> None:
    story, placement = reader.publish("Das war ein Versehen.")
    reader.platform.withdraw(placement)
    until(lambda: not reader.platform.is_online(placement).online, what="its disappearance")

    assert story.rendition.text not in reader.feed()
    assert (reader.platform.metrics(placement), reader.platform.replies(placement)) == ([], [])


def test_the_profile_is_the_accounts(reader: Reader) -> None:
    assert reader.platform.profile().handle == "@stadt.test"
