"""What others write on X: a post of theirs may be answered or quoted only when they called us (sheet, section 1)."""

from __future__ import annotations

import re
from typing import Any

from sandbox.x.problems import Refused, unknown

OURS = "@stadt_trier"
NAMED = re.compile(rf"(?<!\w){OURS}(?!\w)", re.IGNORECASE)
# The words X says it with, as many who met them report.
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
    "by the author of the post you are replying to."
)
NOT_TO_QUOTE = "You can only reply to or quote posts where you are mentioned or are the author."


class Strangers:
    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}

    def write(self, number: str, text: str, quoted: str = "") -> dict[str, Any]:
        self.posts[number] = {"id": number, "text": text, "quotes": quoted}
        return self.posts[number]

    def has_summoned(self, post: str, ours: dict[str, dict[str, Any]]) -> bool:
        """By naming us, or by quoting a post of ours."""
        found = self.posts.get(post)
        return bool(found and (NAMED.search(found["text"]) or found["quotes"] in ours))

    def check(self, answered: str, quoted: str, ours: dict[str, dict[str, Any]]) -> None:
        """Raises Refused. A post of our own called nobody: the sheet has no promise that it may be answered."""
        for post in filter(None, (answered, quoted)):
            if post not in self.posts and post not in ours:
                raise unknown(f"Could not find tweet with id: [{post}].")
        if answered and not self.has_summoned(answered, ours):
            raise Refused(403, detail=NOT_SUMMONED)
        if quoted and quoted not in ours and not self.has_summoned(quoted, ours):
            raise Refused(403, "not-authorized-for-resource", NOT_TO_QUOTE)
