"""What happens to a released post later, on all channels at once: correction (Berichtigung), withdrawal (Rücknahme)."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from ausrufer.deliveries.carrying import to_mend
from ausrufer.deliveries.models import Change, Delivery, Release
from ausrufer.deliveries.orders import has_begun, rendition_of
from ausrufer.deliveries.reach import CORRECTED, Reach, reaches, was_nowhere
from ausrufer.deliveries.states import Act, State
from ausrufer.deliveries.sweep import TAKEN_BACK, TAKEN_BACK_HALF
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import normal
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.corrections import reply
from ausrufer.posts.models import Approval, FrozenRendition, Post
from ausrufer.posts.render import ChannelRenditions, draft_of, rendered
from ausrufer.posts.trouble import NotAllowed, NotReady, PostTrouble, Problem

ASKED = Sentence("Bitte den Beitrag dort von Hand berichtigen und hier bestätigen.")
ASKED_AWAY = Sentence("Bitte den Beitrag dort von Hand entfernen und hier bestätigen.")
UNSEEN = Sentence("Nicht überall hat der ganze Text Platz. Bitte die Vorschau ansehen und noch einmal bestätigen.")
REPLACED = Sentence("Durch die nächste Berichtigung ersetzt.")


@dataclass(frozen=True)
class Correction:
    """What a new text would do, before anything is done."""

    reached: list[Reach]  # in the order of sending
    shown: list[ChannelRenditions]  # in the same order

    @property
    def cut(self) -> str:
        """Print of everything that is not the whole new text; "" when nothing is cut."""
        cut = [each.wanted for each in self.shown if each.wanted.wording == "shortened"]
        return hashlib.sha256(repr([(each.text, each.more) for each in cut]).encode()).hexdigest() if cut else ""


def planned(release: Release, *, text: str, reason: str) -> Correction:
    """What `correct` would do; nothing, while the text is empty or as it was."""
    text, before = normal(text), shown_text(release)
    reached = [each for each in reaches(release, Act.CORRECT) if each.way in CORRECTED]
    if not text or text == before:
        return Correction([], [])
    post = release.post
    return Correction(reached, [corrected(post, each, text, before=before, reason=reason) for each in reached])


def correct(
    release: Release, *, text: str, reason: str, by: User, seen: str | None = None, arrived: float | None = None
) -> Change:
    """The new text goes wherever a copy can be reached, and in the place of the old one where that still waits.

    Where no machine reaches it, a person is asked to mend it. `seen` is the `Correction.cut` a person looked at; None
    where nobody looks. Raises NotAllowed, NotReady or AlreadyWithdrawn; then nothing is saved.
    """
    allowed(by)
    text = normal(text)
    with transaction.atomic():
        post = not_withdrawn(release)
        before = shown_text(release)
        if not text or text == before:
            lacking = "Der Text fehlt." if not text else "Der Text ist derselbe wie bisher."
            raise NotReady([Problem("text", Sentence(lacking))])
        plan = planned(release, text=text, reason=reason)
        reached, found = plan.reached, plan.shown
        if not reached:
            raise NotReady([Problem("text", Sentence("Kein Kanal ist mehr zu erreichen."))])
        if seen is not None and plan.cut and seen != plan.cut:
            raise NotReady([Problem("text", UNSEEN)])
        if long := [each.channel.name for each in found if not each.wanted.fits]:
            words = Sentence("Für {channels} ist der Text zu lang.", {"channels": ", ".join(long)})
            raise NotReady([Problem("text", words)])
        approval = Approval.objects.create(post=post, revision=post.revision, by=by, at=database_now())
        FrozenRendition.objects.bulk_create(frozen for each in found for frozen in each.frozen(approval))
        change = begun(release, Act.CORRECT, by, arrived, approval=approval, before=before, after=text, reason=reason)
        replace(approval, [each.delivery for each in reached if each.way == "replace"])
        drop_tasks(release, REPLACED)
        deliver_to(change, [each for each in reached if each.way in ("edit", "reply")])
        deliver_to(change, [each for each in reached if each.way == "task"], **a_task(ASKED))
        audit.record("corrected", f"post {post.address}", by=by, number=change.number, reason=reason)
    return change


def a_task(asked: Sentence) -> dict[str, object]:
    """What makes a delivery a person's from the beginning."""
    return {"state": State.UNCLEAR, "needs_person": True, "started_at": database_now(), "sentence": asked.as_json()}


def drop_tasks(release: Release, why: Sentence) -> None:
    """What a person was asked to mend, and did not yet."""
    tasks = release.deliveries.filter(to_mend())
    tasks.update(state=State.LAPSED, needs_person=False, claim=F("claim") + 1, sentence=why.as_json())


def replace(approval: Approval, waiting: list[Delivery]) -> None:
    """What has not gone out yet goes out right from the start; what was prepared for the old text is void."""
    rows = Delivery.objects.filter(pk__in=[each.pk for each in waiting])
    rows.update(newer_approval=approval, rank=0, so_far={})


def not_withdrawn(release: Release) -> Post:
    """The post, locked with its deliveries. Raises AlreadyWithdrawn."""
    post = Post.objects.select_for_update().get(pk=release.post_id)
    if release.changes.filter(act=Act.WITHDRAW).exists():
        raise AlreadyWithdrawn
    # Else a dispatcher may take a waiting one after we read it: it would go out as it was, and nobody would know.
    list(release.deliveries.select_for_update().order_by("pk").values_list("pk"))
    return post


def withdraw(release: Release, *, reason: str, by: User, arrived: float | None = None) -> Change:
    """Off every channel that can, and where none can a person is asked; what still waits does not go out.

    Raises NotAllowed, NotReady or AlreadyWithdrawn.
    """
    allowed(by)
    reason = " ".join(reason.split())
    if not reason:
        public = not was_nowhere(reaches(release, Act.WITHDRAW))
        asked = "Bitte sagen Sie, warum. Es steht dann auf der Website." if public else "Bitte sagen Sie, warum."
        raise NotReady([Problem("reason", Sentence(asked))])
    with transaction.atomic():
        post = not_withdrawn(release)
        reached = reaches(release, Act.WITHDRAW)
        change = begun(release, Act.WITHDRAW, by, arrived, before=shown_text(release), after="", reason=reason)
        release.deliveries.filter(state=State.WAITING).exclude(act=Act.WITHDRAW).update(
            state=State.LAPSED, sentence=TAKEN_BACK.as_json()
        )
        begun_ones = [each.delivery.pk for each in reached if has_begun(each.delivery)]
        release.deliveries.filter(pk__in=begun_ones, state=State.LAPSED).update(sentence=TAKEN_BACK_HALF.as_json())
        drop_tasks(release, TAKEN_BACK)
        deliver_to(change, [each for each in reached if each.way == "withdraw"])
        deliver_to(change, [each for each in reached if each.way == "task"], **a_task(ASKED_AWAY))
        audit.record("withdrew", f"post {post.address}", by=by, reason=reason)
    return change


class AlreadyWithdrawn(PostTrouble):
    """Somebody was faster."""

    def __init__(self) -> None:
        super().__init__("Dieser Beitrag ist schon zurückgenommen.")


def allowed(by: User) -> None:
    if not by.may_release:
        raise NotAllowed("Berichtigen und zurücknehmen darf nur die Pressestelle.")


def shown_text(release: Release) -> str:
    """As it was corrected last."""
    last = release.changes.filter(act=Act.CORRECT).order_by("-number").first()
    return last.after if last else release.post.text


def corrected(post: Post, reach: Reach, text: str, *, before: str, reason: str) -> ChannelRenditions:
    """The corrected text itself, or, where a copy cannot be edited, a reply that says what is right now."""
    known = post.known.get(reach.channel.key, {})
    draft = dataclasses.replace(draft_of(post), text=text, known=known)
    found = dataclasses.replace(rendered(reach.channel, draft), follow_ups=[])
    if reach.way == "reply":
        stands = reach.own_words or before
        return dataclasses.replace(found, renditions=reply(reach.channel, draft, before=stands, reason=reason))
    if reach.way == "replace" or rendition_of(reach.delivery).media:
        return found
    # Pictures and films stay as they are there; where none are, the words keep their link.
    plain = [each for each in found.renditions if not each.media] or found.renditions
    return dataclasses.replace(found, renditions=plain)


def begun(release: Release, act: Act, by: User, arrived: float | None, **facts: object) -> Change:
    now = database_now()
    waited = 0.0 if arrived is None else max(0.0, time.monotonic() - arrived)
    last: int = release.changes.aggregate(last=Max("number"))["last"] or 0
    return Change.objects.create(
        release=release, act=act, number=last + 1, by=by, at=now, clicked_at=now - timedelta(seconds=waited), **facts
    )


def deliver_to(change: Change, reached: list[Reach], **facts: Any) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            release=change.release,
            change=change,
            of=each.delivery,
            channel=each.channel,
            act=change.act,
            urgent=each.delivery.urgent,
            **facts,
        )
        for each in reached
    )
    wake_dispatcher(change.pk)
