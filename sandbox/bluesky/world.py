"""What exists in the played Bluesky: accounts, sessions, records, blobs, videos in work, and one clock for all."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.bluesky.accounts import (
    ACCESS_LIVES,
    GRACE,
    REFRESH_LIVES,
    Account,
    Limits,
    Token,
    check_not_taken_down,
)
from sandbox.bluesky.errors import BAD_TOKEN, EXPIRED, NO_TOKEN, Refused
from sandbox.bluesky.keys import cid, record_cid, uri_of

POST = "app.bsky.feed.post"


@dataclass
class Record:
    uri: str
    cid: str
    did: str
    value: dict[str, Any]
    indexed_at: float


@dataclass
class Blob:
    cid: str
    mime: str
    content: bytes

    def shown(self) -> dict[str, Any]:
        return {"$type": "blob", "ref": {"$link": self.cid}, "mimeType": self.mime, "size": len(self.content)}


@dataclass
class Job:
    id: str
    did: str
    blob: Blob
    looks: int = 0


@dataclass
class World:
    base: str  # "http://127.0.0.1:8083"
    shift: float = 0.0  # seconds by which a test moved the clock
    limits: Limits = field(default_factory=Limits)
    accounts: dict[str, Account] = field(default_factory=dict)  # by DID
    tokens: dict[str, Token] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)  # by URI, in their order
    blobs: dict[str, Blob] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    arrivals: list[float] = field(default_factory=list)  # of calls in the last minutes
    changed: Callable[[], None] = lambda: None

    def now(self) -> float:
        return time.time() + self.shift

    def add_account(self, handle: str, password: str, name: str = "") -> Account:
        """With a DID that follows from the handle; an account that is there already gets the password."""
        digest = base64.b32encode(hashlib.sha256(handle.encode()).digest()).decode().lower()[:24]
        did = f"did:plc:{digest}"
        account = self.accounts.setdefault(did, Account(did, handle, password, name or handle))
        account.password = password
        self.changed()
        return account

    def account_named(self, identifier: str) -> Account | None:
        return next((each for each in self.accounts.values() if identifier in (each.handle, each.did)), None)

    def open_session(self, account: Account) -> dict[str, Any]:
        access, refresh = (self.new_token(account, kind) for kind in ("access", "refresh"))
        return self.facts(account) | {"accessJwt": access, "refreshJwt": refresh}

    def refresh_session(self, said: str) -> dict[str, Any]:
        """The used one lives on for a while, in case its answer was lost."""
        account = self.account_of(said, "refresh")
        check_not_taken_down(account)
        token = self.tokens[said]
        token.expires = min(token.expires, self.now() + GRACE)
        return self.open_session(account)

    def facts(self, account: Account) -> dict[str, Any]:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.base}
        active = {"active": True} if account.status == "active" else {"active": False, "status": account.status}
        document = {"id": account.did, "alsoKnownAs": [f"at://{account.handle}"], "service": [service]}
        return {"did": account.did, "handle": account.handle, "didDoc": document, **active}

    def new_token(self, account: Account, kind: str, lives: float = 0.0) -> str:
        lives = lives or (REFRESH_LIVES if kind == "refresh" else ACCESS_LIVES)
        said = f"{kind}.{secrets.token_urlsafe(24)}"
        self.tokens[said] = Token(account.did, kind, self.now() + lives)
        self.changed()
        return said

    def account_of(self, said: str, kind: str) -> Account:
        """Raises Refused."""
        if not said:
            raise Refused(*NO_TOKEN)
        token = self.tokens.get(said)
        if token is None or token.kind != kind:
            raise Refused(*BAD_TOKEN)
        if token.expires <= self.now():
            raise Refused(*EXPIRED)
        return self.accounts[token.did]

    def keep_blob(self, content: bytes, mime: str) -> Blob:
        blob = Blob(cid(content), mime, content)
        self.blobs[blob.cid] = blob
        return blob

    def write(self, account: Account, collection: str, key: str, value: dict[str, Any]) -> Record:
        record = Record(uri_of(account.did, collection, key), record_cid(value), account.did, value, self.now())
        self.records[record.uri] = record
        self.changed()
        return record

    def delete(self, uri: str) -> None:
        self.records.pop(uri, None)
        self.changed()

    def shown_posts(self) -> list[Record]:
        """What readers see, oldest first."""
        return [each for each in self.records.values() if self.is_shown(each)]

    def is_shown(self, record: Record) -> bool:
        is_post = f"/{POST}/" in record.uri
        is_indexed = self.now() >= record.indexed_at + self.limits.shown_after
        return is_post and is_indexed and self.accounts[record.did].status == "active"

    def replies_to(self, uri: str) -> list[Record]:
        return [each for each in self.shown_posts() if each.value.get("reply", {}).get("parent", {}).get("uri") == uri]
