"""Mass delivery with many connections at once; one bad subscription never stops the rest."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from ausrufer.adapter.http import retry_after
from ausrufer.push.encryption import BadKeys, encrypted
from ausrufer.push.vapid import Vapid

AT_ONCE = 64  # connections to one push service
PATIENCE = aiohttp.ClientTimeout(total=30, sock_connect=5)


@dataclass(frozen=True)
class Letter:
    """What all recipients get."""

    message: bytes
    topic: str
    lives: int  # seconds
    urgent: bool


@dataclass(frozen=True)
class Target:
    recipient: int
    endpoint: str
    p256dh: str
    auth: str


@dataclass
class Outcome:
    sent: list[int] = field(default_factory=list)  # recipients
    gone: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    later: dict[int, float | None] = field(default_factory=dict)  # recipient: seconds, when they were told


class GuardedResolver(AbstractResolver):
    """Endpoints come from anybody: names that lead into the own network are not called, but for allowed origins."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = {f"{parts.hostname}:{parts.port}" for parts in map(urlsplit, allowed)}
        self.inner = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        if f"{host}:{port}" not in self.allowed and not all(ipaddress.ip_address(a["host"]).is_global for a in found):
            raise OSError(f"{host} leads into the own network")
        return found

    async def close(self) -> None:
        await self.inner.close()


def is_callable(endpoint: str, allowed: Iterable[str]) -> bool:
    """A bare address is not resolved, so it is judged here."""
    parts = urlsplit(endpoint)
    try:
        return f"{parts.scheme}://{parts.netloc}" in allowed or ipaddress.ip_address(parts.hostname or "").is_global
    except ValueError:
        return parts.scheme == "https"


async def send(letter: Letter, targets: Sequence[Target], vapid: Vapid, allowed: Sequence[str] = ()) -> Outcome:
    """One attempt for each."""
    outcome = Outcome()
    queue = iter(targets)
    connector = aiohttp.TCPConnector(limit=AT_ONCE * 4, limit_per_host=AT_ONCE, resolver=GuardedResolver(allowed))
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE, trust_env=False) as session:

        async def clerk() -> None:
            for target in queue:
                if is_callable(target.endpoint, allowed):
                    await post(session, letter, target, vapid, outcome)
                else:
                    outcome.failed.append(target.recipient)

        await asyncio.gather(*(clerk() for _ in range(min(AT_ONCE, len(targets)))))
    return outcome


async def post(session: aiohttp.ClientSession, letter: Letter, target: Target, vapid: Vapid, outcome: Outcome) -> None:
    try:
        body = encrypted(letter.message, target.p256dh, target.auth)
        headers = headers_for(letter, vapid.header(target.endpoint, time.time()))
        async with session.post(target.endpoint, data=body, headers=headers, allow_redirects=False) as answer:
            note(outcome, target.recipient, answer.status, answer.headers)
    except BadKeys:
        outcome.failed.append(target.recipient)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        outcome.later[target.recipient] = None  # a repeated push replaces itself: same topic, same tag


def note(outcome: Outcome, recipient: int, status: int, headers: Any) -> None:
    is_page = status == 200 and headers.get("Content-Type", "").startswith("text/html")  # no push service speaks so
    if status in (200, 201, 202, 204) and not is_page:
        outcome.sent.append(recipient)
    elif status in (404, 410):
        outcome.gone.append(recipient)
    elif status < 400 or status == 429 or status >= 500:
        named = {name.lower(): value for name, value in headers.items()}
        outcome.later[recipient] = retry_after(named)
    else:
        outcome.failed.append(recipient)


def headers_for(letter: Letter, authorization: str) -> dict[str, str]:
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(letter.lives),
        "Urgency": "high" if letter.urgent else "normal",
        "Topic": letter.topic,
        "Authorization": authorization,
    }
