"""One post to twenty slow channels, and two hundred posts at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from bench.city import City
from bench.figures import ms, row
from tests.system import until

CHANNELS = 20
SLOWNESS = 300  # milliseconds of every answer
POSTS = 200


def measure(city: City) -> list[str]:
    return [*twenty_channels(city), *two_hundred_posts(city)]


def twenty_channels(city: City) -> list[str]:
    keys = add_channels(city)
    httpx.post(
        f"{city.system.standin}/_sim/faults",
        json={"fault": "slow", "match": "any", "count": None, "milliseconds": SLOWNESS},
    ).raise_for_status()
    alone = slowest(city, keys[:1])
    before = city.cpu("dispatcher")
    together = slowest(city, keys)
    cpu = (city.cpu("dispatcher") - before) / CHANNELS
    city.quiet()
    ratio = together / alone
    name = f"one post, {CHANNELS} channels answering after {SLOWNESS} ms: slowest"
    return [
        row(name, ms(together), f"{ratio:.2f} × one channel alone ({ms(alone)})", "≤ 2 ×", kept=ratio <= 2),
        row("CPU of the dispatcher per delivery", ms(cpu), "–", "printed", kept=None),
    ]


def add_channels(city: City) -> list[str]:
    keys = [f"bench-{number}" for number in range(CHANNELS)]
    for key in keys:
        account = {"username": key, "token": f"token-{key}"}
        httpx.post(f"{city.system.standin}/_sim/accounts", json=account).raise_for_status()
    city.system.python(
        "from ausrufer.channels.models import Channel\n"
        f"for key in {keys!r}: Channel.objects.create(key=key, platform='threads', name=key, chosen_by_default=False,"
        f" settings={{'api': {city.system.standin!r}}}, secrets={{'access_token': f'token-{{key}}'}})"
    )
    return keys


def slowest(city: City, keys: list[str]) -> float:
    account = city.settled(city.click(channels=keys)["address"])
    return max(float(each["seconds"]) for each in account["deliveries"])


def two_hundred_posts(city: City) -> list[str]:
    city.quiet()
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as clicks:
        told = list(clicks.map(lambda _: city.click()["address"], range(POSTS)))
    released = time.perf_counter() - began
    until(lambda: count_online(city, told) == 2 * POSTS, within=120, every=0.1, what="all posts online")
    spent = time.perf_counter() - began
    posts = httpx.get(f"{city.system.standin}/_sim/state", timeout=20).json()["posts"]
    texts = [post["text"] for post in posts if post["username"] == "stadt_trier"]
    twice = len(texts) - len(set(texts))
    name, rate = f"{POSTS} posts at once: all {2 * POSTS} deliveries online", 2 * POSTS / spent
    against = f"released in {released:.1f} s; {rate:.0f} deliveries/s; {twice} twice"
    return [row(name, f"{spent:.1f} s", against, "none lost, none twice", kept=twice == 0)]


def count_online(city: City, addresses: list[str]) -> int:
    sql = """SELECT count(*) FROM deliveries_delivery d JOIN deliveries_release r ON r.id = d.release_id
             JOIN posts_post p ON p.id = r.post_id WHERE d.state = 'online' AND p.address = ANY(%s)"""
    number: int = city.rows(sql, addresses)[0][0]
    return number
