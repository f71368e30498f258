"""In the place of a platform that a channel names and that is no longer there, e.g. one of the city's own."""

from __future__ import annotations

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.contract import Draft, Keep, Order, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import Holds, LockedOut, TryLater

NOT_HERE = "Diese Plattform ist hier nicht eingebaut. Bitte der IT Bescheid geben."


class Missing(Platform):
    """Writing, looking and the desk go on beside it; whatever is for it waits until it is there again."""

    key = "missing"
    name = "nicht eingebaut"
    capabilities = Capabilities()

    def has_access(self) -> bool:
        return False

    def render(self, draft: Draft) -> list[Rendition]:
        return [Rendition(draft.text, language=draft.language, page=draft.page, topic=draft.topic)]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        raise LockedOut(NOT_HERE)

    def is_online(self, placement: Placement) -> Seen:
        raise TryLater(NOT_HERE, seconds=300.0, holds=Holds.READING)
