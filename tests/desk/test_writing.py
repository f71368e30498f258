"""Writing once: the draft saves itself, counts in each platform's measure, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.desk.conftest import entries

Desk = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def url(post: Post, what: str = "schreiben") -> str:
    return f"/beitrag/{post.address}/{what}"


def saved(client: Client, post: Post, **changes: object) -> str:
    return client.post(url(post), entries(post, **changes), headers=HTMX).content.decode()


def test_opening_the_page_twice_leaves_one_empty_draft(threads: FakePlatform, at_desk: Desk) -> None:
    desk = at_desk(town.amira())
    assert desk.get("/schreiben")["Location"] == desk.get("/schreiben")["Location"]
    assert Post.objects.count() == 1


def test_a_draft_saves_itself_and_says_when(draft: Post, at_desk: Desk) -> None:
    said = saved(at_desk(town.amira()), draft, text="Der Wochenmarkt fällt aus.")
    draft.refresh_from_db()
    assert draft.text == "Der Wochenmarkt fällt aus."
    assert f"Entwurf gesichert um {local(draft.changed_at):%H:%M:%S}" in said


def test_the_counter_is_what_will_be_sent(draft: Post, at_desk: Desk) -> None:
    said = saved(at_desk(town.amira()), draft, text="x" * 77)
    assert "77 von 500" in said


def test_what_is_too_long_is_shortened_in_front_of_her_eyes(draft: Post, at_desk: Desk) -> None:
    said = saved(at_desk(town.amira()), draft, text="Ein Satz ist das. " * 60)
    assert "zu lang: wird gekürzt mit Link" in said
    assert "Threads erscheint gekürzt mit Link." in said


def test_a_crisis_bears_its_sign_where_the_page_will(draft: Post, at_desk: Desk) -> None:
    sign = 'lang="de"><svg class="shape shape--triangle"'
    assert sign not in saved(at_desk(town.amira()), draft)
    assert saved(at_desk(town.amira()), draft, topic=town.crisis().pk).count(sign) == 1


def test_a_wording_of_its_own_for_one_channel(draft: Post, at_desk: Desk) -> None:
    key = Channel.objects.get(name="Threads").key
    said = saved(at_desk(town.amira()), draft, **{f"variant-{key}": "Saarstraße zu."})
    assert "eigene Fassung, 14 von 500" in said
    assert "ausgeschildert" not in said


def test_all_fallbacks_stand_below_the_preview(draft: Post, at_desk: Desk) -> None:
    page = at_desk(town.amira()).get(url(draft)).content.decode()
    assert "Wenn Threads den Text zu lang findet: gekürzt mit Link" in page


def test_the_website_cannot_be_deselected(draft: Post, at_desk: Desk) -> None:
    said = saved(at_desk(town.amira()), draft, channels=[])
    assert "Nur auf: Website." in said
    assert draft.channels.filter(name="Website").exists()


def test_a_time_is_said_before_the_button(draft: Post, at_desk: Desk) -> None:
    due = local(database_now()) + timedelta(minutes=1)
    said = saved(at_desk(town.amira()), draft, when="at", due_at=f"{due:%Y-%m-%dT%H:%M}")
    draft.refresh_from_db()
    assert draft.due_at is not None
    assert f"{due:%H:%M} veröffentlichen" in said


def test_another_day_is_said_as_a_person_would(draft: Post, at_desk: Desk) -> None:
    year = local(database_now()).year + 1
    said = saved(at_desk(town.amira()), draft, when="at", due_at=f"{year}-11-30T15:00")
    assert f"Am 30.\u00a0November {year} um 15:00 veröffentlichen" in said
    assert f"Am 30.\u00a0November {year} um 15:00: Erst Website, dann Threads." in said


def test_an_older_draft_says_on_which_day_it_was_saved(draft: Post, at_desk: Desk) -> None:
    Post.objects.filter(pk=draft.pk).update(changed_at=datetime(2020, 3, 2, 8, tzinfo=UTC))
    page = at_desk(town.amira()).get(f"/beitrag/{draft.address}/schreiben").content.decode()
    assert "Entwurf gesichert am 2.\u00a0März 2020 um 09:00:00" in page


@pytest.mark.parametrize("typed", ["", "übermorgen", "2020-01-01T08:00"])
def test_a_time_that_cannot_be_is_named_and_the_rest_is_saved(draft: Post, at_desk: Desk, typed: str) -> None:
    said = saved(at_desk(town.amira()), draft, text="Neuer Text.", when="at", due_at=typed)
    draft.refresh_from_db()
    assert draft.text == "Neuer Text."
    assert draft.due_at is None
    assert "Vorher fehlt noch:" in said


def test_somebody_elses_change_is_told_and_nothing_is_lost(draft: Post, at_desk: Desk) -> None:
    typed = entries(draft, text="Amiras Satz.")
    saved(at_desk(town.clara()), draft, text="Claras Satz.")
    amira = at_desk(town.amira())
    page = amira.post(url(draft), typed).content.decode()
    assert "Jemand anderes hat diesen Beitrag um" in page
    assert "Amiras Satz." in page  # still in the field
    assert "Claras Satz." in page  # to read beside it
    draft.refresh_from_db()
    assert draft.text == "Claras Satz."
    amira.post(url(draft), {**typed, "overwrite": draft.revision})
    draft.refresh_from_db()
    assert draft.text == "Amiras Satz."


def test_an_answer_lost_on_the_way_is_no_conflict_with_oneself(draft: Post, at_desk: Desk) -> None:
    amira, first = at_desk(town.amira()), entries(draft, page="p1")
    amira.post(url(draft), {**first, "text": "Erster Stand."}, headers=HTMX)  # the browser never saw the answer
    said = amira.post(url(draft), {**first, "text": "Zweiter Stand."}, headers=HTMX).content.decode()
    assert "Jemand anderes" not in said
    draft.refresh_from_db()
    assert draft.text == "Zweiter Stand."


def test_a_released_post_is_no_draft_any_more(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    amira.post(url(draft, "veroeffentlichen"), entries(draft))
    assert amira.get(url(draft))["Location"] == url(draft, "zustellung")
    assert amira.post(url(draft), entries(draft, text="Zu spät."))["Location"] == url(draft, "zustellung")


def test_bernd_does_not_see_other_peoples_drafts(draft: Post, at_desk: Desk) -> None:
    answer = at_desk(town.bernd()).get(url(draft))
    assert answer.status_code == 403
    assert "nur die Pressestelle und wer ihn geschrieben hat" in answer.content.decode()


def test_emil_writes_nothing(threads: FakePlatform, at_desk: Desk) -> None:
    assert at_desk(town.emil()).get("/schreiben").status_code == 403


def test_what_is_longer_than_can_be_kept_is_named_and_not_cut(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written("Kurz.", by=town.amira())
    client = at_desk(town.amira())
    entries = {"revision": post.revision, "text": "Kurz.", "variant-threads-fake": "x" * 20_001}
    page = client.post(f"/beitrag/{post.address}/schreiben", entries)
    assert "Die eigene Fassung ist länger als 20.000 Zeichen und wurde nicht gesichert." in page.content.decode()
    assert not post.variants.exists()
