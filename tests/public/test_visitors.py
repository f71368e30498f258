"""One address cannot take all places, and nobody is counted for somebody else."""

from __future__ import annotations

import pytest

from ausrufer.public.stream.visitors import MOST, Visitors

DORA = "198.51.100.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "name"),
    [
        (DORA, "", DORA),
        (DORA, "192.0.2.1", DORA),  # she may write what she likes
        ("127.0.0.1", DORA, DORA),
        ("127.0.0.1", f"192.0.2.1, {DORA}", DORA),  # only what our proxy wrote counts
        ("::1", f"{DORA}:51234", DORA),
        ("10.1.0.4", f"{DORA}, 10.1.0.9", DORA),  # two proxies
        ("10.9.0.1", "192.0.2.1", "10.9.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("127.0.0.1", "[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "", DORA),
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "unknown", ""),
    ],
)
def test_who_is_counted(peer: str, forwarded: str, name: str) -> None:
    assert Visitors(["10.1.0.0/24"]).name(peer, forwarded.encode()) == name


def test_a_place_that_is_left_is_free_again() -> None:
    visitors = Visitors(most=2)
    assert [visitors.let_in(DORA) for _ in range(3)] == [True, True, False]
    assert visitors.let_in("192.0.2.1")
    visitors.leave(DORA)
    assert visitors.let_in(DORA)


def test_nobody_is_remembered() -> None:
    visitors = Visitors()
    visitors.let_in(DORA)
    visitors.leave(DORA)
    assert not visitors.open


def test_this_machine_may_have_as_many_as_it_wants() -> None:
    visitors = Visitors()
    assert all(visitors.let_in("") for _ in range(2 * MOST))
