"""The newsletter: one letter to everybody who reads the topic; the relay's word is all there is to know."""

from __future__ import annotations

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, SendsPictures
from ausrufer.adapter.contract import Draft, Field, Keep, Order, Placement, Platform, Profile, Rendition, Seen
from ausrufer.adapter.errors import LockedOut, TryLater, UnderWay
from ausrufer.adapter.mass import placed
from ausrufer.adapter.supplies import Mailing, Mailings
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import graphemes, normal


class Newsletter(Platform):
    key = "newsletter"
    name = "Newsletter"
    capabilities = Capabilities(
        max_pictures=20,
        sends_pictures=SendsPictures.PAGE,
        confirms_by=ConfirmsBy.ACCEPTED,
        can_find=True,
        has_profile=True,
        usual_delay=0.0,
    )

    def render(self, draft: Draft) -> list[Rendition]:
        text = normal(draft.text)
        return [
            Rendition(
                text=text,
                language=draft.language,
                pictures=draft.pictures,
                videos=draft.videos,
                link=draft.page,
                page=draft.page,
                topic=draft.topic,
                count=len(graphemes(text)),
                wording="own" if draft.is_variant else "whole",
                extra={each.name: value for each in self.fields() if (value := self.settings.get(each.name))},
            )
        ]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        """Opens the mailing, and is called again until every recipient's fate is known."""
        keep(order.so_far)
        mailing = self._mailings.open(order, rendition)
        if mailing.open:
            raise under_way(mailing, seconds=1.0 if order.urgent else 2.0)
        return placed(order, mailing)

    def is_online(self, placement: Placement) -> Seen:
        return Seen(True, placement.address, confirmed_by="accepted")

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """None while it is under way, too: opening it again goes on where it was and sends nothing twice."""
        mailing = self._mailings.look(order.key)
        return placed(order, mailing) if mailing and not mailing.open else None

    def profile(self) -> Profile:
        return self._mailings.profile()

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return (
            Field("name", "Name des Newsletters", "Steht als Absender in jeder Mail.", is_required=False),
            Field("list_id", "Kennung der Liste", "Z. B. newsletter.trier.de; leer: nach dem Absender.", False, False),
            Field("reply_to", "Adresse für Antworten", "Leer: die des Absenders.", False, False, "email"),
        )

    @property
    def _mailings(self) -> Mailings:
        if self.supplies.newsletter is None:
            raise LockedOut("Der Mailversand ist nicht eingerichtet.")
        return self.supplies.newsletter


def under_way(mailing: Mailing, seconds: float) -> TryLater:
    if mailing.trouble:
        return TryLater(mailing.trouble, seconds=seconds)
    values = {"done": str(mailing.total - mailing.open), "total": str(mailing.total)}
    return UnderWay(Sentence("{done} von {total} Mails sind übergeben.", values), seconds=seconds)
