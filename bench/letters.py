"""Twenty thousand letters handed over to postfix, against postfix's own source; and a crisis that overtakes them."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.city import City
from bench.figures import median, ms, row
from tests.newsletter.mailbox import mail_server
from tests.peers.postfix import is_possible, postfix
from tests.system import running_system, until

LETTERS = 20_000
CONNECTIONS = 10
ROUNDS = 3
SHARE = 0.9  # of postfix's own rate
BAR = f"≥ {SHARE} × smtp-source"
HANDED_OVER = f"{LETTERS} newsletter mails handed over"
READERS = """
from django.utils import timezone
from ausrufer.channels.models import Channel
from ausrufer.newsletter.models import Standing, Subscriber
now = timezone.now()
Subscriber.objects.bulk_create(Subscriber(address=f"leser{{n}}@post.example", state=Standing.CONFIRMED, consent="1",
    requested_at=now, confirmed_at=now) for n in range({number}))
Channel.objects.create(key="newsletter", platform="newsletter", name="Newsletter", chosen_by_default=False)
"""
LETTER = """
from ausrufer.adapter.contract import Rendition
from ausrufer.kernel.clock import utc_now
from ausrufer.newsletter.letter import Form, compose
from ausrufer.newsletter.mailings import sender
text = "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden an der Wasserleitung."
key = "6f1c6f1c-0000-4000-8000-000000000000"
rendition = Rendition(text, page="https://www.stadt.example/b/7k4q2m", topic="Baustellen")
form = Form(compose(key, rendition, sender(), urgent=False, at=utc_now()), key)
letter = form.filled("leser@post.example", "t" * 24)
print(letter.decode().replace("\\r\\n", "\\n").removesuffix(".\\n"))
"""
COUNT = """SELECT count(*) FROM newsletter_recipient r JOIN newsletter_mailing m ON m.id = r.mailing_id
           WHERE r.state = 'sent' AND m.urgent = %s"""
LAST = "SELECT state FROM newsletter_recipient ORDER BY id DESC LIMIT 1"


def measure(_: City | None = None) -> list[str]:
    """On a system of its own, whose relay is the postfix that is measured just before with the same letter."""
    with relay() as (address, port):
        environment = {"AUSRUFER_SMTP": address, "AUSRUFER_MAIL_FROM": "Stadt <newsletter@stadt.example>"}
        with running_system(environment) as system:
            city = City(system)
            system.python(READERS.format(number=LETTERS))
            city.settled(city.click()["address"])
            letter = system.python(LETTER)
            if not port:
                return [to_a_sink(handed_over(city)), overtaken(city)]
            return [share_of_postfix(city, port, letter), overtaken(city)]


@contextmanager
def relay() -> Iterator[tuple[str, int]]:
    """Its address and port; 0 where postfix is missing and a sink stands for it."""
    if not is_possible():
        with mail_server() as (_, address):
            yield address, 0
        return
    with postfix(BARE="1") as server:
        yield server.address, server.port


def share_of_postfix(city: City, port: int, letter: str) -> str:
    """The median of some rounds, each with postfix's own rate on both sides: machines drift within a minute."""
    own, rates = [own_rate_of(port, letter)], []
    for _ in range(ROUNDS):
        rates.append(handed_over(city))
        own.append(own_rate_of(port, letter))
    shares = [rate / ((before + after) / 2) for rate, before, after in zip(rates, own, own[1:], strict=False)]
    rounds = ", ".join(f"{each:.2f}" for each in shares)
    said = f"{median(shares):.2f} × smtp-source ({median(own):.0f} /s); rounds {rounds}"
    return row(HANDED_OVER, f"{median(rates):.0f} /s", said, BAR, kept=median(shares) >= SHARE)


def to_a_sink(rate: float) -> str:
    return row(HANDED_OVER, f"{rate:.0f} /s", "to a local sink; postfix is not there", BAR, kept=None)


def own_rate_of(port: int, letter: str) -> float:
    """Letters a second that postfix's own `smtp-source` hands over."""
    with tempfile.NamedTemporaryFile("w", prefix="bench-letter-") as file:
        file.write(letter)
        file.flush()
        took(port, 1000, file.name)  # nobody measures a cold start
        return LETTERS / took(port, LETTERS, file.name)


def took(port: int, number: int, letter: str) -> float:
    """Seconds, over as many connections as ours, which stay open as ours do."""
    # -N: a recipient of its own for each, as ours have; postfix remembers only the last address it looked up.
    command = ["smtp-source", "-N", "-d", "-s", str(CONNECTIONS), "-m", str(number), "-F", letter]
    began = time.perf_counter()
    ways = ["-f", "newsletter@stadt.example", "-t", "leser@post.example", f"127.0.0.1:{port}"]
    subprocess.run([*command, *ways], check=True)
    return time.perf_counter() - began


def handed_over(city: City) -> float:
    """Letters a second."""
    earlier = count(city)
    city.click(channels=["newsletter"])
    until(lambda: count(city) > earlier, within=30, every=0.005, what="the first letter")
    began, before = time.perf_counter(), count(city)
    # Counting takes its time from both: the last in the list is looked at until it is gone.
    until(lambda: city.rows(LAST)[0][0] == "sent", within=300, every=0.1, what="the letter to the last in the list")
    until(lambda: count(city) >= earlier + LETTERS, within=60, every=0.03, what="all letters")
    return (earlier + LETTERS - before) / (time.perf_counter() - began)


def overtaken(city: City) -> str:
    earlier = count(city)
    city.click(channels=["newsletter"])
    until(lambda: count(city) >= earlier + 2000, within=60, every=0.05, what="a newsletter that runs")
    began = time.perf_counter()
    city.click(channels=["newsletter"], topic="crisis")
    until(lambda: count(city, urgent=True) > 0, within=60, every=0.01, what="the first crisis mail")
    first = time.perf_counter() - began
    waiting = earlier + LETTERS - count(city)
    until(lambda: count(city, urgent=True) >= LETTERS, within=120, every=0.05, what="all crisis mails")
    last = time.perf_counter() - began
    against = f"{waiting} of the newsletter still waiting; all {LETTERS} after {last:.1f} s"
    name = f"a crisis overtakes a newsletter of {LETTERS}: click to first delivery"
    return row(name, ms(first), against, "≤ 1 s", kept=first <= 1.0)


def count(city: City, *, urgent: bool = False) -> int:
    number: int = city.rows(COUNT, urgent)[0][0]
    return number


if __name__ == "__main__":
    print("\n".join(measure()))
