"""Whatever somebody typed, nothing of it is markup, and no page falls apart."""

from __future__ import annotations

import re

import pytest

from tests.public.conftest import OwnPages, published

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>. </article></main><h1>Gehackt</h1>",
    "quotes": "\"'><svg onload=alert(1)> und „Anführung“. & &amp; &#60;b&#62;",
    "link": "Siehe https://stadt.example/\"onmouseover=alert(1)//?a=<b>&c='d'. javascript:alert(1)",
    "long word": "Donaudampfschifffahrt" * 60 + ". Ende.",
    "right to left": "مرحبا بكم في ترير. المدينة مفتوحة \u202e gedreht.",
    "only emoji": "👩‍👩‍👧‍👦" * 30,
    "template": "{{ city.name }} {% load static %} {# weg #}. ${7*7}",
    "one line": "\u2028\u2029Zeile\u0085Zeile. \x0b Ende",
    "very long": "Satz ohne Ende " * 600,
}
HARMLESS = ("/", "#", "https://", "mailto:", "tel:")


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_shown_and_does_nothing(pages: OwnPages, kind: str) -> None:
    text = HOSTILE[kind]
    delivery = published(text)
    for path in ("/", f"/b/{delivery.release.post.address}", "/thema/roadworks"):
        page = pages.text(path)
        scripts = re.findall(r"<script[^>]*>", page)
        assert scripts in ([], ['<script src="/live.js" defer>'])
        assert not re.search(r"<[^>]+\son\w+=", re.sub(r'"[^"]*"', '""', page))
        assert page.count("<main") == page.count("</main>") == 1
        assert page.count("<h1") == 1
        leading = re.findall(r'(?:href|src)="([^"]*)"', page)
        assert all(address.startswith(HARMLESS) for address in leading if address), leading


def test_a_link_is_clickable_and_ends_where_the_sentence_does(pages: OwnPages) -> None:
    delivery = published("Mehr unter https://www.trier.de/baustellen?id=7&x=1. Danke.")
    page = pages.text(f"/b/{delivery.release.post.address}")
    link = '<a href="https://www.trier.de/baustellen?id=7&amp;x=1" rel="noopener">trier.de/baustellen?id=7&amp;x=1</a>.'
    assert link in page


def test_another_language_is_named_and_every_paragraph_finds_its_direction(pages: OwnPages) -> None:
    delivery = published("مرحبا بكم في ترير.\n\nالمدينة مفتوحة.", language="ar")
    page = pages.text(f"/b/{delivery.release.post.address}")
    assert '<div lang="ar">' in page
    assert page.count('dir="auto"') == 2


def test_nothing_is_loaded_from_anybody_else_and_nothing_is_inline(pages: OwnPages) -> None:
    published("Mehr unter https://www.trier.de/baustellen. Danke.")
    for file in pages.folder.rglob("*.html"):
        page = file.read_text()
        loaded = re.findall(r"<(?:script|img|link|iframe|source)[^>]*?(?:src|href)=\"([^\"]+)\"", page)
        assert all(address.startswith("/") or 'rel="canonical"' in page for address in loaded)
        assert not re.search(r"<style|\sstyle=|<script(?! src=\"/live.js\")", page), file
        assert "Content-Security-Policy" in page
