"""What survives a restart: accounts, their tokens, and posts, in one file that is always whole."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.keeping import write
from sandbox.threads.accounts import Account, Token
from sandbox.threads.world import Post, World

MOMENT = 0.02  # seconds from a change to the disk: whatever was seen should outlive a kill
REST = 10  # times as long as the writing took, before the next


class State:
    def __init__(self, file: Path, world: World) -> None:
        self.file = file
        self.world = world
        self.soon: asyncio.TimerHandle | None = None
        self.moment = MOMENT

    def changed(self) -> None:
        if self.soon is None:
            self.soon = asyncio.get_running_loop().call_later(self.moment, self.save)

    def save(self) -> None:
        """Whole or as it was."""
        if self.soon:
            self.soon.cancel()
            self.soon = None
        began = time.monotonic()
        write(self.file, self.everything())
        self.moment = max(MOMENT, REST * (time.monotonic() - began))

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
