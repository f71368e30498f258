"""German is the source; English is complete, sentences from the engine included."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import gettext, override

import ausrufer
from ausrufer.adapter import registry
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.publish import publish
from ausrufer.desk import platform_words, sentences, troubles
from ausrufer.desk.templatetags.desk import said
from tests import town
from tests.deliveries.conftest import work

SENTENCE = re.compile(r"[A-ZÄÖÜ„{][^\n]* [^\n]*[.?]")
TROUBLES = {"Sentence", "NotAllowed", "NotEditable", "BadPicture", "BadMedia"}


def sentences_of(package: str) -> set[str]:
    """Literal sentences that people at the desk may read."""
    found = set()
    for file in (Path(ausrufer.__file__).parent / package).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TROUBLES and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


@pytest.mark.parametrize("package", ["posts", "media", "desk"])
def test_every_sentence_for_editors_is_in_the_catalogue(package: str) -> None:
    assert sentences_of(package) <= set(sentences.SAID)


def whole_sentences(package: str) -> set[str]:
    """Everything between quotation marks that reads like a sentence, hints of fields and docstrings left out."""
    found = set()
    for file in (Path(ausrufer.__file__).parent / package).rglob("*.py"):
        tree = ast.parse(file.read_text())
        passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            is_hint = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Field"
            if is_hint or (isinstance(node, ast.FunctionDef) and node.name == "fields"):
                passed |= {id(each) for each in ast.walk(node)}
            if isinstance(node, ast.JoinedStr):
                passed |= {id(each) for each in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
                found |= {node.value} if SENTENCE.fullmatch(node.value) else set()
    return found


@pytest.mark.parametrize("package", ["deliveries", "platforms", "public"])
def test_what_is_in_the_way_is_in_the_catalogue(package: str) -> None:
    assert whole_sentences(package) <= {*sentences.SAID, *troubles.TROUBLES}


@pytest.mark.parametrize("german", [*sentences.SAID, *troubles.TROUBLES])
def test_the_engines_words_are_translated(german: str) -> None:
    with override("en"):
        assert gettext(german) != german or german == "online"


def words_of_platforms() -> set[str]:
    """What connecting asks for, and what is counted."""
    fields = [field for platform in registry.platforms() for field in platform.fields()]
    measures = {platform.capabilities.measure for platform in registry.platforms()}
    return {words for field in fields for words in (field.label, field.help) if words} | measures


def test_labels_and_hints_of_every_platform_are_in_the_catalogue() -> None:
    assert words_of_platforms() <= {*platform_words.PLATFORM_WORDS, *sentences.SAID}


@pytest.mark.parametrize("german", platform_words.PLATFORM_WORDS)
def test_labels_and_hints_are_translated(german: str) -> None:
    with override("en"):
        assert gettext(german) != german or german == "Server"


def test_times_inside_words_stay(db: None) -> None:
    with override("en"):
        assert said("bittet um Geduld bis 14:31") == "asks for patience until 14:31"
        assert said("bittet um Geduld bis 26.11. 00:08") == "asks for patience until 26\xa0Nov, 00:08"
        assert said("wartet bis 1.12. 00:08:12") == "waiting until 1\xa0Dec, 00:08:12"
        assert said("ganzer Text, 2 Bilder") == "whole text, 2 pictures"
    with override("de"):
        assert said("bittet um Geduld bis 14:31") == "bittet um Geduld bis 14:31"
        assert said("wartet bis 1.12. 00:08:12") == "wartet bis 1.12. 00:08:12"


def test_an_english_browser_reads_english(threads: FakePlatform) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.amira())
    home = client.get("/").content.decode()
    assert '<html lang="en">' in home
    assert "Nothing is open." in home
    assert "Write a post" in home
    draft = client.get("/schreiben", follow=True).content.decode()
    assert "Publish now" in draft
    assert "The text is missing." in draft
    assert "By hand" in client.get("/kanaele/neu").content.decode()
    account = client.get("/konto").content.decode()
    assert "press office" in account
    assert "Pressestelle" not in account


def test_why_a_post_waits_is_said_in_english_with_its_platform(threads: FakePlatform) -> None:
    threads.will("be unreachable")
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.amira())
    for path in ("/", "/kanaele", f"/beitrag/{post.address}/zustellung"):
        page = client.get(path).content.decode()
        assert "Threads cannot be reached." in page
        assert "erreichbar" not in page
