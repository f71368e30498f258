"""One page per delivery where a person decides what a machine must not guess; and a new draft from a post's text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ausrufer.deliveries import decide as decisions
from ausrufer.deliveries.board import board as read_board
from ausrufer.deliveries.carrying import is_by_hand
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act
from ausrufer.desk.people import reader_of
from ausrufer.desk.templatetags.desk import said
from ausrufer.people.models import User
from ausrufer.posts.compose import save_draft, start_draft
from ausrufer.posts.models import Attachment, FrozenRendition, Post
from ausrufer.posts.render import from_body
from ausrufer.posts.trouble import PostTrouble

LONGEST_ADDRESS = 500  # characters, as a delivery keeps it


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, address: str, key: UUID) -> HttpResponse:
    deliveries = Delivery.objects.select_related("channel", "release__post", "release__approval", "release__by")
    delivery = get_object_or_404(deliveries, key=key, release__post__address=address)
    wrong_address = ""
    if request.method == "POST":
        seen_at = request.POST.get("address", "").strip()
        wrong_address = "" if request.POST.get("act") != "confirm" else address_trouble(seen_at)
        if not wrong_address:
            act(request, delivery, seen_at)
            return redirect("board", address)
    board = read_board(delivery.release)
    row = next(each for each in board.every_row if each.delivery.pk == delivery.pk)
    frozen = FrozenRendition.objects.filter(
        approval=delivery.approval_id, channel=delivery.channel, rank=delivery.rank
    ).first()
    about = {"row": row, "delivery": delivery, "post": delivery.release.post, "wrong_address": wrong_address}
    about["seen_at"] = request.POST.get("address", "")
    sent = from_body(frozen.body) if frozen else None
    return render(request, "desk/decide.html", {**about, "sent": sent, "is_by_hand": is_by_hand(delivery)})


def act(request: HttpRequest, delivery: Delivery, seen_at: str) -> None:
    by = reader_of(request)
    is_withdrawal = delivery.act == Act.WITHDRAW
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "confirm": (
            lambda: (
                decisions.confirm_gone(delivery, by=by)
                if is_withdrawal
                else decisions.confirm_online(delivery, seen_at, by=by)
            ),
            _("Vermerkt: %(channel)s zeigt den Beitrag nicht mehr, von Hand bestätigt.")
            if is_withdrawal
            else _("Vermerkt: %(channel)s ist online, von Hand bestätigt."),
        ),
        "send_again": (lambda: decisions.send_again(delivery, by=by), _("%(channel)s wird noch einmal gesendet.")),
        "give_up": (lambda: decisions.give_up(delivery, by=by), _("%(channel)s wird nicht mehr gesendet.")),
    }
    chosen = acts.get(request.POST.get("act", ""))
    if chosen is None:
        return
    done, words = chosen
    try:
        done()
        messages.success(request, words % {"channel": delivery.channel.name})
    except PostTrouble as trouble:
        messages.error(request, said(trouble.sentence))


def address_trouble(address: str) -> str:
    """ "" when it is empty or a web address."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if not address or (parts.scheme in ("http", "https") and parts.netloc and len(address) <= LONGEST_ADDRESS):
            return ""
    return _("Bitte die ganze Adresse angeben, sie beginnt mit https://, oder das Feld leer lassen.")


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, address: str) -> HttpResponse:
    """What was refused goes back to its author as a new draft; the released post stays as it is."""
    post = get_object_or_404(Post.objects.select_related("topic"), address=address)
    if not hasattr(post, "release"):
        return redirect("post", address)
    if request.method != "POST":
        return render(request, "desk/copy.html", {"post": post})
    try:
        fresh = copied(post, by=reader_of(request))
    except PostTrouble as trouble:
        messages.error(request, said(trouble.sentence))
        return redirect("post", address)
    return redirect("compose", fresh.address)


def copied(post: Post, *, by: User) -> Post:
    """Text, topic, pictures and variants; to the channels that did not take it, and the own pages as always."""
    refused = [
        each.channel for each in post.release.deliveries.filter(state="failed", change=None).select_related("channel")
    ]
    with transaction.atomic():
        Post.objects.select_for_update().get(pk=post.pk)  # a film that is just finished is finished for the copy, too
        draft = start_draft(by)
        draft = save_draft(
            draft,
            by=by,
            revision=draft.revision,
            text=post.text,
            topic=post.topic,
            language=post.language,
            channels=refused,
            variants={each.channel.key: each.text for each in post.variants.select_related("channel")},
        )
        for picture in post.attachments.all():
            fresh = Attachment.objects.get(pk=picture.pk)
            fresh.pk, fresh.post = None, draft
            fresh.save(force_insert=True)
            for caption in picture.captions.all():
                caption.pk, caption.attachment = None, fresh
                caption.save(force_insert=True)
    return draft
