"""A program writes and releases; whatever is wrong names the field and the remedy, and nothing is half saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.desk.tokens import token_for
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work

GOOD: dict[str, Any] = {"text": "Der Wochenmarkt fällt aus.", "topic": "roadworks"}


@pytest.fixture
def amira(threads: FakePlatform) -> User:
    town.topic()
    return town.amira()


def ask(person: User | None, path: str = "/api/posts", **body: object) -> tuple[int, dict[str, Any]]:
    client = Client(headers={"Authorization": f"Bearer {token_for(person)}"} if person else {})
    answer = client.post(path, body, content_type="application/json") if body else client.get(path)
    return answer.status_code, answer.json()


def test_a_post_is_written_and_released_at_once(amira: User, threads: FakePlatform) -> None:
    status, made = ask(amira, **GOOD)
    assert status == 201
    work()
    assert threads.timeline == ["Der Wochenmarkt fällt aus."]
    _, now = ask(amira, f"/api/posts/{made['address']}")
    assert {each["state"] for each in now["deliveries"]} == {"online"}
    assert all(each["seconds"] is not None for each in now["deliveries"])


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("text", {"text": "  "}),
        ("text", {"text": 5}),
        ("text", {"text": "\u200b\u202e\ufeff"}),
        ("topic", {"topic": "wetter"}),
        ("channels", {"channels": ["myspace"]}),
        ("channels", {"channels": "threads"}),
        ("due_at", {"due_at": "morgen"}),
        ("due_at", {"due_at": "2020-01-01T08:00"}),
        ("due_at", {"due_at": 20290101}),
        ("title", {"title": "Titel"}),
        ("text", {"text": "Der Wochenmarkt\0 fällt aus."}),
        ("text", {"text": "Der Wochenmarkt \ud83d fällt aus."}),
        ("text", {"text": "Der Wochenmarkt fällt aus. " * 1000}),
        ("language", {"language": "klingonisch"}),
        ("language", {"language": ["de"]}),
        ("due_at", {"due_at": "9999-12-31T23:59:59-14:00"}),
        ("due_at", {"due_at": "9998-12-31T08:00"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_saved(amira: User, field: str, wrong: dict[str, Any]) -> None:
    status, answer = ask(amira, **{**GOOD, **wrong})
    assert (status, answer["errors"][0]["field"]) == (422, field)
    assert answer["errors"][0]["remedy"]
    assert not Post.objects.exists()


def test_a_guest_author_cannot_release_by_program_either(amira: User) -> None:
    status, answer = ask(town.bernd(), **GOOD)
    assert status == 403
    assert "Pressestelle" in answer["errors"][0]["remedy"]
    assert not Post.objects.exists()


def test_the_website_goes_along_with_every_choice(amira: User) -> None:
    _, made = ask(amira, **GOOD, channels=["threads-fake"])
    assert [each["channel"] for each in made["deliveries"]] == ["website-fake", "threads-fake"]


def test_a_token_ends_with_the_password(amira: User) -> None:
    old = token_for(amira)
    amira.set_password("neu")
    amira.save()
    answer = Client(headers={"Authorization": f"Bearer {old}"}).get("/api/posts/7k4q2m")
    assert answer.status_code == 401


def test_a_session_needs_its_csrf_token(amira: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amira)
    assert browser.post("/api/posts", GOOD, content_type="application/json").status_code == 401
    assert not Post.objects.exists()


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"text": ' + "[" * 100_000])
def test_broken_json_is_told(amira: User, content: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_for(amira)}"})
    answer = client.post("/api/posts", content, content_type="application/json")
    assert answer.status_code == 422
    assert "JSON" in answer.json()["errors"][0]["remedy"]


def test_too_much_and_another_kind_are_told_as_json(amira: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_for(amira)}"})
    huge = client.post("/api/posts", {**GOOD, "text": "x" * 2_100_000}, content_type="application/json")
    assert (huge.status_code, "2 MB" in huge.json()["errors"][0]["remedy"]) == (422, True)
    form = client.post("/api/posts", GOOD)
    assert (form.status_code, "JSON" in form.json()["errors"][0]["remedy"]) == (422, True)


def test_another_method_is_told_which_one_goes(amira: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_for(amira)}"})
    for answer, allowed in ((client.put("/api/posts"), "POST"), (client.delete("/api/posts/7k4q2m"), "GET, HEAD")):
        assert answer.status_code == 405
        assert answer["Allow"] == allowed
        assert answer.json()["errors"][0]["remedy"].startswith(f"Hier wird mit {allowed[:4].strip(',')}")
