"""kill -9 of anything at any moment: every released post is online exactly once, and nobody is left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.journeys.killing import CLEARED_UP, EVERY_WAY, kill_the_dispatcher, one_copy_is_online
from tests.system import System, running_system, until

GOES_ON = 2.0  # seconds after the restart for one that waited


@EVERY_WAY
@pytest.mark.parametrize(
    ("moment", "match", "call"),
    [
        ("making the container", "create", "POST /me/threads"),
        ("waiting for the container", "status", "GET /{id}"),
        ("looking", "read", "GET /{id}"),
    ],
)
def test_a_dispatcher_killed_around_the_act_leaves_one_copy(
    city: System, tmp_path: Path, fault: str, moment: str, match: str, call: str
) -> None:
    kill_the_dispatcher(city, tmp_path, fault, moment, match, call)


def is_listed_once(city: System, address: str) -> bool:
    entries = json.loads(city.page(f"{city.public}/feed.json"))["items"]
    return [entry["url"] for entry in entries].count(f"{city.public}/b/{address}") == 1


def test_a_dispatcher_killed_while_it_writes_the_own_page_leaves_one(city: System) -> None:
    text = "Geschrieben wurde, als der Strom ausfiel."
    with (city.data / "public" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # somebody else is writing
        told = city.post(text)
        until(lambda: city.states(told["id"])["website"] == "sending", what="the writer at the door")
        city.kill("dispatcher")
    one_copy_is_online(city, text, told)
    assert is_listed_once(city, told["id"])


def test_a_dispatcher_killed_while_it_looks_at_the_own_page_leaves_one(city: System) -> None:
    text = "Nachgesehen wurde, als der Strom ausfiel."
    stream = city.kill("stream", signal.SIGSTOP)  # it lets nobody read for now
    try:
        told = city.post(text)
        until(lambda: city.states(told["id"])["website"] == "sent", what="a page that nobody sees")
        city.kill("dispatcher")
    finally:
        os.kill(stream, signal.SIGCONT)
    one_copy_is_online(city, text, told)
    assert is_listed_once(city, told["id"])


def test_what_waited_goes_on_within_two_seconds_of_the_restart(city: System) -> None:
    assert city.supervisor
    city.supervisor.send_signal(signal.SIGSTOP)  # so that nobody brings it back before something waits
    try:
        old = city.kill("dispatcher")
        told = city.post("Geschrieben, während der Verteiler tot war.")
        assert set(city.states(told["id"]).values()) == {"waiting"}
    finally:
        city.supervisor.send_signal(signal.SIGCONT)
    until(lambda: city.running()["parts"].get("dispatcher", old) != old, what="another dispatcher")
    began = time.monotonic()
    until(lambda: "waiting" not in city.states(told["id"]).values(), what="both on their way")
    assert time.monotonic() - began < 2 * GOES_ON  # alone: 0.9; the stories run two at a time on two cores
    until(lambda: set(city.states(told["id"]).values()) == {"online"}, what="both online")


@pytest.mark.parametrize("part", ["worker", "web", "stream"])
def test_a_killed_part_comes_back_and_posts_go_on(city: System, part: str) -> None:
    old = city.kill(part)
    told = city.post(f"Beitrag, während {part} neu startet.", "--wait")
    assert {each["state"] for each in told["deliveries"]} == {"online"}
    until(lambda: city.pid(part) != old and city.is_well(), within=30, what=f"{part} again")


def test_a_killed_database_loses_no_acknowledged_release(city: System) -> None:
    first = city.post("Kurz vor dem Ausfall der Datenbank.")
    city.kill("postgres")
    until(city.is_well, within=30, what="a healthy system")
    until(
        lambda: set(city.states(first["id"]).values()) == {"online"}, within=CLEARED_UP, every=0.5, what="both online"
    )
    assert city.timeline().count("Kurz vor dem Ausfall der Datenbank.") == 1


def test_health_tells_the_truth_while_the_database_is_away(city: System) -> None:
    assert city.supervisor
    city.supervisor.send_signal(signal.SIGSTOP)  # so that nobody brings it back
    try:
        city.kill("postgres")
        until(lambda: not city.postgres(), what="the end of the database")
        answer = httpx.get(f"{city.desk}/healthz", timeout=10)
        assert (answer.status_code, answer.json()["well"]) == (503, False)
        assert answer.json()["parts"]["database"] is False
        assert answer.json()["parts"]["public_folder"] is True
    finally:
        city.supervisor.send_signal(signal.SIGCONT)


def test_health_tells_of_a_database_that_hangs_instead_of_hanging_too(city: System) -> None:
    frozen = city.postgres()
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        answer = httpx.get(f"{city.desk}/healthz", timeout=10)
        assert (answer.status_code, answer.json()["parts"]["database"]) == (503, False)
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)


def test_readers_are_served_with_application_and_database_dead(city: System) -> None:
    told = city.post("Bleibt zu lesen, was auch geschieht.", "--wait")
    assert city.supervisor
    city.supervisor.send_signal(signal.SIGSTOP)  # so that nobody brings them back
    try:
        for part in ("web", "dispatcher", "worker", "postgres"):
            city.kill(part)
        assert "Bleibt zu lesen" in city.page(told["url"])
        assert "Bleibt zu lesen" in city.page(city.public)
    finally:
        city.supervisor.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def fragile() -> object:
    """A city of its own, to be killed as a whole."""
    with running_system() as system:
        yield system


def test_a_killed_supervisor_leaves_nobody_behind(fragile: System) -> None:
    assert fragile.supervisor
    fragile.supervisor.kill()
    fragile.supervisor.wait(10)
    until(lambda: not fragile.everybody(), within=15, what="the end of all processes")
    fragile.start()
    assert {each["state"] for each in fragile.post("Nach dem Neustart.", "--wait")["deliveries"]} == {"online"}


def test_everything_killed_at_once_starts_again_and_finishes_what_was_released(fragile: System) -> None:
    text = "Mitten im Senden ging das Licht aus."
    fragile.fault("slow", match="any_act", milliseconds=5000)
    told = fragile.post(text)
    fragile.kill_everything()
    fragile.start()
    until(
        lambda: set(fragile.states(told["id"]).values()) == {"online"}, within=CLEARED_UP, every=0.5, what="both online"
    )
    assert fragile.timeline().count(text) == 1


def test_ctrl_c_stops_all_and_leaves_no_process(fragile: System) -> None:
    assert fragile.stop() == 0
    assert fragile.everybody() == []
    assert "Ausrufer ist beendet." in Path(fragile.data.parent / "terminal.log").read_text()
