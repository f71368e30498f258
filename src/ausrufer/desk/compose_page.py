"""Everything the compose page says about a draft: counters, previews, what will happen, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Rendition
from ausrufer.channels.hold import state_words
from ausrufer.channels.models import Channel
from ausrufer.desk import moments
from ausrufer.desk.compose_form import Entered
from ausrufer.desk.previews import Preview, count_words, preview
from ausrufer.desk.remarks import remarks
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.look_ups import mentioned
from ausrufer.posts.models import Attachment, Post
from ausrufer.posts.readiness import problems
from ausrufer.posts.render import ChannelRenditions, page_address, renditions
from ausrufer.posts.trouble import Problem


@dataclass(frozen=True)
class ChannelRow:
    key: str
    name: str
    is_own: bool
    is_chosen: bool
    measure: str  # "zählt Bytes"
    counter: str  # "380 von 500"; "" while not chosen
    shortened: str  # "wird gekürzt mit Link"; "" when the whole text goes out
    trouble: str  # "bittet um Geduld bis 14:31"; "" when the channel is ready
    variant: str
    can_chain: bool
    when_long: str  # shorten | chain, as it is now


@dataclass(frozen=True)
class ComposePage:
    post: Post
    now: datetime
    entered: Entered
    channels: list[ChannelRow]
    previews: list[Preview]
    pictures: list[Attachment]
    videos: list[Attachment]
    problems: list[Problem]
    plan: str  # "Erst auf die Website, dann auf 4 weitere Kanäle."
    remarks: list[str]
    address: str  # on the own pages, as a person would write it down
    title: str
    action: str  # the word on the button
    is_looking_up: bool  # names the text mentions; the page asks again until they are answered
    has_warning: bool  # whether a chosen channel shows a content warning


def compose_page(
    post: Post, *, reader: User, entered: Entered | None = None, troubles: list[Problem] | None = None
) -> ComposePage:
    rendered = renditions(post)
    now = database_now()
    attachments = list(post.attachments.select_related("upload").prefetch_related("captions"))
    videos = [each for each in attachments if each.is_video]
    mentions = mentioned(post)
    entries = troubles or []
    trouble_of = {each.channel.key: trouble_words(each.channel) for each in rendered}
    return ComposePage(
        post=post,
        now=now,
        entered=entered or Entered.stored(post),
        channels=channel_rows(rendered, entered or Entered.stored(post), len(attachments) - len(videos), len(videos)),
        previews=[preview(each, mentions.get(each.channel.key, ()), videos) for each in rendered],
        pictures=[each for each in attachments if not each.is_video],
        videos=videos,
        problems=[*entries, *(each for each in problems(post, rendered) if each not in entries)],
        plan=plan(post, rendered, moments.at(post.due_at, now) if post.due_at else ""),
        remarks=remarks(post, rendered, trouble_of),
        address=page_address(post).split("://", 1)[-1],
        title=title(post, reader),
        is_looking_up=any(name.is_open and not name.is_linked for names in mentions.values() for name in names),
        has_warning=any(each.platform.capabilities.has_warning for each in rendered),
        action=action(post, reader, moments.at(post.due_at, now) if post.due_at else ""),
    )


def channel_rows(rendered: list[ChannelRenditions], entered: Entered, pictures: int, videos: int) -> list[ChannelRow]:
    chosen = {each.channel.key: each for each in rendered}
    own = registry.own_keys()
    rows = []
    for channel in sorted(Channel.objects.filter(is_active=True), key=lambda each: each.platform not in own):
        each = chosen.get(channel.key)
        rows.append(
            ChannelRow(
                key=channel.key,
                name=channel.name,
                is_own=channel.platform in own,
                is_chosen=each is not None or channel.key in entered.channels,
                measure=measure_words(channel),
                counter=count_words(each.wanted) if each else "",
                shortened=shortened_words(each, pictures, videos) if each else "",
                trouble=trouble_words(channel),
                variant=entered.variants.get(channel.key, ""),
                can_chain=registry.platform_class(channel.platform).capabilities.can_chain,
                when_long=entered.when_long.get(channel.key) or channel.when_long,
            )
        )
    return rows


def measure_words(channel: Channel) -> str:
    platform = registry.platform_class(channel.platform)
    if platform.capabilities.is_own:
        return _("immer dabei, immer zuerst")
    return _("zählt %(measure)s") % {"measure": _(platform.capabilities.measure)}


def shortened_words(each: ChannelRenditions, pictures: int, videos: int) -> str:
    """`pictures` and `videos` are those of the post."""
    if each.wanted.wording in ("linked", "text_only"):
        return missing_words(each.wanted, pictures, videos)
    return {
        "shortened": _("zu lang: wird gekürzt mit Link"),
        "chain": _("zu lang: wird eine Kette"),
    }.get(each.wanted.wording, "")


def missing_words(shown: Rendition, pictures: int, videos: int) -> str:
    """What stands behind the link, in the place of which it is."""
    no_pictures, no_videos = len(shown.pictures) < pictures, len(shown.videos) < videos
    if no_pictures and no_videos:
        return (
            _("ohne Bilder und Videos: Text mit Link")
            if not shown.media
            else _("nicht alle Bilder und Videos: mit Link")
        )
    if no_videos:
        return _("nicht alle Videos: mit Link") if shown.videos else _("ohne Video: Text mit Link")
    if shown.pictures:
        return _("nicht alle Bilder: mit Link")
    return _("ohne Bild: Text mit Link") if pictures == 1 else _("ohne Bilder: Text mit Link")


def trouble_words(channel: Channel) -> str:
    words = state_words(channel, database_now())
    return "" if words == "bereit" else words


def plan(post: Post, rendered: list[ChannelRenditions], due: str) -> str:
    """Where it goes, in which order, and when."""
    own, others = rendered[0].channel.name, rendered[1:]
    names = {"own": own, "number": len(others), "other": others[0].channel.name if others else ""}
    if not others:
        words = _("Nur auf: %(own)s.") % names
    elif len(others) == 1:
        words = _("Erst %(own)s, dann %(other)s.") % names
    else:
        words = (
            ngettext(
                "Erst %(own)s, dann %(number)s weiterer Kanal.",
                "Erst %(own)s, dann %(number)s weitere Kanäle.",
                len(others),
            )
            % names
        )
    return f"{capital(due)}: {words}" if due else words


def title(post: Post, reader: User) -> str:
    if post.author_id == reader.pk:
        return _("Neuer Beitrag")
    office = post.author.office.name if post.author.office else ""
    who = f"{post.author.shown_name}, {office}" if office else post.author.shown_name
    return _("Beitrag von %(who)s") % {"who": who}


def action(post: Post, reader: User, due: str) -> str:
    if not reader.may_release:
        return _("Zustimmung holen")
    if post.author_id != reader.pk and post.asked_at:
        return _("Zustimmen und %(due)s veröffentlichen") % {"due": due} if due else _("Zustimmen und veröffentlichen")
    return capital(_("%(due)s veröffentlichen") % {"due": due}) if due else _("Jetzt veröffentlichen")


def capital(words: str) -> str:
    """With a capital letter, as a sentence begins."""
    return words[:1].upper() + words[1:]
