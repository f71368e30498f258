"""What happens on which channel once the button is pressed, one sentence for all channels of which it is true."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ausrufer.desk.templatetags.desk import said
from ausrufer.posts.models import Post
from ausrufer.posts.render import ChannelRenditions, are_carried

LINKED = ("linked", "text_only")  # the link stands for what is not shown


def remarks(post: Post, rendered: list[ChannelRenditions], trouble_of: dict[str, str]) -> list[str]:
    found = [_("Eilmeldung: Sie geht allen anderen vor.")] if post.urgent else []
    found += follow_words(rendered)
    if rendered[0].wanted.awaits:  # the own pages show every film
        found += film_words(rendered)
    found += shown_words(rendered)
    later: dict[str, list[str]] = {}
    for each in rendered:
        if words := trouble_of[each.channel.key]:
            later.setdefault(words, []).append(each.channel.name)
    return found + [later_words(names, said(words)) for words, names in later.items()]


def follow_words(rendered: list[ChannelRenditions]) -> list[str]:
    """Where the text of a crisis goes first, and where it does not."""
    first = [each for each in rendered if each.follow_ups]
    if not first:
        return []
    kinds = {
        (min(2, len(rendition.pictures)), min(2, len(rendition.videos)))
        for each in first
        for rendition in each.follow_ups[:1]
    }
    words = {
        (1, 0): _("Auf %(channels)s geht erst der Text hinaus, das Bild folgt als Antwort."),
        (2, 0): _("Auf %(channels)s geht erst der Text hinaus, die Bilder folgen als Antwort."),
        (0, 1): _("Auf %(channels)s geht erst der Text hinaus, das Video folgt als Antwort."),
    }.get(
        kinds.pop() if len(kinds) == 1 else (0, 0),
        _("Auf %(channels)s geht erst der Text hinaus, alles Weitere folgt als Antwort."),
    )
    at_once = [each for each in rendered[1:] if shows_all_at_once(each)]
    both = _("Auf %(channels)s geht beides zugleich hinaus.")
    return [words % {"channels": names(first)}, *([both % {"channels": names(at_once)}] if at_once else [])]


def shows_all_at_once(each: ChannelRenditions) -> bool:
    is_carried = are_carried(each.platform.capabilities) and bool(each.wanted.media)
    return is_carried and not each.waits and each.wanted.wording not in LINKED


def film_words(rendered: list[ChannelRenditions]) -> list[str]:
    """What becomes of a post whose film is still being made."""
    following = [each for each in rendered if each.films]
    waiting = [each for each in rendered if each.waits]
    falling_back = [each for each in waiting if not each.platform.capabilities.needs_picture]
    found = []
    if following:
        words = _(
            "Das Video wird noch umgewandelt: Auf %(channels)s geht der Text sofort hinaus, "
            "das Video folgt als Antwort."
        )
        found.append(words % {"channels": names(following)})
    if falling_back:
        words = _(
            "Das Video wird noch umgewandelt: Höchstens fünf Minuten wird darauf gewartet (%(channels)s), "
            "dann geht dort der Text mit Link hinaus."
        )
        found.append(words % {"channels": ", ".join(each.channel.name for each in falling_back)})
    for each in (each for each in waiting if each.platform.capabilities.needs_picture):
        words = _("%(channel)s wartet, bis das Video umgewandelt ist: Ohne Bild oder Video geht dort nichts hinaus.")
        if each.goes_without:
            words = _("%(channel)s wartet höchstens fünf Minuten auf das Video, dann gehen dort die Bilder ohne es.")
        found.append(words % {"channel": each.channel.name})
    return found or [_("Das Video wird noch umgewandelt: Auf der Website erscheint es, sobald es fertig ist.")]


def shown_words(rendered: list[ChannelRenditions]) -> list[str]:
    shortened = [each for each in rendered if each.wanted.wording == "shortened"]
    linked = [each for each in rendered if each.wanted.wording in LINKED]
    found = []
    if shortened:
        words = ngettext(
            "%(channels)s erscheint gekürzt mit Link.", "%(channels)s erscheinen gekürzt mit Link.", len(shortened)
        )
        found.append(words % {"channels": names(shortened)})
    if linked:
        words = ngettext(
            "%(channels)s zeigt den ganzen Text mit Link.",
            "%(channels)s zeigen den ganzen Text mit Link.",
            len(linked),
        )
        found.append(words % {"channels": names(linked)})
    return found


def names(rendered: list[ChannelRenditions]) -> str:
    """Threads, Bluesky und X"""
    return together([each.channel.name for each in rendered])


def together(words: list[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(first)s und %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def later_words(channels: list[str], words: str) -> str:
    if len(channels) == 1:
        return _("%(channel)s folgt später: %(words)s.") % {"channel": channels[0], "words": words}
    told = {"first": ", ".join(channels[:-1]), "last": channels[-1], "words": words}
    return _("%(first)s und %(last)s folgen später: %(words)s.") % told
