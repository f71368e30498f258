"""A month's budget: counted once, stopped when it is used up, and said so before."""

from __future__ import annotations

import pytest

from ausrufer.adapter.errors import Holds, LockedOut, TryLater
from ausrufer.channels.ledger import ChannelLedger, used
from ausrufer.channels.models import Channel, Spending
from ausrufer.deliveries.alarms import budget_alarms
from ausrufer.kernel.database_clock import database_now
from tests import town

pytestmark = pytest.mark.django_db


def paid_channel(**settings: object) -> Channel:
    found = town.channel("x")
    found.settings = settings
    found.save()
    return found


def spend(cents: float, key: str, *, urgent: bool = False) -> None:
    ChannelLedger().spend("x", cents, "Beitrag", key=key, urgent=urgent)


def test_the_same_act_is_counted_once() -> None:
    paid_channel(monthly_budget_cents=100)
    for _ in range(3):
        spend(20, "post-1")

    assert [float(each.cents) for each in Spending.objects.all()] == [20]


def test_what_was_refused_is_given_back_and_may_be_spent_again() -> None:
    paid_channel(monthly_budget_cents=30)
    spend(20, "post-1")
    for _ in range(2):
        ChannelLedger().give_back(key="post-1")
    spend(30, "post-2")

    assert [each.key for each in Spending.objects.all()] == ["post-2"]


def test_without_a_budget_what_costs_money_is_off_and_says_so() -> None:
    paid_channel()
    with pytest.raises(LockedOut, match="X ist aus, solange kein Budget im Monat eingetragen ist"):
        spend(2, "post-1", urgent=True)

    assert not Spending.objects.exists()
    assert budget_alarms() == []


@pytest.mark.parametrize("budget", [0, 1])
def test_taking_down_is_counted_and_never_refused(budget: int) -> None:
    paid_channel(monthly_budget_cents=budget)
    ChannelLedger().spend("x", 5, "Rücknahme", key="delete-1", urgent=True, always=True)

    assert [each.what for each in Spending.objects.all()] == ["Rücknahme"]


def test_over_budget_only_this_delivery_waits_until_the_next_month() -> None:
    paid_channel(monthly_budget_cents=30)
    spend(20, "post-1")
    with pytest.raises(TryLater, match="Budget") as caught:
        spend(20, "post-2")

    assert caught.value.holds == Holds.DELIVERY
    assert 0 < caught.value.seconds <= 31 * 86_400 + 3_600
    assert Spending.objects.count() == 1


def test_a_crisis_may_go_a_fifth_over_where_the_city_says_so() -> None:
    paid_channel(monthly_budget_cents=100, urgent_may_exceed=True)
    spend(100, "post-1")
    spend(20, "post-2", urgent=True)
    with pytest.raises(TryLater):
        spend(1, "post-3", urgent=True)


def test_the_watch_says_when_the_budget_gets_scarce_and_when_it_is_gone() -> None:
    paid_channel(monthly_budget_cents=100)
    spend(79, "post-1")
    assert budget_alarms() == []
    spend(2, "post-2")
    assert [str(each) for each in budget_alarms()] == ["X: 81 % des Budgets dieses Monats sind verbraucht."]
    spend(19, "post-3")
    assert [str(each) for each in budget_alarms()] == ["X: Das Budget dieses Monats ist aufgebraucht."]


def test_what_waited_over_the_end_of_a_month_is_paid_in_the_next() -> None:
    """E.g. its description was too dear for the old one: X is asked, and charges, only now."""
    channel = paid_channel(monthly_budget_cents=100)
    spend(20, "post-1")
    town.let_time_pass(32 * 86_400)
    spend(20, "post-1")
    assert used(channel, database_now()) == 20
    assert [float(each.cents) for each in Spending.objects.all()] == [20]
