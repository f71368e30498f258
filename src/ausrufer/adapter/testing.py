"""A fake platform that is told in words how to behave, and fakes of what the house supplies. For tests only."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import httpx

from ausrufer.adapter import registry
from ausrufer.adapter.capabilities import Capabilities, SendsPictures
from ausrufer.adapter.captions import NOT_TAKEN
from ausrufer.adapter.contract import Draft, Keep, Order, Part, Picture, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import Banned, Holds, LockedOut, LostClaim, Rejected, TryLater, Unclear, UnderWay
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import normal

SENDING = (
    "publish",
    "publish without the captions",  # and the receipt says so
    "publish but not answer",  # Unclear, and it is out
    "not answer",  # Unclear, and it is not out
    "ask for patience for N seconds",  # like 429: the channel's writing is held
    "publish a part and ask for patience for N seconds",  # a chain in its middle
    "limit our looks for N seconds",  # before the act: a platform looks at what it prepared
    "process for N seconds",
    "get on for N seconds",  # this delivery waits; progress is handed back
    "be unreachable",
    "refuse the picture",  # nothing is refused when there is none
    "refuse as too long",
    "refuse",
    "lock us out",
    "ban us",
    "crash before publishing",  # any exception a platform's file may raise by mistake
    "crash after publishing",
    "be killed after publishing",  # a BaseException, as when the process ends
    "wait to be let go",  # hangs until `let_go`, then publishes
)
LOOKING = ("online", "not yet", "ask for patience for N seconds", "lock us out", "answer nonsense")
FINDING = ("what is there", "nothing yet", "ask for patience for N seconds", "be unreachable")


class Killed(BaseException):
    """The process ended here."""


@dataclass(frozen=True)
class Published:
    key: str  # of the order
    rendition: Rendition
    part: Part


@dataclass
class FakePlatform:
    """The world behind a fake: one for all instances the core makes of `platform`. Without a script it publishes."""

    key: str
    name: str = ""
    facts: Capabilities = field(
        default_factory=lambda: Capabilities(
            max_text=500, max_pictures=4, sends_pictures=SendsPictures.UPLOAD, can_find=True, can_withdraw=True
        )
    )
    published: list[Published] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)  # ids
    orders: list[Order] = field(default_factory=list)  # as they came, one per call of `send`

    def __post_init__(self) -> None:
        self.name = self.name or self.key.capitalize()
        self._sending: deque[str] = deque()
        self._looking: deque[str] = deque()
        self._finding: deque[str] = deque()
        self._replaced: list[type[Platform]] = []
        self._gate = threading.Event()
        self._busy = threading.Event()
        members = {"key": self.key, "name": self.name, "capabilities": self.facts, "world": self}
        self.platform: type[Platform] = type(self.name, (_Fake,), members)

    def register(self) -> FakePlatform:
        """Takes the place of a real platform with the same key until `unregister`."""
        self._replaced = [each for each in registry.platforms() if each.key == self.key]
        registry.unregister(self.key)
        registry.register(self.platform)
        return self

    def unregister(self) -> None:
        registry.unregister(self.key)
        for real in self._replaced:
            registry.register(real)

    def will(self, *words: str) -> None:
        """What the next calls of `send` meet, one after the other: words of SENDING."""
        self._sending.extend(known(words, SENDING))

    def will_show(self, *words: str) -> None:
        """What the next looks meet: words of LOOKING."""
        self._looking.extend(known(words, LOOKING))

    def will_find(self, *words: str) -> None:
        """What the next searches meet: words of FINDING."""
        self._finding.extend(known(words, FINDING))

    def let_go(self) -> None:
        self._gate.set()

    def is_waiting(self, within: float = 5.0) -> bool:
        """True once a call hangs in "wait to be let go"."""
        return self._busy.wait(within)

    @property
    def timeline(self) -> list[str]:
        """The texts a reader sees, oldest first."""
        return [each.rendition.text for each in self.published if each.part.id not in self.taken_down]

    def take_down(self, part_id: str) -> None:
        """Gone, whoever did it: we, the platform, or a person."""
        self.taken_down.append(part_id)


def known(words: tuple[str, ...], vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for words nobody taught it: a story must not pass because of a typing error."""
    for phrase in words:
        if re.sub(r"\b\d+(\.\d+)?\b", "N", phrase) not in vocabulary:
            raise ValueError(f"{phrase!r} is none of: {'; '.join(vocabulary)}")
    return words


def number_in(phrase: str) -> float:
    found = re.search(r"\d+(\.\d+)?", phrase)
    return float(found.group()) if found else 0.0


class _Fake(Platform):
    world: ClassVar[FakePlatform]

    def render(self, draft: Draft) -> list[Rendition]:
        limit = self.limits.get("max_text", self.capabilities.max_text)
        text, wording = normal(draft.text), "own" if draft.is_variant else "whole"
        if limit is not None and len(text) > limit:
            text, wording = shortened(text, draft.page, limit, len), "shortened"
        facts: dict[str, Any] = {
            "page": draft.page,
            "topic": draft.topic,
            "count": len(text),
            "limit": limit,
            "wording": wording,
        }
        wanted = Rendition(text, draft.language, draft.pictures, draft.videos, **facts)
        plain = shortened(text, draft.page, limit or 100_000, len)
        text_only = replace(wanted, pictures=(), videos=(), text=plain, count=len(plain), wording="text_only")
        half = shortened(text, draft.page, (limit or len(text) + 100) // 2, len)
        short = replace(text_only, text=half, count=len(half), wording="shortened")
        return [wanted, *([text_only] if draft.pictures or draft.videos else []), short]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        self.world.orders.append(order)
        phrase = self.world._sending.popleft() if self.world._sending else "publish"
        self._refuse(phrase, order, rendition)
        keep({**order.so_far, "sent": order.attempt})
        if phrase == "crash before publishing":
            raise RuntimeError("crashed before publishing")
        if phrase == "wait to be let go":
            self.world._busy.set()
            self.world._gate.wait(30)
        if phrase == "not answer":
            raise Unclear("Die Antwort blieb aus.", diagnostic=phrase)
        placement = self._publish(order, rendition)
        if phrase.startswith("publish a part"):
            made = [[part.id, part.address] for part in placement.parts]
            raise TryLater("Das war erst ein Teil.", seconds=number_in(phrase), so_far={"parts": made})
        if phrase == "publish without the captions":
            return replace(placement, note=NOT_TAKEN)
        if phrase == "publish but not answer":
            raise Unclear("Die Antwort blieb aus.", diagnostic=phrase)
        if phrase == "crash after publishing":
            raise RuntimeError("crashed after publishing")
        if phrase == "be killed after publishing":
            raise Killed
        return placement

    def is_online(self, placement: Placement) -> Seen:
        phrase = self.world._looking.popleft() if self.world._looking else "online"
        if phrase.startswith("ask for patience"):
            raise self._patience(phrase, Holds.READING)
        if phrase == "lock us out":
            raise LockedOut(Sentence("{platform} lässt uns nicht mehr hinein.", {"platform": self.name}))
        if phrase == "answer nonsense":
            raise TryLater(Sentence("{platform} antwortet unverständlich.", {"platform": self.name}), seconds=10)
        part = placement.parts[0]
        there = any(each.part.id == part.id for each in self.world.published) and part.id not in self.world.taken_down
        if phrase == "not yet" or not there:
            return Seen(False, sentence="Der Beitrag ist nicht zu sehen.")
        return Seen(True, part.address, confirmed_by=str(self.capabilities.confirms_by))

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        phrase = self.world._finding.popleft() if self.world._finding else "what is there"
        if phrase.startswith("ask for patience"):
            raise self._patience(phrase, Holds.READING)
        if phrase == "be unreachable":
            raise TryLater(Sentence("{platform} ist nicht erreichbar.", {"platform": self.name}), seconds=15)
        if phrase == "nothing yet":
            return None
        found = [each.part for each in self.world.published if each.key == order.key]
        return Placement(tuple(found[:1])) if found else None

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        return Placement(tuple(each.part for each in self.world.published if each.key == order.key))

    def read_limits(self) -> Mapping[str, Any]:
        return {"max_text": self.capabilities.max_text}

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        self.world.orders.append(order)
        self._refuse(self.world._sending.popleft() if self.world._sending else "publish", order, rendition)
        keep(order.so_far)
        self.world.published = [
            replace(each, rendition=rendition) if each.part in placement.parts else each
            for each in self.world.published
        ]
        return placement

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            self.world.take_down(part.id)

    def _refuse(self, phrase: str, order: Order, rendition: Rendition) -> None:
        if phrase.startswith("ask for patience"):
            raise self._patience(phrase, Holds.WRITING)
        if phrase.startswith("limit our looks"):
            raise self._patience(phrase, Holds.READING)
        if phrase.startswith("process"):
            text = Sentence("{platform} verarbeitet den Beitrag noch.", {"platform": self.name})
            raise TryLater(text, seconds=number_in(phrase), so_far={**order.so_far, "container": "c1"})
        if phrase.startswith("get on"):
            raise UnderWay("1 von 2 Mails ist übergeben.", seconds=number_in(phrase))
        if phrase == "be unreachable":
            text = Sentence("{platform} ist nicht erreichbar.", {"platform": self.name})
            raise TryLater(text, seconds=15, holds=Holds.WRITING)
        if phrase == "refuse the picture" and rendition.pictures:
            raise Rejected(Sentence("{platform} nimmt das Bild nicht an.", {"platform": self.name}))
        if phrase == "refuse as too long":
            raise Rejected(Sentence("{platform} findet den Text zu lang.", {"platform": self.name}))
        if phrase == "refuse":
            raise Rejected(Sentence("{platform} nimmt diesen Beitrag nicht an.", {"platform": self.name}))
        if phrase == "lock us out":
            raise LockedOut(Sentence("{platform} lässt uns nicht mehr hinein.", {"platform": self.name}))
        if phrase == "ban us":
            raise Banned("Meta hat das Konto eingeschränkt.")

    def _patience(self, phrase: str, holds: Holds) -> TryLater:
        text = Sentence("{platform} bittet um Geduld.", {"platform": self.name})
        return TryLater(text, seconds=number_in(phrase), holds=holds)

    def _publish(self, order: Order, rendition: Rendition) -> Placement:
        number = len(self.world.published) + 1
        part = Part(f"{self.key}-{number}", f"https://{self.key}.example/{number}")
        self.world.published.append(Published(order.key, rendition, part))
        return Placement((part,))


class RecordingKeep:
    """A Keep that remembers; `lose_claim()` makes the next call raise LostClaim."""

    def __init__(self) -> None:
        self.kept: list[Mapping[str, Any]] = []
        self.lost = False

    def lose_claim(self) -> None:
        self.lost = True

    def __call__(self, so_far: Mapping[str, Any]) -> None:
        if self.lost:
            raise LostClaim
        self.kept.append(dict(so_far))


class FakePages:
    """The own pages in memory; `transport` serves them as the public web server would."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, Rendition]] = {}  # address: (order's key, what it shows)
        self.is_broken = False
        self.transport = httpx.MockTransport(self._serve)

    def put(self, order: Order, rendition: Rendition) -> Placement:
        self._check()
        self.pages[rendition.page] = (order.key, rendition)
        return Placement((Part(order.key, rendition.page),))

    def remove(self, placement: Placement) -> None:
        self._check()
        self.pages.pop(placement.address, None)

    @property
    def timeline(self) -> list[str]:
        return [rendition.text for _, rendition in self.pages.values()]

    def _check(self) -> None:
        if self.is_broken:
            raise TryLater("Die eigenen Seiten lassen sich gerade nicht schreiben.", seconds=5, holds=Holds.WRITING)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) not in self.pages:
            return httpx.Response(404, text="nicht gefunden")
        key, rendition = self.pages[str(request.url)]
        head = f'<!doctype html><meta name="ausrufer-delivery" content="{key}">'
        return httpx.Response(200, html=f"{head}<p>{rendition.text}</p>")


class FakeMedia:
    """Stored pictures, videos and captions in memory."""

    def __init__(self, base: str = "https://stadt.example/media") -> None:
        self.base = base
        self.files: dict[str, bytes] = {}
        self.endings: dict[str, str] = {}
        self.most_read = 0  # bytes at once
        self.copies: dict[str, str | None] = {}  # digest: that of its smaller copy; None when there can be none
        self.asked: list[tuple[str, tuple[int, int]]] = []  # for smaller copies

    def add(self, content: bytes, *, alt: str, width: int, height: int, mime: str = "image/jpeg") -> Picture:
        digest = hashlib.sha256(content).hexdigest()
        self.files[digest], self.endings[digest] = content, "mp4" if mime == "video/mp4" else "jpg"
        return Picture(digest, mime, width, height, len(content), alt)

    def size(self, digest: str) -> int:
        if digest not in self.files:
            raise FileNotFoundError(digest)
        return len(self.files[digest])

    def read(self, digest: str, start: int = 0, length: int = -1) -> bytes:
        size = self.size(digest)
        end = size if length < 0 else start + length
        part = self.files[digest][start:end]
        self.most_read = max(self.most_read, len(part))
        return part

    def public_url(self, digest: str) -> str:
        return f"{self.base}/{digest}.{self.endings.get(digest, 'jpg')}"

    def smaller(self, digest: str, sides: tuple[int, int]) -> str | None:
        """It is being made until a story puts it into `copies`."""
        self.asked.append((digest, sides))
        if digest not in self.copies:
            return None
        if (copy := self.copies[digest]) is None:
            raise Rejected("Das Video lässt sich nicht verkleinern.")
        return copy
