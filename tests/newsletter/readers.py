"""Readers, orders and what is said about a mailing."""

from __future__ import annotations

import uuid
from dataclasses import replace

from ausrufer.adapter.contract import Order, Rendition
from ausrufer.adapter.supplies import Mailing
from ausrufer.kernel.clock import utc_now
from ausrufer.newsletter import models
from ausrufer.newsletter.mailings import LetterPost, carry_out
from ausrufer.newsletter.models import Standing, Subscriber

PAGE = "https://www.trier.example/b/7k4q2m"
ROADS = Rendition("Die Saarstraße ist gesperrt. Grund: ein Schaden.", page=PAGE, topic="Baustellen")


def reader(address: str, *topics: str, state: Standing = Standing.CONFIRMED) -> Subscriber:
    now = utc_now()
    return Subscriber.objects.create(
        address=address, topics=list(topics), state=state, consent="1", requested_at=now, confirmed_at=now
    )


def readers(number: int) -> list[str]:
    return [reader(f"leser{each}@post.example").address for each in range(number)]


def order(topic: str = "roadworks", *, urgent: bool = False) -> Order:
    return Order(str(uuid.uuid4()), utc_now(), urgent=urgent, topic=topic)


def opened(one: Order, rendition: Rendition = ROADS) -> models.Mailing:
    LetterPost().open(one, rendition)
    return models.Mailing.objects.get(key=one.key)


def sent(one: Order, rendition: Rendition = ROADS) -> Mailing:
    """Opened, carried out once, and how far it is."""
    carry_out(opened(one, rendition).pk)
    return standing(one)


def standing(one: Order) -> Mailing:
    found = LetterPost().look(one.key)
    assert found
    return replace(found, address="")
