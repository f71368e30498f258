"""Platforms and disks on a bad day: a clear sentence on the board, a diagnostic in the log, the others unaffected."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.system import System, until

DIAGNOSTIC = """
from ausrufer.deliveries.models import Delivery
print(Delivery.objects.get(release__post__address="{address}", channel__key="website").diagnostic)
"""


def released(city: System, text: str) -> str:
    """Posted, and online on the own pages whatever Threads does."""
    address: str = city.post(text)["id"]
    until(lambda: city.states(address).get("website") == "online", what="the own page")
    return address


def is_online_once(city: System, address: str, text: str) -> bool:
    return city.states(address).get("threads") == "online" and city.timeline().count(text) == 1


@pytest.mark.parametrize(
    ("fault", "sentence", "diagnostic"),
    [
        ("garbage", "Threads antwortet unverständlich.", "no JSON: 200 '<!doctype html>"),
        ("huge", "Threads antwortet mit viel zu vielen Daten.", "over 2000000 bytes"),
        ("redirect", "Threads leitet auf eine andere Adresse um, der wir nicht folgen.", "to 'http://10.0.0.1/'"),
        ("html_502", "Threads ist gestört.", "502 '<html>"),
        ("timeout_after", "Die Antwort von Threads blieb aus.", "RemoteProtocolError"),
    ],
)
def test_an_answer_nobody_can_use_is_looked_into(city: System, fault: str, sentence: str, diagnostic: str) -> None:
    text, before = f"Ein Beitrag am Tag von {fault}.", len(city.log("dispatcher"))
    city.fault("blackout", match="read", count=None)  # looking is impossible for now, so that the board can be read
    city.fault(fault, match="any_act")
    address = released(city, text)
    until(lambda: sentence in city.board(address), what=f"„{sentence}“ on the board")
    assert "unklar: wird nachgesehen" in city.board(address)
    assert diagnostic not in city.board(address)
    said = city.log("dispatcher")[before:].splitlines()
    assert any(f"unclear: {sentence}" in line and diagnostic in line for line in said)
    city.calm()
    until(lambda: city.skip_waiting() and is_online_once(city, address, text), every=0.5, what="one copy online")


def test_a_rate_limit_lets_one_channel_wait_and_costs_no_attempt(city: System) -> None:
    text = "Threads bittet heute um Geduld."
    city.fault("rate_limit", match="any_act", seconds=600)
    address = released(city, text)
    until(lambda: "bittet um Geduld bis" in city.board(address), what="patience on the board")
    assert text not in city.timeline()
    city.skip_waiting()  # ten minutes later
    until(lambda: is_online_once(city, address, text), within=30, every=0.2, what="one copy online")


def test_a_text_refused_as_too_long_is_shortened_as_approved(city: System) -> None:
    text = "Die Stadtwerke erneuern die Wasserleitung in der Südallee. " * 8
    city.fault("too_long", match="any_act")
    told = city.post(text, "--wait")
    assert {each["state"] for each in told["deliveries"]} == {"online"}
    assert told["url"] in city.timeline()[-1]
    assert "gekürzt mit Link" in city.board(told["id"])


def test_an_hour_in_which_threads_hangs_up_costs_nothing_but_the_hour(city: System) -> None:
    text = "Geschrieben in der Stunde ohne Threads."
    city.fault("blackout", match="any", count=None)
    address = released(city, text)
    until(lambda: "Die Antwort von Threads blieb aus." in city.board(address), what="the sentence on the board")
    for _ in range(240):  # as often as it tries in an hour
        city.skip_waiting()
    assert city.states(address)["threads"] in ("waiting", "unclear", "sending")
    city.calm()
    until(lambda: city.skip_waiting() and is_online_once(city, address, text), every=0.5, what="one copy online")


def test_an_hour_in_which_nobody_is_at_threads_is_said_and_costs_nothing_but_the_hour(city: System) -> None:
    text, before = "Geschrieben, als Threads nicht zu erreichen war.", len(city.log("dispatcher"))
    assert city.supervisor
    city.supervisor.send_signal(signal.SIGSTOP)  # so that nobody starts the stand-in again
    try:
        city.kill("standins")
        address = released(city, text)
        until(lambda: "Threads ist nicht erreichbar." in city.board(address), what="the sentence on the board")
        assert "ConnectError" in city.log("dispatcher")[before:]
        for _ in range(240):  # as often as it tries in an hour
            city.skip_waiting()
        assert city.states(address)["threads"] in ("waiting", "sending")
    finally:
        city.supervisor.send_signal(signal.SIGCONT)
    until(city.is_well, within=30, what="everybody")
    until(lambda: city.skip_waiting() and is_online_once(city, address, text), every=0.5, what="one copy online")


def test_an_expired_login_holds_the_channel_and_says_so(city: System) -> None:
    city.fault("token_expired", match="any_act")
    address = released(city, "Die Anmeldung ist abgelaufen.")
    until(lambda: "Zugang fehlt" in city.board(address), what="the words on the board")
    assert any("Threads: Der Zugang fehlt" in alarm for alarm in city.health()["alarms"])
    city.python(
        "from ausrufer.channels.models import Channel; from ausrufer.deliveries.pause import connected;"
        "from ausrufer.people.models import User;"
        "connected(Channel.objects.get(key='threads'), by=User.objects.get(username='amira'))"
    )
    until(lambda: city.states(address)["threads"] == "online", within=30, what="Threads again")


@contextmanager
def a_file_in_the_way(folder: Path) -> Iterator[None]:
    """Nobody can write there, root neither, whose permissions no mode bit limits."""
    aside = folder.with_name("public.aside")
    folder.rename(aside)
    folder.write_text("kein Ordner")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def test_a_public_folder_that_takes_nothing_is_said_and_mended(city: System) -> None:
    folder = city.data / "public"
    with a_file_in_the_way(folder):
        address = city.post("Der öffentliche Ordner fehlt.")["id"]
        until(lambda: city.states(address).get("threads") == "online", what="Threads all the same")
        until(
            lambda: f"{folder} soll der öffentliche Ordner sein, ist aber keiner." in city.board(address),
            what="the sentence",
        )
        assert not city.health()["parts"]["public_folder"]
        assert "NotADirectoryError" in city.log("dispatcher") or "FileExistsError" in city.log("dispatcher")
    until(lambda: city.states(address)["website"] == "online", within=30, what="the own page")
    assert "Der öffentliche Ordner fehlt." in city.page(f"{city.public}/b/{address}")


def test_a_full_disk_is_said_and_what_was_online_stays_whole(city: System) -> None:
    before = city.post("Vor der vollen Platte.", "--wait")
    dispatcher = city.pid("dispatcher")
    limits = resource.prlimit(dispatcher, resource.RLIMIT_FSIZE)
    resource.prlimit(dispatcher, resource.RLIMIT_FSIZE, (1000, limits[1]))  # writing breaks off after 1,000 bytes
    try:
        address = city.post("Während die Platte voll ist.")["id"]
        until(lambda: "ist voll. Bitte Platz schaffen." in city.board(address), what="the sentence")
        assert "File too large" in city.python(DIAGNOSTIC.format(address=address))  # the log lies on the same disk
        assert "Vor der vollen Platte." in city.page(before["url"])
        assert "Vor der vollen Platte." in city.page(city.public)
    finally:
        resource.prlimit(dispatcher, resource.RLIMIT_FSIZE, limits)
    until(lambda: city.states(address)["website"] == "online", within=30, what="the own page")


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_makes_nothing_late_and_no_receipt_lie(city: System, hours: int) -> None:
    city.jump_clock(hours * 3600)
    told = city.post(f"Nach dem Sprung um {hours} Stunde.", "--wait")
    for each in told["deliveries"]:
        assert each["state"] == "online"
        assert each["seconds"] < 30
    until(city.is_well, within=30, what="health on the new clock")
    assert f"the database's clock jumped by {hours * 3600:+} s" in city.log("dispatcher")
