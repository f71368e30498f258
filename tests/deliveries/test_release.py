"""Letting a post go: all of it or nothing, by those who may, and once."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.release import AlreadyReleased, LimitsChanged, release
from ausrufer.people.models import AuditEntry
from ausrufer.posts import compose
from ausrufer.posts.approval import approve
from ausrufer.posts.models import Approval, Post
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed, NotEditable, NotReady
from tests import town


def test_release_receipts_and_audit_entry_come_together(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    assert Delivery.objects.count() == 2  # the website cannot be deselected
    assert AuditEntry.objects.filter(act="released", about=f"post {post.address}").count() == 1


def test_a_rollback_leaves_nothing_behind(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(post, by=town.amira(), revision=post.revision)
        raise RuntimeError("the power fails")
    assert not Release.objects.exists()
    assert not Delivery.objects.exists()
    assert not Approval.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_website_is_always_among_the_channels(own: FakePlatform, threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    post.channels.set(Channel.objects.filter(platform=threads.key))
    publish(post, by=town.amira(), revision=post.revision)
    first = Delivery.objects.order_by("channel__position").first()
    assert first is not None
    assert first.channel.platform == own.key


def test_a_guest_author_cannot_release_alone(threads: FakePlatform) -> None:
    post = town.written(town.ROADWORKS, by=town.bernd())
    with pytest.raises(NotAllowed, match="Pressestelle"):
        publish(post, by=town.bernd(), revision=post.revision)
    publish(post, by=town.amira(), revision=post.revision)  # Amira approves


def test_a_post_edited_after_approval_is_not_what_was_approved(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    approval = approve(post, by=town.amira(), revision=post.revision)
    channels = list(Channel.objects.all())
    compose.save_draft(
        post, by=town.clara(), revision=post.revision, text="Entwarnung.", topic=post.topic, channels=channels
    )
    with pytest.raises(ChangedMeanwhile, match="geändert"):
        release(approval, by=town.amira())
    assert not Delivery.objects.exists()


def test_a_limit_that_shrank_since_approval_is_shown_to_a_person(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    approval = approve(post, by=town.amira(), revision=post.revision)
    Channel.objects.filter(platform=threads.key).update(limits={"max_text": 60})
    with pytest.raises(LimitsChanged, match="Vorschau"):
        release(approval, by=town.amira())


def test_what_lacks_something_says_all_of_it_at_once(threads: FakePlatform) -> None:
    post = compose.start_draft(town.amira())
    with pytest.raises(NotReady) as refused:
        publish(post, by=town.amira(), revision=post.revision)
    assert [problem.field for problem in refused.value.problems] == ["text", "topic"]
    assert not Approval.objects.exists()


def test_a_released_post_is_a_record(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    with pytest.raises(NotEditable):
        compose.save_draft(post, by=town.amira(), revision=post.revision, text="anders", topic=None, channels=[])


def test_an_audit_entry_can_be_neither_changed_nor_deleted(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    for change in (lambda: AuditEntry.objects.update(act="nothing"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_people_releasing_in_the_same_second_make_one_release(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    both = threading.Barrier(2)
    told: list[str] = []

    def click(name: str) -> None:
        who = town.amira() if name == "amira" else town.clara()
        both.wait()
        try:
            publish(Post.objects.get(pk=post.pk), by=who, revision=post.revision)
            told.append("freigegeben")
        except AlreadyReleased as trouble:
            told.append(str(trouble))
        finally:
            connections.close_all()

    town.clara()
    clicks = [threading.Thread(target=click, args=[name]) for name in ("amira", "clara")]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert sorted(told) == ["Dieser Beitrag ist schon freigegeben.", "freigegeben"]
    assert Release.objects.count() == 1
    assert connection.vendor == "postgresql"
