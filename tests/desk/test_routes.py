"""Every address of the desk needs a login, or is public on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

PUBLIC = {"login", "healthz", "subscription", "subscription_link"}
GIVEN = {"address": "7k4q2m", "key": str(uuid4()), "name": "x.jpg"}


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns)
        else:
            yield each


ROUTES = list(routes(get_resolver().url_patterns))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.name))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_sees_nothing(db: None, route: URLPattern, method: str) -> None:
    if route.name in PUBLIC:
        return
    named = {name: GIVEN[name] if name != "key" or "uuid" in str(route.pattern) else "threads" for name in names(route)}
    answer = getattr(Client(), method)(reverse(str(route.name), kwargs=named))
    is_refused = answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith("/anmelden"))
    assert is_refused, f"{route.pattern} answers {answer.status_code}"


def names(route: URLPattern) -> list[str]:
    return list(route.pattern.converters)


@pytest.mark.parametrize("path", ["/anmelden", "/", "/gibt-es-nicht", "/static/desk/desk.js"])
def test_every_answer_forbids_inline_script_and_style(db: None, path: str) -> None:
    policy = Client().get(path)["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
