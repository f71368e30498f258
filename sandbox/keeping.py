"""What survives a restart, in a file that is always whole: for small stand-ins the posts and the access they gave."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

BYTES = "bytes"  # the one name of an object that stands for some


class Kept(Protocol):
    posts: dict[Any, Any]  # by their "id"
    kept_as: type[Any]  # what a post is
    last: int  # the number given last


class Keeper:
    def __init__(self, file: Path, standin: Kept) -> None:
        self.file = file
        self.standin = standin
        self.written: dict[str, Any] = {}

    def save(self) -> None:
        """When something has changed."""
        if (everything := self.everything()) != self.written:
            write(self.file, everything)
            self.written = everything

    def everything(self) -> dict[str, Any]:
        posts = [dict(each) if isinstance(each, dict) else asdict(each) for each in self.standin.posts.values()]
        access = {name: sorted(tokens) for name, tokens in self.access().items()}
        return {"last": self.standin.last, "posts": posts, "access": access}

    def load(self) -> None:
        if not self.file.exists():
            return
        kept = json.loads(self.file.read_text(), object_hook=read)
        self.standin.last = kept["last"]
        self.standin.posts.update({each["id"]: self.standin.kept_as(**each) for each in kept["posts"]})
        for name, tokens in self.access().items():
            tokens.update(kept["access"].get(name, []))

    def access(self) -> dict[str, set[str]]:
        """The tokens that work, by their kind; none where nobody logs in."""
        login = getattr(self.standin, "login", None)
        return {name: each for name, each in vars(login).items() if isinstance(each, set)} if login else {}


def write(file: Path, everything: Any) -> None:
    """Whole or as it was."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with fresh.open("w") as out:
        json.dump(everything, out, ensure_ascii=False, default=written)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def written(content: bytes) -> dict[str, str]:
    """JSON has no bytes."""
    return {BYTES: content.hex()}


def read(found: dict[str, Any]) -> Any:
    return bytes.fromhex(found[BYTES]) if set(found) == {BYTES} else found
