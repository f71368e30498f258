"""The routes of the Graph API that the stand-in plays."""

from __future__ import annotations

from typing import Any

from sandbox.http import Reply, Request, as_json
from sandbox.threads import validation
from sandbox.threads.errors import BAD_TOKEN, LIMITED, NOT_FOUND, RESTRICTED, Refused
from sandbox.threads.fetching import fetch_picture
from sandbox.threads.world import DAY, DELETES_A_DAY, POSTS_A_DAY, Account, Container, Post, World

DELAYS = {"TEXT": (0.0, 2.0), "IMAGE": (1.0, 6.0), "VIDEO": (10.0, 60.0), "CAROUSEL": (1.0, 6.0)}  # seconds
RACE = 10.0  # seconds after FINISHED in which publishing may still find nothing (4279009)
RACE_CHANCE = 0.1


class Api:
    def __init__(self, world: World) -> None:
        self.world = world

    async def answer(self, request: Request) -> Reply:
        """Raises Refused."""
        path = request.path.removeprefix("/v1.0").strip("/")
        account = self.account(request)
        head, _, tail = path.partition("/")
        if head in ("me", account.id):
            return await self.own(request, account, tail)
        if request.method == "DELETE":
            return self.delete(account, head)
        if head in self.world.containers:
            return self.status(self.world.containers[head])
        post = self.world.posts.get(head)
        if post is None or post.is_deleted:
            raise Refused(*NOT_FOUND)
        if tail in ("replies", "conversation"):
            return as_json({"data": [], "paging": {"cursors": {}}})
        if "status" in request.params.get("fields", "").split(","):
            raise Refused("Tried accessing nonexisting field (status)", 100, type="THApiException")
        return as_json(self.shown(post, request.params.get("fields", "id")))

    async def own(self, request: Request, account: Account, tail: str) -> Reply:
        match request.method, tail:
            case "GET", "":
                return as_json({"id": account.id, "username": account.username, "name": account.name})
            case "GET", "threads":
                newest = self.world.newest_first(account.id)[: int(request.params.get("limit", "25"))]
                fields = request.params.get("fields", "id")
                return as_json({"data": [self.shown(each, fields) for each in newest], "paging": {"cursors": {}}})
            case "GET", "threads_publishing_limit":
                return as_json({"data": [self.quotas(account)]})
            case "POST", "threads":
                return await self.create(account, request.params)
            case "POST", "threads_publish":
                return self.publish(account, request.params.get("creation_id", ""))
        raise Refused("Unsupported request", 100, status=404)

    def account(self, request: Request) -> Account:
        token = request.params.get("access_token") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.world.accounts:
            raise Refused(*BAD_TOKEN)
        account = self.world.accounts[token]
        if account.is_restricted and request.method != "GET":
            raise Refused(*RESTRICTED)
        return account

    async def create(self, account: Account, fields: dict[str, str]) -> Reply:
        validation.check(self.world, account.id, fields)
        if fields.get("auto_publish_text") == "true":
            self.check_quota(account)
            return as_json({"id": self.world.publish(account, fields, []).id})
        kind = fields.get("media_type", "IMAGE").upper()
        if kind == "IMAGE":
            await fetch_picture(fields["image_url"])
        born = self.world.now()
        delay = self.world.chance.uniform(*DELAYS[kind]) if self.world.delayed else 0.0
        container = Container(self.world.new_id(), account.id, fields, born + delay, born)
        self.world.containers[container.id] = container
        return as_json({"id": container.id})

    def publish(self, account: Account, container_id: str) -> Reply:
        container, now = self.world.containers.get(container_id), self.world.now()
        if container is None or container.owner != account.id or container.error or container.media:
            raise Refused(*NOT_FOUND)
        races = self.world.delayed and now < container.ready_at + RACE and self.world.chance.random() < RACE_CHANCE
        if now < container.ready_at or now > container.born_at + DAY or races:
            raise Refused(*NOT_FOUND)
        self.check_quota(account)
        post = self.world.publish(account, container.fields, self.images(container))
        container.media = post.id
        return as_json({"id": post.id})

    def images(self, container: Container) -> list[dict[str, str]]:
        children = [self.world.containers[each] for each in container.fields.get("children", "").split(",") if each]
        return [
            {"url": each.fields["image_url"], "alt": each.fields.get("alt_text", "")}
            for each in children or [container]
            if "image_url" in each.fields
        ]

    def check_quota(self, account: Account) -> None:
        if self.world.used(account.posted) >= POSTS_A_DAY:
            raise Refused(*LIMITED)

    def status(self, container: Container) -> Reply:
        now, state = self.world.now(), "FINISHED"
        if container.media:
            state = "PUBLISHED"
        elif container.error:
            return as_json({"status": "ERROR", "error_message": container.error, "id": container.id})
        elif now > container.born_at + DAY:
            state = "EXPIRED"
        elif now < container.ready_at:
            state = "IN_PROGRESS"
        return as_json({"status": state, "id": container.id})

    def delete(self, account: Account, post_id: str) -> Reply:
        post = self.world.posts.get(post_id)
        if post is None or post.is_deleted or post.owner != account.id:
            raise Refused(*NOT_FOUND)
        if self.world.used(account.deleted) >= DELETES_A_DAY:
            raise Refused(*LIMITED)
        account.deleted.append(self.world.now())
        post.is_deleted = self.world.is_changed = True
        return as_json({"success": True, "deleted_id": post_id})

    def quotas(self, account: Account) -> dict[str, Any]:
        def config(total: int) -> dict[str, int]:
            return {"quota_total": total, "quota_duration": int(DAY)}

        return {
            "quota_usage": self.world.used(account.posted),
            "config": config(POSTS_A_DAY),
            "delete_quota_usage": self.world.used(account.deleted),
            "delete_config": config(DELETES_A_DAY),
        }

    def shown(self, post: Post, fields: str) -> dict[str, Any]:
        kind = "TEXT_POST" if not post.images else "IMAGE" if len(post.images) == 1 else "CAROUSEL_ALBUM"
        everything = {
            "id": post.id,
            "media_product_type": "THREADS",
            "media_type": kind,
            "permalink": self.world.permalink(post),
            "username": post.username,
            "text": post.text,
            "timestamp": post.timestamp,
            "shortcode": post.shortcode,
            "owner": {"id": post.owner},
        }
        wanted = {*fields.split(","), "id"}
        return {name: value for name, value in everything.items() if name in wanted}
