"""What a post still lacks before it may go out. Rules of the city, not of a view."""

from __future__ import annotations

from collections.abc import Sequence

from ausrufer.adapter.contract import Picture, Video
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import is_visible
from ausrufer.posts.models import Post
from ausrufer.posts.render import ChannelRenditions, renditions
from ausrufer.posts.trouble import Problem

BARE_PICTURE = "Bild {number} braucht eine Beschreibung oder das Zeichen „schmückend“."
BARE_VIDEO = "Video {number} braucht eine Beschreibung oder das Zeichen „schmückend“."
LONG_PICTURE = "Die Beschreibung von Bild {number} ist für {channel} zu lang: {count} von {limit} Zeichen."
LONG_VIDEO = "Die Beschreibung von Video {number} ist für {channel} zu lang: {count} von {limit} Zeichen."
NOT_YET = "Video {number} ist noch nicht ganz hochgeladen. Bitte warten oder entfernen."
REFUSED = "Video {number} ließ sich nicht verwenden. Bitte entfernen."


def problems(post: Post, rendered: list[ChannelRenditions] | None = None) -> list[Problem]:
    """Everything at once, in the order of the page; empty when the post may be released."""
    found: list[Problem] = []
    if not is_visible(post.text):
        found.append(Problem("text", Sentence("Der Text fehlt.")))
    if post.topic is None:
        found.append(Problem("topic", Sentence("Das Thema fehlt.")))
    found += picture_problems(post)
    if post.due_at and post.useful_until and post.useful_until <= post.due_at:
        found.append(Problem("useful_until", Sentence("Der Beitrag wäre schon vorbei, bevor er hinausgeht.")))
    elif post.useful_until and post.useful_until <= database_now():
        found.append(Problem("useful_until", Sentence("Der Beitrag ist nach Ihrer Angabe schon vorbei.")))
    if post.text:
        found += channel_problems(renditions(post) if rendered is None else rendered)
    return found


def picture_problems(post: Post) -> list[Problem]:
    found = []
    numbers = {False: 0, True: 0}
    for each in post.attachments.select_related("upload"):
        numbers[each.is_video] += 1
        values = {"number": str(numbers[each.is_video])}
        if not each.is_ready and not each.is_awaited:
            is_refused = each.upload is None or not each.upload.is_open
            found.append(Problem("pictures", Sentence(REFUSED if is_refused else NOT_YET, values)))
        if not each.alt.strip() and not each.decorative:
            found.append(Problem("pictures", Sentence(BARE_VIDEO if each.is_video else BARE_PICTURE, values)))
    return found


def channel_problems(rendered: list[ChannelRenditions]) -> list[Problem]:
    lacking = [
        Problem(f"channel:{each.channel.key}", Sentence("{channel} braucht ein Bild.", {"channel": each.channel.name}))
        for each in rendered
        if each.platform.capabilities.needs_picture and not each.wanted.media
    ]
    longer = [problem for each in rendered for problem in description_problems(each)]
    return (
        lacking
        + longer
        + [
            Problem(
                f"channel:{each.channel.key}",
                Sentence(
                    "Für {channel} ist der Text zu lang: {count} von {limit}.",
                    {"channel": each.channel.name, "count": str(each.wanted.count), "limit": str(each.wanted.limit)},
                ),
            )
            for each in rendered
            if not each.wanted.fits
        ]
    )


def description_problems(rendered: ChannelRenditions) -> list[Problem]:
    """A description is never cut on the way: what a channel would not take whole is said here."""
    most = rendered.channel.limits.get("max_alt") or rendered.platform.capabilities.max_alt
    found = []
    for rendition in (rendered.wanted, *rendered.follow_ups[:1], *rendered.films[:1]):
        kinds: list[tuple[str, Sequence[Picture | Video]]] = [
            (LONG_PICTURE, rendition.pictures),
            (LONG_VIDEO, rendition.videos),
        ]
        for sentence, shown in kinds:
            for number, each in enumerate(shown, 1):
                if most and len(each.alt) > most:
                    facts = {"number": number, "channel": rendered.channel.name, "count": len(each.alt), "limit": most}
                    values = {name: str(value) for name, value in facts.items()}
                    found.append(Problem("pictures", Sentence(sentence, values)))
    return found
