"""What does not go as it should, each with the one place where a person can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ausrufer.deliveries.alarms import Alarm, alarms
from ausrufer.deliveries.carrying import is_by_hand, needed_no_more
from ausrufer.deliveries.films import Unshown, unshown_films
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.states import Act, State
from ausrufer.desk.templatetags.desk import said
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import first_sentence

FAILED_SHOWN = timedelta(hours=24)
FAILED = {
    Act.WITHDRAW: "{channel}: „{post}“ ist dort nicht zurückgenommen.",
    Act.CORRECT: "{channel}: „{post}“ ist dort nicht berichtigt.",
    Act.FOLLOW: "{channel}: Bilder und Videos zu „{post}“ sind dort nicht erschienen.",
}


@dataclass(frozen=True)
class Wrong:
    shape: str
    state: str
    sentence: Sentence
    below: str
    address: str
    act: str  # the word on the button


def what_is_wrong(now: datetime) -> list[Wrong]:
    failed = (
        Delivery.objects.filter(state=State.FAILED, release__released_at__gt=now - FAILED_SHOWN)
        .exclude(needed_no_more())
        .select_related("channel", "release__post")
        .order_by("-id")
    )
    films = unshown_films(now, since=FAILED_SHOWN)
    return [*map(of_alarm, alarms()), *map(of_failed, failed), *map(of_film, films)]


def of_alarm(alarm: Alarm) -> Wrong:
    delivery = alarm.delivery
    if delivery is None:
        return Wrong("cross", "locked_out", alarm.sentence, "", reverse("channels"), _("Zum Kanal"))
    sentence = Sentence(alarm.sentence.text, {**alarm.sentence.values, "post": named(delivery.release)})
    board = reverse("board", args=[delivery.release.post.address])
    if delivery.state == State.UNCLEAR and delivery.needs_person:
        address = reverse("decide", args=[delivery.release.post.address, delivery.key])
        if is_by_hand(delivery):
            act = _("Entfernen") if delivery.act == Act.WITHDRAW else _("Übertragen")
            return Wrong("ring-dot", "person", sentence, said_of(delivery), address, act)
        return Wrong("broken", "person", sentence, said_of(delivery), address, _("Entscheiden"))
    if delivery.state == State.UNCLEAR:
        below = _("Es wird nachgesehen; der Beitrag geht nicht doppelt hinaus.")
        return Wrong("broken", "unclear", sentence, below, board, _("Ansehen"))
    return Wrong("clock", "patience", sentence, said_of(delivery), board, _("Ansehen"))


def of_failed(delivery: Delivery) -> Wrong:
    values = {"channel": delivery.channel.name, "post": named(delivery.release)}
    sentence = Sentence(FAILED.get(Act(delivery.act), "{channel}: „{post}“ ist dort nicht erschienen."), values)
    board = reverse("board", args=[delivery.release.post.address])
    return Wrong("cross", "failed", sentence, said_of(delivery), board, _("Ansehen"))


def of_film(film: Unshown) -> Wrong:
    """Lost, or late: then those that waited went out with the link instead, in a crisis it follows."""
    board, values = reverse("board", args=[film.release.post.address]), {"post": named(film.release)}
    if film.why:
        sentence = Sentence("Das Video zu „{post}“ ließ sich nicht umwandeln und ist nirgends zu sehen.", values)
        return Wrong("cross", "failed", sentence, said(film.why), board, _("Ansehen"))
    sentence = Sentence("Das Video zu „{post}“ ist noch nicht umgewandelt und nirgends zu sehen.", values)
    return Wrong("clock", "patience", sentence, "", board, _("Ansehen"))


def named(release: Release) -> str:
    """The post by the beginning of its first sentence, cut between words."""
    return Truncator(first_sentence(release.shown_text)[0].rstrip(".")).words(9, truncate=" …")


def said_of(delivery: Delivery) -> str:
    return said(Sentence.from_json(delivery.sentence)) if delivery.sentence else ""
