"""Which posts a reader may see: those the own pages have taken."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Greatest, TruncMonth

from ausrufer.adapter import registry
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State
from ausrufer.public.manifest import Listing

UNDER_WAY = (State.SENDING, State.WAITING, State.UNCLEAR)


def own_deliveries() -> QuerySet[Delivery]:
    """To the own channel, newest first, joined with what a page needs."""
    rows = Delivery.objects.filter(channel__platform__in=registry.own_keys(), act=Act.PUBLISH)
    # PostgreSQL's GREATEST passes over what is NULL, so a post without a due time begins at its click.
    begins = Greatest("release__clicked_at", "release__due_at")
    return rows.select_related("release__post__topic").annotate(starts_at=begins).order_by("-starts_at", "-id")


def shown(listing: Listing, *, also: str = "", without: str = "") -> QuerySet[Delivery]:
    """What was accepted; what is under way if its page lies there; and the one with key `also`, just being written.

    A delivery whose page is not there yet would be a dead link, one whose page is there must not drop out of the
    lists because its row is still on the way to "sent".
    """
    begun = own_deliveries().filter(state__in=UNDER_WAY, placement=None, started_at__isnull=False)
    written = [
        key for key, address in begun.values_list("pk", "release__post__address") if page_name(address) in listing
    ]
    accepted = Q(placement__isnull=False) & ~Q(state=State.WITHDRAWN)
    rows = own_deliveries().filter(accepted | Q(pk__in=written) | (Q(key=also) if also else Q(pk=None)))
    return rows.exclude(key=without) if without else rows


def page_name(address: str) -> str:
    return f"b/{address}/index.html"


def counts_by_topic(rows: QuerySet[Delivery]) -> dict[int, int]:
    """{topic: posts}; posts without a topic are nobody's."""
    found = rows.order_by().values(topic=F("release__post__topic")).annotate(number=Count("id"))
    return {each["topic"]: each["number"] for each in found if each["topic"]}


def counts_by_month(rows: QuerySet[Delivery]) -> dict[str, int]:
    """{"2026-11": posts}, newest first, by the calendar on the town hall's wall."""
    found = rows.order_by().values(month=TruncMonth("starts_at")).annotate(number=Count("id")).order_by("-month")
    return {f"{each['month']:%Y-%m}": each["number"] for each in found}


def of_month(rows: QuerySet[Delivery], month: str) -> QuerySet[Delivery]:
    year, number = map(int, month.split("-"))
    inside = {"starts_at__year": year, "starts_at__month": number}
    return rows.filter(**inside)
