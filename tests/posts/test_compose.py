"""Writing a draft: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ausrufer.channels.models import Channel
from ausrufer.posts import compose, pictures
from ausrufer.posts.models import Post, Topic
from ausrufer.posts.page import written_on
from ausrufer.posts.render import renditions
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed
from tests import town


def save(post: Post, text: str, **more: object) -> Post:
    fields: dict[str, object] = {"by": town.amira(), "topic": town.topic(), "channels": Channel.objects.all()}
    return compose.save_draft(post, revision=post.revision, text=text, **{**fields, **more})  # type: ignore[arg-type]


def test_a_change_raises_the_revision_and_saving_the_same_does_not() -> None:
    post = save(compose.start_draft(town.amira()), "Text")
    assert post.revision == 2
    assert save(post, "Text").revision == 2
    assert save(post, "Text", variants={"own": "Eigene Worte"}).revision == 3


def test_two_editors_do_not_overwrite_each_other() -> None:
    post = compose.start_draft(town.amira())
    save(post, "Amiras Fassung")
    with pytest.raises(ChangedMeanwhile):
        save(post, "Claras Fassung", by=town.clara())
    post.refresh_from_db()
    assert post.text == "Amiras Fassung"


def test_what_a_page_changed_itself_meanwhile_is_no_conflict_for_it() -> None:
    post = compose.start_draft(town.amira())
    with written_on("amiras page"):
        save(post, "Die Brücke")
        pictures.touch(Post.objects.get(pk=post.pk))  # her picture has arrived
        save(post, "Die Brücke ist gesperrt")  # sent before the page heard of either

    post.refresh_from_db()
    assert (post.text, post.revision) == ("Die Brücke ist gesperrt", 4)


def test_what_another_page_changed_in_between_stays_a_conflict() -> None:
    post = compose.start_draft(town.amira())
    with written_on("amiras page"):
        save(post, "Amiras Fassung")
    with written_on("claras page"):
        save(Post.objects.get(pk=post.pk), "Claras Fassung", by=town.clara())
        with pytest.raises(ChangedMeanwhile):
            save(post, "Was Clara nicht las")
    with written_on("amiras page"), pytest.raises(ChangedMeanwhile):
        save(post, "Amiras neue Fassung")
    with pytest.raises(ChangedMeanwhile):
        save(post, "Von einer Seite, die niemand kennt")

    post.refresh_from_db()
    assert post.text == "Claras Fassung"


def test_a_picture_that_was_long_in_coming_does_not_hide_what_another_page_wrote_meanwhile() -> None:
    post = compose.start_draft(town.amira())
    with written_on("amiras page"):
        seen = save(post, "Amiras Fassung")
    as_it_began = Post.objects.get(pk=post.pk)
    with written_on("claras page"):
        save(as_it_began, "Claras Berichtigung", by=town.clara())
    file = io.BytesIO()
    Image.new("RGB", (120, 80), "navy").save(file, "JPEG")
    file.seek(0)
    with written_on("amiras page"):
        pictures.attach(as_it_began, file=file, name="karte.jpg", by=town.amira())
        with pytest.raises(ChangedMeanwhile):
            save(seen, "Amiras Fassung, ohne Claras zu kennen")

    post.refresh_from_db()
    assert post.text == "Claras Berichtigung"


def test_a_guest_author_changes_his_own_drafts_only() -> None:
    post = compose.start_draft(town.amira())
    with pytest.raises(NotAllowed):
        save(post, "Von Bernd", by=town.bernd())
    save(compose.start_draft(town.bernd()), "Von Bernd", by=town.bernd())


def test_who_looks_after_the_machine_writes_no_posts() -> None:
    with pytest.raises(NotAllowed):
        compose.start_draft(town.emil())


def test_a_crisis_topic_makes_the_post_urgent() -> None:
    crisis: Topic = town.crisis()
    assert save(compose.start_draft(town.amira()), town.STORM, topic=crisis).urgent


def test_letters_typed_on_a_mac_are_the_same_letters() -> None:
    post = save(compose.start_draft(town.amira()), "Su\u0308dallee\r\n")
    assert post.text == "Südallee"


def test_an_own_wording_is_what_its_channel_shows() -> None:
    post = save(compose.start_draft(town.amira()), "Für alle", variants={"own": "Für die Website"})
    [shown] = renditions(post)
    assert (shown.wanted.text, shown.wanted.wording) == ("Für die Website", "own")
    post = save(post, "Für alle", variants={"own": " "})
    assert renditions(post)[0].wanted.text == "Für alle"
