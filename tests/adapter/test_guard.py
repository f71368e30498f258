"""Addresses in the own network are refused, unless a setting names them."""

from __future__ import annotations

import pytest

from ausrufer.adapter.errors import LockedOut, TryLater
from ausrufer.adapter.http import Http
from tests.adapter.local_server import local_server, says


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    with local_server(says("200 OK")) as server:
        with pytest.raises(LockedOut, match="führt ins interne Netz"):
            Http().act("POST", server.origin, platform="Mastodon")

        assert server.requests == []


def test_an_origin_named_by_a_setting_is_called_all_the_same() -> None:
    with local_server(says("200 OK", body=b"{}")) as server:
        answer = Http(allowed_origins=[server.origin]).ask("GET", f"{server.origin}/da", platform="Mastodon")

        assert answer.json() == {}
        assert server.requests == ["GET /da HTTP/1.1"]


def test_allowing_one_port_does_not_open_its_neighbour() -> None:
    with local_server(says("200 OK")) as allowed, local_server(says("200 OK")) as other:
        with pytest.raises(LockedOut, match="führt ins interne Netz"):
            Http(allowed_origins=[allowed.origin]).ask("GET", other.origin, platform="Mastodon")

        assert other.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",  # 127.0.0.1 as one number
        "http://0x7f.1/",
        "http://[fd00::1]/",
        "http://100.64.0.1/",
    ],
)
def test_every_spelling_of_an_inner_address_is_recognised(address: str) -> None:
    with pytest.raises(LockedOut, match="führt ins interne Netz"):
        Http(deadline=2).ask("GET", address, platform="Mastodon")


def test_a_name_that_nobody_knows_is_unreachable() -> None:
    with pytest.raises(TryLater, match="nicht erreichbar"):
        Http(deadline=3).ask("GET", "http://gibt-es-nicht.invalid/", platform="Mastodon")
