"""From the click to "online": on the own page, and on Threads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg

from bench.city import City, wait
from bench.figures import Figure, timed
from bench.floors import request, two_calls, written_file

ROUNDS = 40
ASK_EVERY = 0.003  # seconds
BREATH = 1.6  # seconds in which nobody asks, and the chore that follows a post (the links to its copies) has ended


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
        time.sleep(ASK_EVERY)  # a reader that asks without a breath would take the CPU from those who write
    return time.perf_counter() - began


def in_place(city: City) -> list[float]:
    """Seconds from the commit, told by its notification, until every page, list and feed was written and stored.

    In rounds of their own: a reader that asks again and again would take the CPU from those who write.
    """
    sql = """SELECT extract(epoch FROM d.sent_at)::float FROM deliveries_delivery d
             JOIN deliveries_release r ON r.id = d.release_id JOIN channels_channel c ON c.id = d.channel_id
             JOIN posts_post p ON p.id = r.post_id WHERE c.key = 'website' AND p.address = %s"""
    spent = []
    with psycopg.connect(city.system.running()["database_url"], autocommit=True) as told, ThreadPoolExecutor(1) as ear:
        told.execute("LISTEN ausrufer_deliveries")
        for _ in range(ROUNDS):
            heard = ear.submit(lambda: [time.time() for _ in told.notifies(timeout=5, stop_after=1)])
            address = city.click()["address"]
            wait(BREATH)
            spent.append(city.rows(sql, address)[0][0] - heard.result()[0])
    return spent
