"""Bluesky against its own account server, with faults in front of it."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from PIL import Image

from ausrufer.adapter.contract import Captions, Picture, Placement, Rendition, Video
from ausrufer.adapter.errors import LockedOut, TryLater, Unclear
from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakeMedia
from ausrufer.platforms.bluesky import Bluesky
from tests.peers.bluesky_pds import Pds, bluesky_pds
from tests.peers.processes import FaultProxy, fault_proxy
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Mortal, media, picture
from tests.platforms.rigs.bluesky import publishes

PUT = "/xrpc/com.atproto.repo.putRecord"
TEXT = "Größere Übung an der Römerbrücke 👨‍👩‍👧 Plan: https://www.stadt.example/plan?a=1&b=2 #Trier-Nord @dora.test"


@dataclass
class Server:
    pds: Pds
    proxy: FaultProxy
    mortal: Mortal
    stored: FakeMedia

    def connect(self, password: str = "", **settings: str) -> Bluesky:
        nobody_else = {"service": self.proxy.origin, "appview": "", "video": "", "handle": self.pds.handle}
        supplies = Supplies(http=Http(transport=self.mortal), media=self.stored)
        return Bluesky(supplies, nobody_else | settings, {"app_password": password or self.pds.password})

    def copies(self, rendition: Rendition) -> int:
        return sum(post["text"] == rendition.text for post in self.pds.posts())


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with bluesky_pds(tmp_path_factory.mktemp("pds")) as pds, fault_proxy(pds.origin) as proxy:
        yield Server(pds, proxy, Mortal(guarded_transport([proxy.origin, pds.origin]), publishes), media())


@pytest.fixture
def server(started: Server) -> Server:
    started.proxy.calm()
    return started


@pytest.fixture(scope="module")
def platform(started: Server) -> Bluesky:
    """Logs in once for all stories, as a channel does."""
    return started.connect()


def errand(platform: Bluesky, text: str = TEXT, **facts: object) -> Errand:
    wanted = draft(text, **facts)
    return Errand(platform, platform.render(replace(wanted, known=platform.look_up(wanted))))


def shown(server: Server, story: Errand) -> dict[str, Any]:
    [post] = [post for post in server.pds.posts() if post["text"] == story.rendition.text]
    return post


def test_a_post_is_online_with_link_tag_and_mention_where_a_reader_sees_them(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    placement = story.carry_out()
    post, content = shown(server, story), story.rendition.text.encode()
    found = {
        content[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]["$type"]
        for facet in post["facets"]
    }

    assert story.is_online(placement)
    assert {words: kind.partition("#")[2] for words, kind in found.items()} == {
        "https://www.stadt.example/plan?a=1&b=2": "link",
        "#Trier-Nord": "tag",
        "@dora.test": "mention",
    }
    assert post["langs"] == ["de"]


def test_an_answer_lost_after_acceptance_is_found_and_not_repeated(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    server.proxy.will("drop_answer", path=PUT)
    assert story.send() is None
    assert story.unclear

    assert story.is_online(story.carry_out())
    assert server.copies(story.rendition) == 1


def test_ten_minutes_of_patience_are_granted_and_then_it_goes_out_once(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    server.proxy.will("limit", path=PUT, seconds=600)
    assert story.send() is None
    assert story.waits == [600]
    assert server.copies(story.rendition) == 0

    story.waits.clear()
    story.carry_out()
    assert server.copies(story.rendition) == 1


def test_a_late_answer_is_waited_for(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    server.proxy.will("delay", path=PUT, seconds=2)
    assert story.send()

    assert server.copies(story.rendition) == 1


@pytest.mark.parametrize("when", ["before publishing", "after publishing"])
def test_killed_at_any_moment_leaves_one_copy(server: Server, platform: Bluesky, when: str) -> None:
    story = errand(platform)
    story.dies_before_acting = when.startswith("before")
    server.mortal.dies = not story.dies_before_acting
    assert story.send() is None
    assert story.unclear

    assert story.is_online(story.carry_out())
    assert server.copies(story.rendition) == 1


@pytest.mark.parametrize("fault", ["cut", "garbage", "html", "huge", "redirect", "status"])
@pytest.mark.parametrize("forwards", [True, False])
def test_a_lying_answer_leaves_one_copy_whether_or_not_it_was_published(
    server: Server, platform: Bluesky, fault: str, forwards: bool
) -> None:
    story = errand(platform)
    server.proxy.will(fault, path=PUT, forwards=forwards)
    assert story.send() is None
    story.carry_out()

    assert server.copies(story.rendition) == 1


def test_sent_again_without_having_been_found_it_is_still_the_same_post(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    first = story.carry_out()

    assert platform.send(story.order, story.rendition, story.keep) == first
    assert server.copies(story.rendition) == 1


def test_another_text_under_the_same_key_never_overwrites_what_is_out(server: Server, platform: Bluesky) -> None:
    story = errand(platform)
    story.carry_out()
    other = replace(story.rendition, text="Ganz etwas anderes.")
    order = replace(story.order, so_far={"moment": story.order.so_far["moment"]})
    with pytest.raises(Unclear):
        platform.send(order, other, story.keep)

    assert server.copies(story.rendition) == 1
    assert server.copies(other) == 0


def test_a_long_text_becomes_a_thread_whose_middle_may_fail(server: Server, platform: Bluesky) -> None:
    story = errand(platform, "Die Brücke über die Mosel bleibt gesperrt. " * 20, when_long="chain")
    assert len(story.rendition.more) >= 2
    server.proxy.will("drop_answer", path=PUT)
    story.send()
    server.proxy.will("drop_answer", path=PUT)
    placement = story.carry_out()
    posts = {post["text"]: post for post in server.pds.posts()}
    parents = [posts[text]["reply"]["parent"]["uri"] for text in story.rendition.more]
    roots = {posts[text]["reply"]["root"]["uri"] for text in story.rendition.more}

    assert parents == [part.id for part in placement.parts[:-1]]
    assert roots == {placement.parts[0].id}
    assert story.is_online(placement)


def test_a_correction_answers_the_thread_it_corrects(server: Server, platform: Bluesky) -> None:
    first = errand(platform).carry_out()
    second = errand(platform, "Nachtrag: ab 19 Uhr.")
    second.order = replace(second.order, reply_to=first)
    third = errand(platform, "Nachtrag zum Nachtrag: doch ab 18 Uhr.")
    third.order = replace(third.order, reply_to=second.carry_out())
    third.carry_out()
    reply = shown(server, third)["reply"]

    assert reply["root"]["uri"] == first.parts[0].id != reply["parent"]["uri"]


def test_pictures_come_with_description_and_shape_and_can_be_fetched(server: Server, platform: Bluesky) -> None:
    story = errand(platform, pictures=(picture("bruecke"), picture("karte")))
    story.carry_out()
    embed = shown(server, story)["embed"]

    assert [image["alt"] for image in embed["images"]] == [picture("bruecke").alt, picture("karte").alt]
    assert embed["images"][0]["aspectRatio"] == {"width": 1200, "height": 800}
    assert server.pds.blob(embed["images"][0]["image"]["ref"]["$link"]) == server.stored.read(picture("bruecke").digest)


def test_a_video_travels_with_its_subtitles(server: Server, platform: Bluesky) -> None:
    film = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41" + bytes(5000)
    words = b"WEBVTT\n\n00:00.000 --> 00:02.000\nDas Wasser steigt.\n"
    stored = [server.stored.add(content, alt="", width=1, height=1) for content in (film, words)]
    subtitles = Captions(stored[1].digest, "de", len(words))
    video = Video(stored[0].digest, 1280, 720, 2.0, len(film), "Pegel an der Mosel", captions=(subtitles,))
    story = errand(platform, videos=(video,))
    story.carry_out()
    embed = shown(server, story)["embed"]

    assert (embed["alt"], embed["captions"][0]["lang"]) == ("Pegel an der Mosel", "de")
    assert server.pds.blob(embed["captions"][0]["file"]["ref"]["$link"]) == words


def test_a_shortened_text_brings_a_card_of_the_own_page(server: Server, platform: Bluesky) -> None:
    story = errand(platform, "Die Brücke ist gesperrt. " + "Bitte folgen Sie der Umleitung. " * 20)
    story.carry_out()
    embed = shown(server, story)["embed"]

    assert embed["external"]["title"] == "Die Brücke ist gesperrt."
    assert embed["external"]["uri"] == story.rendition.page


def test_what_is_too_long_for_it_is_refused_by_it_and_the_next_rendition_goes_out(
    server: Server, platform: Bluesky
) -> None:
    wanted = platform.render(draft())[0]
    story = Errand(platform, [replace(wanted, text="ä" * 301), wanted])
    story.carry_out()

    assert story.refusals == ["Bluesky findet den Text zu lang."]
    assert server.copies(wanted) == 1


def test_a_chain_refused_in_its_middle_leaves_no_torso(server: Server, platform: Bluesky) -> None:
    wanted = platform.render(draft())[0]
    torso = replace(wanted, text=f"Anfang einer Kette. {wanted.page}", more=("ä" * 301,))
    story = Errand(platform, [torso, wanted])
    story.carry_out()

    assert (server.copies(torso), server.copies(wanted)) == (0, 1)


def test_withdrawing_takes_every_part_down_and_twice_is_harmless(server: Server, platform: Bluesky) -> None:
    story = errand(platform, "Die Brücke über die Mosel ist zu. " * 20, when_long="chain")
    placement = story.carry_out()
    platform.withdraw(placement)
    platform.withdraw(placement)

    assert not platform.is_online(placement).online
    assert not {story.rendition.text, *story.rendition.more} & {post["text"] for post in server.pds.posts()}


def test_a_session_is_kept_and_refreshed_and_replaced_only_when_it_is_dead(server: Server) -> None:
    platform = server.connect()
    platform.profile()
    first = dict(platform._session.secrets)
    tired = Bluesky(platform.supplies, platform.settings, first | {"access_jwt": first["refresh_jwt"]})
    tired.profile()
    dead = Bluesky(platform.supplies, platform.settings, first | {"access_jwt": "x.y.z", "refresh_jwt": "x.y.z"})

    assert dead.profile() == tired.profile() == platform.profile()
    assert tired._session.secrets["refresh_jwt"] != first["refresh_jwt"]


def test_a_wrong_password_holds_the_channel(server: Server) -> None:
    with pytest.raises(LockedOut, match="App-Passwort nicht an"):
        server.connect("falsch").send(new_order(), Rendition("x"), lambda so_far: None)


def test_a_deactivated_account_holds_the_channel(server: Server) -> None:
    dora = server.connect(handle="dora.test")
    story = errand(dora)
    headers = {"Authorization": f"Bearer {dora._session.secrets['access_jwt']}"}
    for call, words in (("deactivateAccount", "stillgelegt"), ("activateAccount", "")):
        address = f"{server.pds.origin}/xrpc/com.atproto.server.{call}"
        httpx.post(address, headers=headers, json={} if words else None, trust_env=False).raise_for_status()
        if words:
            with pytest.raises(LockedOut, match=words):
                story.send()
    story.carry_out()
    assert story.rendition.text.startswith("Größere Übung")


def test_looking_is_held_by_its_own_limit_only(server: Server, platform: Bluesky) -> None:
    placement: Placement = errand(platform).carry_out()
    server.proxy.will("limit", method="GET", path="/xrpc/com.atproto.repo.getRecord", seconds=300)
    with pytest.raises(TryLater) as trouble:
        platform.is_online(placement)

    assert (trouble.value.holds, trouble.value.seconds) == ("reading", 300)


def test_the_profile_names_the_account(platform: Bluesky) -> None:
    profile = platform.profile()

    assert (profile.handle, profile.address) == ("@stadt.test", "https://bsky.app/profile/stadt.test")


def test_a_picture_over_the_limit_is_sent_with_fewer_pixels(server: Server, platform: Bluesky) -> None:
    noise = Image.frombytes("RGB", (1400, 1000), random.Random(1).randbytes(1400 * 1000 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    large: Picture = server.stored.add(out.getvalue(), alt="Rauschen", width=1400, height=1000, mime="image/png")
    story = errand(platform, pictures=(large,))
    story.carry_out()
    embed = shown(server, story)["embed"]

    assert large.size > 2_000_000 >= embed["images"][0]["image"]["size"]
