"""The routes of the Graph API that the stand-in plays, with and without the version in front."""

from __future__ import annotations

from sandbox.http import Reply, Request, as_json
from sandbox.threads import publishing, quotas, reading
from sandbox.threads.accounts import INSIGHTS, MENTIONS, READ_REPLIES, Account
from sandbox.threads.errors import BAD_TOKEN, NOT_FOUND, Refused, wrong
from sandbox.threads.publishing import needs
from sandbox.threads.world import World

VERSION = "/v1.0"
NO_ONE = {"data": list[str]()}


async def answer(world: World, request: Request) -> Reply:
    """Raises Refused."""
    account = account_of(world, request)
    head, _, tail = request.path.removeprefix(VERSION).strip("/").partition("/")
    if head in ("me", account.id):
        return await own(world, account, tail, request)
    if request.method == "DELETE":
        return as_json(publishing.delete(world, account, head))
    container = world.containers.get(head)
    if container and container.owner == account.id and not tail:
        return as_json(container.shown(world.now(), reading.wanted(request.params)))
    return about(world, account, head, tail, request.params)


def account_of(world: World, request: Request) -> Account:
    said = request.params.get("access_token") or request.headers.get("authorization", "").removeprefix("Bearer ")
    account = world.account_of(said)
    if account is None:
        raise Refused(*BAD_TOKEN)
    return account


async def own(world: World, account: Account, tail: str, request: Request) -> Reply:
    params = request.params
    match request.method, tail:
        case "POST", "threads":
            return as_json(await publishing.create(world, account, params))
        case "POST", "threads_publish":
            return as_json(publishing.publish(world, account, params))
        case "GET", "":
            facts = {"id": account.id, "username": account.username, "name": account.name, "is_verified": False}
            facts["is_eligible_for_geo_gating"] = account.is_eligible_for_geo_gating
            return as_json({name: facts[name] for name in facts if name in reading.wanted(params) | {"id"}})
        case "GET", "threads" | "replies":
            mine = [each for each in world.newest_first(account.id) if bool(each.reply_to) == (tail == "replies")]
            return as_json(reading.listed(world, mine, params))
        case "GET", "threads_publishing_limit":
            left = quotas.publishing_limit(account, world.limits, world.now(), reading.wanted(params))
            return as_json({"data": [left]})
        case "GET", "mentions" | "ghost_posts":
            if tail == "mentions":
                needs(account, MENTIONS)
            return as_json(NO_ONE)
    raise wrong("Unsupported request")


def about(world: World, reader: Account, post_id: str, tail: str, params: dict[str, str]) -> Reply:
    post = world.post(post_id)
    if post is None:
        raise Refused(*NOT_FOUND)
    if tail in ("replies", "conversation"):
        needs(reader, READ_REPLIES)
    if tail == "replies":
        direct = [each for each in world.posts.values() if each.reply_to == post_id and world.is_shown(each)]
        return as_json(reading.listed(world, direct[::-1], params, reader.id))
    if tail == "conversation":
        if post.reply_to:
            raise wrong("A conversation is only shown for root posts.")
        return as_json(reading.listed(world, world.below(post)[::-1], params, reader.id))
    if tail == "insights":
        needs(reader, INSIGHTS)
        return as_json(reading.insights(world, post, params.get("metric", "")))
    if tail:
        raise wrong("Unsupported request")
    return as_json(reading.one(world, post, reading.wanted(params)))
