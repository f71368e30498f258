"""The smallest possible core: carries one order out at one platform and obeys the four errors."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ausrufer.adapter.contract import Draft, Order, Placement, Platform, Rendition
from ausrufer.adapter.errors import Rejected, TryLater, Unclear
from ausrufer.kernel.clock import utc_now
from tests.platforms.rigs import Killed

SOON = 10.0  # seconds; whoever asks for more patience wants us to come back another day


def draft(text: str = "Die Brücke ist gesperrt.", **facts: Any) -> Draft:
    """With an address and words of its own, so that stories on one timeline do not meet."""
    mark = uuid.uuid4().hex[:6]
    return Draft(**{"text": f"{text} ({mark})", "page": f"https://www.stadt.example/b/{mark}"} | facts)


def new_order() -> Order:
    return Order(key=str(uuid.uuid4()), released_at=utc_now())


@dataclass
class Errand:
    platform: Platform
    renditions: list[Rendition]
    order: Order = field(default_factory=new_order)
    rank: int = 0
    unclear: bool = False
    waits: list[float] = field(default_factory=list)  # seconds the platform asked for
    refusals: list[str] = field(default_factory=list)
    dies_before_acting: bool = False

    @property
    def rendition(self) -> Rendition:
        return self.renditions[self.rank]

    def keep(self, so_far: Mapping[str, Any]) -> None:
        self.order = replace(self.order, so_far=dict(so_far))
        if self.dies_before_acting:
            self.dies_before_acting = False
            raise Killed

    def send(self) -> Placement | None:
        """One attempt. None: there was trouble, noted above."""
        try:
            return self.platform.send(self.order, self.rendition, self.keep)
        except Killed:
            self.unclear = True
        except (TryLater, Rejected, Unclear) as trouble:
            if trouble.so_far is not None:
                self.order = replace(self.order, so_far=dict(trouble.so_far))
            self.note(trouble)
        return None

    def note(self, trouble: TryLater | Rejected | Unclear) -> None:
        self.unclear = isinstance(trouble, Unclear)
        if isinstance(trouble, TryLater):
            self.waits.append(trouble.seconds)
        if isinstance(trouble, Rejected):
            self.refusals.append(str(trouble.sentence))
            self.order = replace(self.order, so_far=dict(trouble.so_far or {}))
            self.rank += 1

    def find(self) -> Placement | None:
        """Looks twice, the second time after the platform's usual delay."""
        found = self.platform.find(self.order, self.rendition)
        if not found:
            time.sleep(self.platform.capabilities.usual_delay)
            found = self.platform.find(self.order, self.rendition)
        self.unclear = False
        return found

    def carry_out(self, within: float = 20.0) -> Placement:
        """Until it is placed. Raises AssertionError when it is not in time."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            placement = self.find() if self.unclear else self.send()
            if placement:
                return placement
            assert not self.waits or self.waits[-1] <= SOON, f"asked to wait {self.waits[-1]} s"
            time.sleep(0.05)
        raise AssertionError(f"not placed within {within} s: {self}")

    def is_online(self, placement: Placement, within: float = 10.0) -> bool:
        """Looks until it is seen."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if self.platform.is_online(placement).online:
                return True
            time.sleep(0.05)
        return False
