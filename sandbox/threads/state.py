"""What survives a restart: accounts, their tokens, and posts, in one file that is always whole."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.threads.accounts import Account, Token
from sandbox.threads.world import Post, World

MOMENT = 0.5  # seconds from a change to the disk


class State:
    def __init__(self, file: Path, world: World) -> None:
        self.file = file
        self.world = world
        self.soon: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        if self.soon is None:
            self.soon = asyncio.get_running_loop().call_later(MOMENT, self.save)

    def save(self) -> None:
        """Whole or as it was."""
        if self.soon:
            self.soon.cancel()
            self.soon = None
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with fresh.open("w") as out:
            json.dump(self.everything(), out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.file)

    def everything(self) -> dict[str, Any]:
        world = self.world
        return {
            "numbers": world.numbers,
            "accounts": [asdict(each) for each in world.accounts.values()],
            "tokens": {value: asdict(token) for value, token in world.tokens.items()},
            "posts": [asdict(each) for each in world.posts.values()],
        }

    def load(self) -> None:
        if not self.file.exists():
            return
        kept, world = json.loads(self.file.read_text()), self.world
        world.numbers = kept["numbers"]
        world.accounts = {each["id"]: Account(**each) for each in kept.get("accounts", [])}
        world.tokens = {value: Token(**token) for value, token in kept.get("tokens", {}).items()}
        world.posts = {each["id"]: Post(**each) for each in kept["posts"]}
