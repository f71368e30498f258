"""What happens to a released post later, on all channels at once: correction (Berichtigung), withdrawal (Rücknahme)."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from ausrufer.adapter import registry
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Change, Delivery, Release
from ausrufer.deliveries.orders import is_placed
from ausrufer.deliveries.states import Act, State
from ausrufer.deliveries.sweep import TAKEN_BACK
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import normal
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.models import Approval, FrozenRendition, Post
from ausrufer.posts.render import ChannelRenditions, draft_of, rendered
from ausrufer.posts.trouble import NotAllowed, NotReady, PostTrouble, Problem

OUT = (State.SENT, State.ONLINE)  # a copy that can be corrected
MAYBE_OUT = (*OUT, State.SENDING, State.UNCLEAR)  # withdrawn as soon as it is known


@dataclass(frozen=True)
class Reach:
    """What a change will do on one channel; said before the button."""

    channel: Channel
    delivery: Delivery
    way: str  # edit | reply | withdraw | lapse | by_hand


def reaches(release: Release, act: Act) -> list[Reach]:
    """For every channel that has a copy, or would get one, in the order of sending; its pictures go with a text."""
    acts = [Act.PUBLISH, Act.FOLLOW] if act == Act.WITHDRAW else [Act.PUBLISH]
    rows = release.deliveries.filter(act__in=acts).exclude(state__in=[State.FAILED, State.LAPSED, State.WITHDRAWN])
    rows = rows.select_related("channel", "release").order_by("channel__position", "id")
    return [Reach(each.channel, each, way(each, act)) for each in rows]


def way(delivery: Delivery, act: Act) -> str:
    can = registry.capabilities(delivery.channel.platform)
    if delivery.state in OUT and not is_placed(delivery):
        return "by_hand"
    if act == Act.WITHDRAW:
        if delivery.state == State.WAITING:
            return "lapse"
        return "withdraw" if can.can_withdraw and delivery.state in MAYBE_OUT else "by_hand"
    if delivery.state not in OUT:
        return "by_hand"
    return "edit" if can.can_edit else "reply" if can.can_reply else "by_hand"


def correct(release: Release, *, text: str, reason: str, by: User, arrived: float | None = None) -> Change:
    """The new text goes wherever a copy can be reached. Raises NotAllowed or NotReady; then nothing is saved."""
    allowed(by)
    text = normal(text)
    before = shown_text(release)
    if not text or text == before:
        lacking = "Der Text fehlt." if not text else "Der Text ist derselbe wie bisher."
        raise NotReady([Problem("text", Sentence(lacking))])
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=release.post_id)
        reached = [each for each in reaches(release, Act.CORRECT) if each.way in ("edit", "reply")]
        found = [corrected(post, each, text) for each in reached]
        if long := [each.channel.name for each in found if not each.wanted.fits]:
            words = Sentence("Für {channels} ist der Text zu lang.", {"channels": ", ".join(long)})
            raise NotReady([Problem("text", words)])
        approval = Approval.objects.create(post=post, revision=post.revision, by=by, at=database_now())
        FrozenRendition.objects.bulk_create(frozen for each in found for frozen in each.frozen(approval))
        change = begun(release, Act.CORRECT, by, arrived, approval=approval, before=before, after=text, reason=reason)
        deliver_to(change, reached)
        audit.record("corrected", f"post {post.address}", by=by, number=change.number, reason=reason)
    return change


def withdraw(release: Release, *, reason: str, by: User, arrived: float | None = None) -> Change:
    """Off every channel that can; what still waits does not go out. Raises NotAllowed or NotReady."""
    allowed(by)
    reason = " ".join(reason.split())
    if not reason:
        raise NotReady([Problem("reason", Sentence("Bitte sagen Sie, warum. Es steht dann auf der Website."))])
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=release.post_id)
        if release.changes.filter(act=Act.WITHDRAW).exists():
            raise AlreadyWithdrawn
        # Else a dispatcher may take a waiting one after we read it: it would go out, and nobody would take it down.
        list(release.deliveries.select_for_update().order_by("pk").values_list("pk"))
        reached = reaches(release, Act.WITHDRAW)
        change = begun(release, Act.WITHDRAW, by, arrived, before=shown_text(release), after="", reason=reason)
        release.deliveries.filter(state=State.WAITING).exclude(act=Act.WITHDRAW).update(
            state=State.LAPSED, sentence=TAKEN_BACK.as_json()
        )
        deliver_to(change, [each for each in reached if each.way == "withdraw"])
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


def corrected(post: Post, reach: Reach, text: str) -> ChannelRenditions:
    """The corrected text where the copy is edited; elsewhere a reply that says what it is."""
    said = text if reach.way == "edit" else f"Berichtigung: {text}"
    known = post.known.get(reach.channel.key, {})
    draft = dataclasses.replace(draft_of(post), text=said, known=known)
    found = dataclasses.replace(rendered(reach.channel, draft), follow_ups=[])
    if reach.way == "edit":
        return found
    plain = [each for each in found.renditions if not each.pictures and not each.videos] or found.renditions
    return dataclasses.replace(found, renditions=plain)


def begun(release: Release, act: Act, by: User, arrived: float | None, **facts: object) -> Change:
    now = database_now()
    waited = 0.0 if arrived is None else max(0.0, time.monotonic() - arrived)
    last: int = release.changes.aggregate(last=Max("number"))["last"] or 0
    return Change.objects.create(
        release=release, act=act, number=last + 1, by=by, at=now, clicked_at=now - timedelta(seconds=waited), **facts
    )


def deliver_to(change: Change, reached: list[Reach]) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            release=change.release,
            change=change,
            of=each.delivery,
            channel=each.channel,
            act=change.act,
            urgent=each.delivery.urgent,
        )
        for each in reached
    )
    wake_dispatcher(change.pk)
