"""The one place where HTTP becomes one of the four errors.

`ask` may be repeated: silence is TryLater. `act` may not: silence is Unclear.
Where it broke decides: a connection that never came to be has changed nothing, so both are TryLater.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from ausrufer.adapter import guard
from ausrufer.adapter.errors import Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import writable

MAX_ANSWER = 2_000_000  # bytes; no platform's answer comes near it
DEADLINE = 25.0  # seconds for a whole conversation; every platform's lease is longer
FILM_DEADLINE = 60.0  # seconds for one that carries a film: 300 MB over 40 Mbit/s, 50 MB over 7
UNREACHABLE_WAIT = 15.0  # seconds until the next try
BROKEN_WAIT = 10.0
LIMITED_WAIT = 60.0  # when the platform does not say how long

SECRET = re.compile(r"""(/bot\d+:|(?:_token|client_secret)["']?\s*[=:]\s*["']?)[^\s"'&<>]+""")

Reads = Callable[["Answer"], Trouble | None]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes
    platform: str
    was_act: bool

    def json(self) -> Any:
        """The decoded body. Raises TryLater or Unclear when it is no JSON."""
        try:
            return writable(json.loads(self.content))
        except (ValueError, RecursionError) as error:
            raise self.broken("{platform} antwortet unverständlich.", f"no JSON: {self.excerpt}") from error

    def peek(self) -> dict[str, Any]:
        """The decoded body of an error, {} when it is no JSON object."""
        try:
            body = writable(json.loads(self.content))
        except (ValueError, RecursionError):
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def excerpt(self) -> str:
        """For the log: without the secrets we sent, which error pages and addresses of next pages say back."""
        return f"{self.status} {without_secrets(self.text[:2000])[:200]!r}"

    def broken(self, text: str, diagnostic: str) -> Trouble:
        return broken(self.platform, text, diagnostic, was_act=self.was_act)


def without_secrets(said: str) -> str:
    return SECRET.sub(r"\1…", said)


class Http:
    """One for the whole process: connections are kept, the TLS settings are read once."""

    def __init__(
        self,
        *,
        allowed_origins: Iterable[str] = (),
        transport: httpx.BaseTransport | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self.deadline = deadline
        self.kept = client(transport or guarded_transport(allowed_origins, kept=40), deadline)
        self.fresh = client(transport or guarded_transport(allowed_origins, kept=0), deadline)

    def ask(
        self,
        method: str,
        url: str,
        *,
        platform: str,
        reads: Reads | None = None,
        deadline: float | None = None,
        **request: Any,
    ) -> Answer:
        """A call that may be repeated. Raises TryLater, Rejected or LockedOut.

        A longer `deadline` than usual (seconds) is for films; the platform's `longest_call` has to cover it.
        """
        return self._call(method, url, platform, reads, request, was_act=False, deadline=deadline)

    def act(
        self,
        method: str,
        url: str,
        *,
        platform: str,
        reads: Reads | None = None,
        deadline: float | None = None,
        **request: Any,
    ) -> Answer:
        """A call that must not be repeated blindly. Raises Unclear besides."""
        return self._call(method, url, platform, reads, request, was_act=True, deadline=deadline)

    def _call(
        self,
        method: str,
        url: str,
        platform: str,
        reads: Reads | None,
        request: dict[str, Any],
        *,
        was_act: bool,
        deadline: float | None = None,
    ) -> Answer:
        guard.start_deadline(deadline or self.deadline)
        try:
            answer = self._converse(method, url, platform, request, was_act=was_act)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise unreachable(platform, error) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            text = "Die Adresse von {platform} ist keine gültige Web-Adresse."
            raise wrongly_entered(platform, text, error) from error
        except UnicodeEncodeError as error:
            if error.encoding != "ascii":  # not a header
                raise
            text = "Die Zugangsdaten von {platform} enthalten Zeichen, die es dort nicht gibt."
            raise wrongly_entered(platform, text, error) from error
        except httpx.HTTPError as error:
            raise broken(platform, "Die Antwort von {platform} blieb aus.", repr(error), was_act=was_act) from error
        if answer.status >= 300:
            raise (reads and reads(answer)) or trouble_of(answer)
        return answer

    def _converse(self, method: str, url: str, platform: str, request: dict[str, Any], *, was_act: bool) -> Answer:
        """On a kept connection a server may have hung up: a question is asked again, an act never meets one."""

        def on(connections: httpx.Client) -> Answer:
            if isinstance(body := request.get("content"), io.IOBase):  # httpx itself begins only files of forms anew
                body.seek(0)
            with connections.stream(method, url, **request) as response:
                content = limited(response, platform, was_act=was_act)
            return Answer(response.status_code, response.headers, content, platform, was_act)

        if was_act:
            return on(self.fresh)
        try:
            return on(self.kept)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            return on(self.fresh)


def client(transport: httpx.BaseTransport, deadline: float) -> httpx.Client:
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(deadline, connect=5.0, pool=5.0),
        headers={"User-Agent": "Ausrufer/1 (+https://ausrufer.example)", "Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
    )


def guarded_transport(allowed_origins: Iterable[str], *, kept: int = 40) -> httpx.HTTPTransport:
    """`allowed_origins` are "http://127.0.0.1:8082": addresses in the own network that may be called all the same."""
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_connections=100, max_keepalive_connections=kept))
    pool: httpcore.ConnectionPool = transport._pool  # httpx has no parameter for it
    pool._network_backend = guard.GuardedBackend(host_and_port(origin) for origin in allowed_origins)
    return transport


def host_and_port(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def limited(response: httpx.Response, platform: str, *, was_act: bool) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MAX_ANSWER:
            raise broken(
                platform, "{platform} antwortet mit viel zu vielen Daten.", f"over {MAX_ANSWER} bytes", was_act=was_act
            )
    return bytes(content)


def trouble_of(answer: Answer) -> Trouble:
    """What a status means when the platform's own file does not know better."""
    values = {"platform": answer.platform}
    if answer.status == 429:
        return TryLater(
            Sentence("{platform} bittet um Geduld.", values),
            seconds=retry_after(answer.headers) or LIMITED_WAIT,
            holds=Holds.WRITING,
            diagnostic=answer.excerpt,
        )
    if answer.status in (401, 403):
        return LockedOut(Sentence("{platform} lässt uns nicht mehr hinein.", values), diagnostic=answer.excerpt)
    if answer.status >= 500:
        return answer.broken("{platform} ist gestört.", answer.excerpt)
    if answer.status < 400:
        text = "{platform} leitet auf eine andere Adresse um, der wir nicht folgen."
        return answer.broken(text, f"{answer.excerpt} to {without_secrets(answer.headers.get('location', ''))[:200]!r}")
    return Rejected(Sentence("{platform} nimmt diesen Beitrag nicht an.", values), diagnostic=answer.excerpt)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from Retry-After as seconds or as a date (RFC 9110, 10.2.3); None when it does not say."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - utc_now()).total_seconds())
    except (TypeError, ValueError):
        return None


def wrongly_entered(platform: str, text: str, error: Exception) -> LockedOut:
    """Waiting would not help: a person has to enter something else."""
    return LockedOut(Sentence(text, {"platform": platform}), diagnostic=repr(error))


def unreachable(platform: str, error: Exception) -> Trouble:
    if isinstance(error.__cause__, guard.PrivateAddress) or isinstance(error, guard.PrivateAddress):
        text = "Die Adresse von {platform} führt ins interne Netz und wird nicht aufgerufen."
        return wrongly_entered(platform, text, error)
    return TryLater(
        Sentence("{platform} ist nicht erreichbar.", {"platform": platform}),
        seconds=UNREACHABLE_WAIT,
        holds=Holds.WRITING,
        diagnostic=repr(error),
    )


def broken(platform: str, text: str, diagnostic: str, *, was_act: bool) -> Trouble:
    sentence = Sentence(text, {"platform": platform})
    if was_act:
        return Unclear(sentence, diagnostic=diagnostic)
    return TryLater(sentence, seconds=BROKEN_WAIT, diagnostic=diagnostic)
