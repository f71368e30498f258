"""The people and the topics every story knows, and the clock they share."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from ausrufer.channels.models import Channel
from ausrufer.kernel.models import ClockShift
from ausrufer.people.models import Office, Role, User
from ausrufer.posts import compose
from ausrufer.posts.models import Post, Topic

STORM = (
    "Warnung vor schwerem Sturm: Meiden Sie heute Abend Parks und Wälder. Die Feuerwehr rechnet mit Böen bis 110 km/h."
)
ROADWORKS = (
    "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden an der Wasserleitung."
)


def amira() -> User:
    """Press office: writes and releases."""
    return person("amira", "Amira", "Amt für Presse und Kommunikation", Role.EDITOR)


def clara() -> User:
    """Press office, on call at night: may release as Amira may."""
    return person("clara", "Clara", "Amt für Presse und Kommunikation", Role.EDITOR)


def bernd() -> User:
    """Roadworks office, guest author: writes, never releases."""
    return person("bernd", "Bernd", "Tiefbauamt", Role.GUEST)


def emil() -> User:
    """City IT: looks after the machine, writes nothing."""
    return person("emil", "Emil", "IT", Role.ADMIN)


def person(username: str, name: str, office: str, role: Role) -> User:
    place, _ = Office.objects.get_or_create(name=office, defaults={"key": username + "s-amt"})
    found, _ = User.objects.get_or_create(
        username=username, defaults={"first_name": name, "office": place, "role": role}
    )
    return found


def topic(
    key: str = "roadworks", label: str = "Städtische Baustellen und Umleitungen", short: str = "Baustellen"
) -> Topic:
    return Topic.objects.get_or_create(key=key, defaults={"label": label, "short_label": short})[0]


def crisis() -> Topic:
    defaults = {"label": "Krisenhafte Ereignisse", "short_label": "Krisen", "is_crisis": True}
    return Topic.objects.get_or_create(key="crisis", defaults=defaults)[0]


def channel(platform: str, *, key: str = "", position: int = 10) -> Channel:
    key = key or platform
    defaults = {"platform": platform, "name": key.capitalize(), "position": position}
    return Channel.objects.get_or_create(key=key, defaults=defaults)[0]


def written(text: str, *, by: User, about: Topic | None = None, **more: object) -> Post:
    """A saved draft to every active channel."""
    post = compose.start_draft(by)
    channels = list(Channel.objects.filter(is_active=True))
    return compose.save_draft(
        post,
        by=by,
        revision=post.revision,
        text=text,
        topic=about or topic(),
        channels=channels,
        **more,  # type: ignore[arg-type]
    )


def let_time_pass(seconds: float) -> None:
    """The clock of every process on this database goes on at once, without anybody having to wait."""
    more = timedelta(seconds=seconds)
    if not ClockShift.objects.update(shift=F("shift") + more):
        ClockShift.objects.create(shift=more)
