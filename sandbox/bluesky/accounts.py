"""Who may post: accounts, their sessions, and what tests may turn (sheet, sections 2 to 4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.bluesky.errors import DEACTIVATED, JOB_FAILURES, TAKEN_DOWN, Refused

DAY = 86_400.0  # seconds
ACCESS_LIVES = 7_200.0
REFRESH_LIVES = 90 * DAY
GRACE = 7_200.0  # seconds in which a refresh token that was used may be used again


@dataclass
class Limits:
    """What tests may turn. The sheet says that a day's films are limited, not how many: the two numbers are ours."""

    points: int = 5_000  # in an hour
    calls: int = 3_000  # from one address, in five minutes
    shown_after: float = 0.0  # seconds until readers see a post
    video_looks: int = 3  # until a video is ready
    video_fails: str = ""  # or one of JOB_FAILURES
    largest_video: int = 300_000_000  # bytes
    daily_videos: int = 25
    daily_video_bytes: int = 10_000_000_000

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if self.video_fails and self.video_fails not in JOB_FAILURES:
            raise ValueError(f"video_fails: {', '.join(JOB_FAILURES)}")


@dataclass
class Account:
    did: str
    handle: str
    password: str
    name: str
    status: str = "active"  # or takendown, deactivated
    is_confirmed: bool = True  # the e-mail address; whose is not shows no films
    logins: list[float] = field(default_factory=list)
    spent: list[tuple[float, int]] = field(default_factory=list)  # when, points
    films: list[tuple[float, int]] = field(default_factory=list)  # when, bytes

    def calm(self) -> None:
        """In use, and nothing of it used up."""
        self.logins, self.spent, self.films = [], [], []
        self.status, self.is_confirmed = "active", True


@dataclass
class Token:
    did: str
    kind: str  # access, refresh, service
    expires: float


def check_in_use(account: Account) -> None:
    """Raises Refused."""
    check_not_taken_down(account)
    if account.status == "deactivated":
        raise Refused(*DEACTIVATED)


def check_not_taken_down(account: Account) -> None:
    """A deactivated one still gets its session: its owner may come back. Raises Refused."""
    if account.status == "takendown":
        raise Refused(*TAKEN_DOWN)
