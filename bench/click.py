"""From the click to "online": on the own page, and on Threads."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import httpx

from bench.city import City
from bench.figures import Figure, timed
from bench.floors import request, two_calls, written_file

ROUNDS = 40


def measure(city: City) -> list[Figure]:
    pages, threads = [], []
    with httpx.Client() as reader:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            told = city.click()
            pages.append(fetched(reader, told["url"], began))
            seconds = {each["channel"]: each["seconds"] for each in city.settled(told["address"])["deliveries"]}
            threads.append(seconds["threads"])
    folder = city.system.data / "public"
    file, get, calls = written_file(folder), request(city.system.public), two_calls(city.system)
    return [
        timed("click → own page fetched", pages, 0.150, floor=file + get, floor_name="one file synced + one GET"),
        timed("commit → files in place", in_place(city), 0.050, floor=file, floor_name="one file synced"),
        timed("click → seen on Threads stand-in", threads, 1.0, floor=calls, floor_name="the calls alone"),
    ]


def fetched(reader: httpx.Client, address: str, began: float) -> float:
    """Seconds from `began` until a reader gets the page."""
    while reader.get(address).status_code != 200:
        pass
    return time.perf_counter() - began


def in_place(city: City) -> list[float]:
    """Seconds from the end of the release's transaction to the page's file, by the file's own time."""
    sql = """SELECT p.address, r.released_at FROM deliveries_release r JOIN posts_post p ON p.id = r.post_id
             ORDER BY r.id DESC LIMIT %s"""
    found = []
    for address, released_at in city.rows(sql, ROUNDS):
        file = city.system.data / "public" / "b" / address / "index.html.br"
        written = datetime.fromtimestamp(file.stat().st_ctime, UTC)
        found.append((written - released_at).total_seconds())
    return found
