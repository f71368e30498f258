"""Who a text mentions is looked up while it is written: nobody waits for it, and what was seen is what goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from ausrufer.adapter import registry
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Release
from ausrufer.people.models import User
from ausrufer.posts.look_ups import look_up
from ausrufer.posts.models import FrozenRendition, Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import entries
from tests.sandbox.playing_bluesky import DORA, HANDLE, PASSWORD, StandIn, playing_bluesky
from tests.system import words_of

Desk = Callable[[User], Client]
TEXT = f"Danke an @{DORA} für das Foto. Und an @niemand.test."


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with playing_bluesky(tmp_path_factory.mktemp("bluesky")) as playing:
        yield playing


@pytest.fixture
def bluesky(website: FakePlatform, standin: StandIn) -> Iterator[Channel]:
    """The real platform at the stand-in."""
    standin.calm(posts=True)
    before = registry.platform("bluesky", {}, {}, {}).supplies
    registry.equip(Supplies(http=Http(allowed_origins=[standin.origin])))
    channel = town.channel("bluesky", position=20)
    channel.settings = dict.fromkeys(("service", "appview", "video", "web"), standin.origin) | {"handle": HANDLE}
    channel.secrets = {"app_password": PASSWORD}
    channel.name = "Bluesky"
    channel.save()
    yield channel
    registry.equip(before)


@pytest.fixture
def draft(bluesky: Channel) -> Post:
    town.topic()
    return town.written("Danke.", by=town.amira())


def worker() -> None:
    """What the worker does with what was given to it so far."""
    for job in ProcrastinateJob.objects.filter(task_name="ausrufer.posts.tasks.look_up").order_by("id"):
        look_up(job.args["channel"], job.args["names"])


def saved(client: Client, post: Post, text: str = TEXT) -> str:
    client.post(f"/beitrag/{post.address}/schreiben", entries(post, text=text))
    return seen(client, post)


def seen(client: Client, post: Post) -> str:
    return words_of(client.get(f"/beitrag/{post.address}/schreiben").content.decode())


def click(client: Client, post: Post) -> None:
    client.post(f"/beitrag/{post.address}/veroeffentlichen", entries(post))


def facets(standin: StandIn) -> list[str]:
    """The clickable words of the only post, as a reader gets them."""
    (post,) = standin.posts()
    text = post["text"].encode()
    places = [each["index"] for each in post.get("facets", [])]
    return [text[each["byteStart"] : each["byteEnd"]].decode() for each in places]


def test_saving_asks_nobody_and_the_preview_says_so(draft: Post, standin: StandIn, at_desk: Desk) -> None:
    standin.fault("blackout")
    page = saved(at_desk(town.amira()), draft)
    assert f"@{DORA} wird nachgeschlagen, bis dahin ohne Link." in page
    assert "@niemand.test wird nachgeschlagen" in page


def test_who_is_found_is_linked_and_who_is_not_stays_plain(draft: Post, standin: StandIn, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    saved(client, draft)
    worker()
    page = saved(client, draft)
    assert f"@{DORA} wird" not in page
    assert "@niemand.test wird nicht verlinkt." in page
    click(client, draft)
    work()
    assert facets(standin) == [f"@{DORA}"]


def test_a_release_waits_for_no_look_up(draft: Post, standin: StandIn, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    saved(client, draft)
    click(client, draft)
    work()
    assert standin.timeline() == [TEXT]
    assert facets(standin) == []


def test_what_was_found_after_the_preview_changes_nothing(draft: Post, standin: StandIn, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    saved(client, draft)
    worker()
    click(client, draft)  # one click is enough: the answer came after what she saw
    assert Release.objects.exists()
    wanted = FrozenRendition.objects.get(channel__key="bluesky", rank=0)
    assert wanted.body["extra"] == {}


def test_what_was_found_is_a_new_revision(draft: Post, at_desk: Desk) -> None:
    """So that nobody approves links that somebody else has not seen."""
    client = at_desk(town.amira())
    saved(client, draft)
    draft.refresh_from_db()
    before = draft.revision
    worker()
    saved(client, draft)
    draft.refresh_from_db()
    assert draft.revision == before + 1


def test_a_platform_out_of_order_leaves_plain_text(draft: Post, standin: StandIn, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    saved(client, draft)
    standin.fault("blackout")
    worker()
    town.let_time_pass(21)
    page = seen(client, draft)
    assert f"@{DORA} wird nicht verlinkt." in page
    standin.calm()
    town.let_time_pass(60)
    saved(client, draft)  # asked once more
    worker()
    assert f"@{DORA} wird" not in saved(client, draft)


def test_a_name_once_found_is_known_to_the_next_draft(draft: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    saved(client, draft)
    worker()
    other = town.written(f"Noch einmal @{DORA}.", by=town.amira())
    assert f"@{DORA} wird" not in seen(client, other)


@pytest.mark.django_db(transaction=True)
def test_the_open_page_learns_it_by_itself(draft: Post, browse: Callable[..., Page]) -> None:
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben")
    page.get_by_label("Text", exact=True).fill(TEXT)
    preview = page.get_by_role("region", name="Bluesky")
    expect(preview).to_contain_text("wird nachgeschlagen")
    worker()
    expect(preview).to_contain_text("@niemand.test wird nicht verlinkt.")
    expect(preview).not_to_contain_text("nachgeschlagen")
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("Vom Klick bis gesehen")).to_be_visible()
