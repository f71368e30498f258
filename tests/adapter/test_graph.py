"""What Meta's platforms share, when Meta says it in an odd way: a next step all the same, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from ausrufer.adapter.errors import TryLater
from ausrufer.adapter.graph import LIMIT_WAIT, number, reads_any, token_of
from ausrufer.adapter.graph_login import GraphLogin
from ausrufer.adapter.http import Answer, Http
from ausrufer.kernel.clock import utc_now

LOGIN = GraphLogin("Instagram", "ig", "", "https://a.example", "https://b.example", "https://c.example")


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "1e999", "null", "[]", "{}", '"x"'])
def test_a_code_that_is_no_number_is_none(value: str) -> None:
    content = f'{{"error": {{"code": {value}, "error_subcode": {value}}}}}'.encode()
    assert reads_any(Answer(400, {}, content, "Facebook", was_act=True)) is None
    assert number(json.loads(value)) == 0


@pytest.mark.parametrize("minutes", [-5, 0, 10**400, 1e300, "bald", None])
def test_a_limit_without_a_readable_end_is_waited_for(minutes: Any) -> None:
    for entries in ([{"estimated_time_to_regain_access": minutes}], []):
        usage = {"x-business-use-case-usage": json.dumps({"1": entries})}
        trouble = reads_any(Answer(429, usage, b"{}", "Facebook", was_act=True))
        assert isinstance(trouble, TryLater)
        assert LIMIT_WAIT <= trouble.seconds <= 86_400


@pytest.mark.parametrize(
    ("seconds", "days"), [(5183944, 59), ("5183944", 59), (1e300, 0), (10**30, 0), (-1, 0), ([], 0), (None, 0)]
)
def test_a_fresh_token_is_kept_whatever_is_said_of_its_end(seconds: Any, days: int) -> None:
    said = {"access_token": "neu", "expires_in": seconds}
    http = Http(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=said)))
    found = LOGIN.renewed(http, {}, {"access_token": "alt"})
    assert found.secrets["access_token"] == "neu"
    assert found.expires_at
    assert (found.expires_at - utc_now()).days == days
    assert token_of(Answer(200, {}, json.dumps(said).encode(), "Instagram", was_act=False))[0] == "neu"
