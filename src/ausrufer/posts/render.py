"""What each channel will show: one call for the preview, the approval and the send."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from ausrufer.adapter import registry
from ausrufer.adapter.capabilities import Capabilities, SendsPictures
from ausrufer.adapter.contract import Captions, Card, Draft, Framed, Picture, Platform, Rendition, Video
from ausrufer.adapter.supplies import Supplies
from ausrufer.channels.models import Channel
from ausrufer.posts.models import FILM, FOLLOW_UP, Approval, Attachment, FrozenRendition, Post

FOLLOWS = {  # by language, German for any other: one picture, several, one video, several, or some of both
    "de": ("Bild zur Meldung:", "Bilder zur Meldung:", "Video zur Meldung:", "Videos zur Meldung:", "Zur Meldung:"),
    "en": (
        *("Picture for this notice:", "Pictures for this notice:"),
        *("Video for this notice:", "Videos for this notice:", "For this notice:"),
    ),
}
NO_SUPPLIES = Supplies(http=None)  # type: ignore[arg-type]  # rendering is pure: whoever reaches for the network fails


@dataclass(frozen=True)
class ChannelRenditions:
    channel: Channel
    platform: type[Platform]
    renditions: list[Rendition]  # the wanted one first, then its fallbacks
    follow_ups: list[Rendition] = field(default_factory=list)  # what follows the text in a crisis, with its fallbacks
    films: list[Rendition] = field(default_factory=list)  # the same of films that are still being made

    @property
    def wanted(self) -> Rendition:
        return self.renditions[0]

    @property
    def fallbacks(self) -> list[Rendition]:
        return self.renditions[1:]

    @property
    def ranked(self) -> list[tuple[int, Rendition]]:
        """As they are frozen."""
        return [*enumerate(self.renditions), *enumerate(self.follow_ups, FOLLOW_UP), *enumerate(self.films, FILM)]

    @property
    def waits(self) -> bool:
        """Whether it would carry a film that is still being made; where it is only linked or shown on our own pages,
        nothing waits for it."""
        return bool(self.wanted.awaits) and are_carried(self.platform.capabilities)

    @property
    def goes_without(self) -> bool:
        """Whether something else goes when the film it waits for is late; not where a text alone is refused."""
        return any(not each.awaits for each in self.renditions)

    def frozen(self, approval: Approval) -> list[FrozenRendition]:
        return [
            FrozenRendition(approval=approval, channel=self.channel, rank=rank, body=as_body(rendition))
            for rank, rendition in self.ranked
        ]


def page_address(post: Post) -> str:
    return f"{settings.PUBLIC_URL}/b/{post.address}"


def chosen_channels(post: Post) -> list[Channel]:
    """The own channel always and first; then what the editor chose."""
    own = registry.own_keys()
    chosen = {channel.pk: channel for channel in post.channels.filter(is_active=True)}
    chosen |= {channel.pk: channel for channel in Channel.objects.filter(is_active=True, platform__in=own)}
    return sorted(chosen.values(), key=lambda channel: (channel.platform not in own, channel.position, channel.key))


def renditions(post: Post) -> list[ChannelRenditions]:
    """For every channel the post goes to, in the order of sending."""
    return [rendered(channel, draft) for channel, draft in drafts(post)]


def drafts(post: Post) -> Iterator[tuple[Channel, Draft]]:
    """What was written for each channel, in the order of sending."""
    variants = {variant.channel_id: variant for variant in post.variants.all()}
    plain = draft_of(post)
    for channel in chosen_channels(post):
        chosen = variants.get(channel.pk)
        draft = dataclasses.replace(
            plain,
            when_long=(chosen and chosen.when_long) or channel.when_long,
            known=post.known.get(channel.key, {}),
        )
        if chosen and chosen.text:
            draft = dataclasses.replace(draft, text=chosen.text, is_variant=True)
        yield channel, draft


def draft_of(post: Post) -> Draft:
    """What was written once, for no channel in particular."""
    attachments = list(post.attachments.select_related("upload").prefetch_related("captions"))
    return Draft(
        text=post.text,
        page=page_address(post),
        language=post.language,
        topic=post.topic.short_label if post.topic else "",
        pictures=tuple(as_picture(each) for each in attachments if not each.is_video),
        videos=tuple(as_video(each) for each in attachments if each.is_video and (each.is_ready or each.is_awaited)),
        urgent=post.urgent,
        warning=post.warning,
    )


def rendered(channel: Channel, draft: Draft) -> ChannelRenditions:
    instance = without_network(channel)
    if not (draft.urgent and (draft.pictures or draft.videos) and text_goes_first(instance.capabilities)):
        return ChannelRenditions(channel, type(instance), ladder(instance, draft))
    text = instance.render(dataclasses.replace(draft, pictures=(), videos=()))
    ready = tuple(each for each in draft.videos if not each.awaited)
    awaited = tuple(each for each in draft.videos if each.awaited)
    media = answer(instance, dataclasses.replace(draft, videos=ready))
    later = answer(instance, dataclasses.replace(draft, pictures=(), videos=awaited))
    # Where none of them can be carried, the words say where they are, as in ordinary times.
    words = text if media or later else instance.render(draft)
    return ChannelRenditions(channel, type(instance), words, media, later)


def ladder(instance: Platform, draft: Draft) -> list[Rendition]:
    """Where pictures and films do not follow the words."""
    can, whole = instance.capabilities, instance.render(draft)
    if draft.urgent and not can.needs_picture and are_carried(can):
        return [each for each in whole if not each.videos] or whole  # it would be made ready first
    if can.needs_picture and whole[0].awaits:
        ready = tuple(each for each in draft.videos if not each.awaited)
        without = [each for each in instance.render(dataclasses.replace(draft, videos=ready)) if each.media]
        return without if draft.urgent and without else whole + without  # a crisis goes with what is there
    return whole


def answer(instance: Platform, draft: Draft) -> list[Rendition]:
    """What of the draft's pictures and videos can follow its text, with their page."""
    said = f"{follow_words(draft)}\n{draft.page}"
    return [each for each in instance.render(dataclasses.replace(draft, text=said, is_variant=False)) if each.media]


def follow_words(draft: Draft) -> str:
    picture, pictures, video, videos, both = FOLLOWS.get(draft.language, FOLLOWS["de"])
    if draft.pictures and draft.videos:
        return both
    if draft.pictures:
        return pictures if len(draft.pictures) > 1 else picture
    return videos if len(draft.videos) > 1 else video


def text_goes_first(can: Capabilities) -> bool:
    """Where carrying pictures takes time, they follow the words of a crisis as a reply."""
    return can.can_reply and are_carried(can) and not can.needs_picture


def are_carried(can: Capabilities) -> bool:
    return can.sends_pictures in (SendsPictures.UPLOAD, SendsPictures.ADDRESS)


def names_in(channel: Channel, draft: Draft) -> tuple[str, ...]:
    """What a look-up would ask the platform for."""
    can = registry.platform_class(channel.platform).capabilities
    return without_network(channel).names(draft) if can.has_look_ups else ()


def without_network(channel: Channel) -> Platform:
    platform = registry.platform_class(channel.platform)
    return platform(NO_SUPPLIES, channel.settings, {}, channel.limits, channel.key)


def as_picture(item: Attachment) -> Picture:
    framed = Framed(**item.framed) if item.framed else None
    alt = "" if item.decorative else item.alt
    return Picture(item.digest, item.mime, item.width, item.height, item.size, alt, framed)


def as_video(item: Attachment) -> Video:
    return Video(
        digest=item.digest,
        width=item.width,
        height=item.height,
        seconds=item.seconds,
        size=item.size,
        alt="" if item.decorative else item.alt,
        poster=item.poster,
        captions=tuple(Captions(each.digest, each.language, each.size) for each in item.captions.all()),
        mime=item.mime,
        awaited=str(item.upload.key) if item.upload and not item.digest else "",
    )


def as_body(rendition: Rendition) -> dict[str, Any]:
    return dataclasses.asdict(rendition)


def from_body(body: Mapping[str, Any]) -> Rendition:
    """Bodies frozen by earlier versions lack what was added since."""
    card = body.get("card")
    return Rendition(
        **{
            **body,
            "pictures": tuple(picture(each) for each in body.get("pictures", ())),
            "videos": tuple(video(each) for each in body.get("videos", ())),
            "more": tuple(body.get("more", ())),
            "card": Card(**{**card, "picture": picture(card["picture"]) if card["picture"] else None})
            if card
            else None,
        }
    )


def picture(body: Mapping[str, Any]) -> Picture:
    return Picture(**{**body, "framed": Framed(**body["framed"]) if body.get("framed") else None})


def video(body: Mapping[str, Any]) -> Video:
    return Video(**{**body, "captions": tuple(Captions(**each) for each in body["captions"])})
