"""What survives a restart: accounts, sessions, posts and their blobs, in one file that is always whole."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.bluesky.accounts import Account, Token
from sandbox.bluesky.world import Record, World
from sandbox.keeping import write

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
        write(self.file, self.everything())

    def everything(self) -> dict[str, Any]:
        world = self.world
        return {
            "accounts": [asdict(each) for each in world.accounts.values()],
            "tokens": {said: asdict(token) for said, token in world.tokens.items()},
            "records": [asdict(each) for each in world.records.values()],
            "blobs": [[each.mime, base64.b64encode(each.content).decode()] for each in world.blobs.values()],
        }

    def load(self) -> None:
        if not self.file.exists():
            return
        kept, world = json.loads(self.file.read_text()), self.world
        world.accounts = {each["did"]: Account(**each) for each in kept["accounts"]}
        world.tokens = {said: Token(**token) for said, token in kept["tokens"].items()}
        world.records = {each["uri"]: Record(**each) for each in kept["records"]}
        for mime, content in kept["blobs"]:
            world.keep_blob(base64.b64decode(content), mime)
