"""X's developer console, where a person sees and changes what the app may do: `GET` and `POST /console/app`.

{"cents": 500, "posts_read": 0, "has_access": true}, or some of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.x.credit import Credit
from sandbox.x.problems import Refused


@dataclass
class Console:
    credit: Credit
    has_access: bool = True  # of the app; else it is not enrolled, or not for what it asks

    def check(self, *, reads_posts: bool) -> None:
        """Raises Refused."""
        if not self.has_access:
            raise Refused(403, "client-forbidden", "Your client app is not configured with the appropriate access.")
        if self.credit.is_used_up:
            raise Refused(402, "client-forbidden", "Your credits are depleted.")
        if reads_posts and self.credit.is_capped:
            raise Refused(429, "usage-capped", "Usage cap exceeded: Monthly product cap")

    def change(self, said: dict[str, Any]) -> None:
        self.credit.cents = float(said.get("cents", self.credit.cents))
        self.credit.posts_read = int(said.get("posts_read", self.credit.posts_read))
        self.has_access = bool(said.get("has_access", self.has_access))

    def shown(self) -> dict[str, Any]:
        facts = {"cents": self.credit.cents, "posts_read": self.credit.posts_read}
        return {**facts, "has_access": self.has_access}
