"""What a platform can do, as data: the desk draws counters, warnings and buttons from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SendsPictures(StrEnum):
    """How pictures reach the platform."""

    NEVER = "never"
    UPLOAD = "upload"  # we send the bytes
    ADDRESS = "address"  # the platform fetches a public address
    PAGE = "page"  # they stand on our own page
    HAND = "hand"  # a person carries them there


class ConfirmsBy(StrEnum):
    """What a receipt can rest on."""

    PAGE = "page"  # the public page was seen
    API = "api"  # the platform's interface says so
    ACCEPTED = "accepted"  # it was taken, nothing more can be known
    PERSON = "person"  # somebody looked


@dataclass(frozen=True)
class Capabilities:
    max_text: int | None = None  # in the platform's own measure; None: no limit
    measure: str = "Zeichen"  # what is counted, in words for the desk
    max_pictures: int = 0
    max_alt: int | None = None  # code points
    sends_pictures: SendsPictures = SendsPictures.NEVER
    confirms_by: ConfirmsBy = ConfirmsBy.API
    max_videos: int = 0
    shows_captions: bool = False  # of its videos; where it does not, the desk says so before release
    needs_picture: bool = False  # a text alone is refused before release
    can_find: bool = False
    can_withdraw: bool = False
    can_edit: bool = False
    can_reply: bool = False  # `Order.reply_to` is honoured: linked corrections, pictures that follow
    can_chain: bool = False  # `Rendition.more` is honoured
    has_warning: bool = False  # `Rendition.warning` is shown
    has_limits: bool = False
    has_look_ups: bool = False
    has_replies: bool = False
    has_metrics: bool = False
    has_profile: bool = False
    connects_by_redirect: bool = False
    public_so_far: tuple[str, ...] = ()  # entries of `so_far` that say: some of it is out; see `Platform.begun`
    can_rehearse: bool = False  # the test of a channel makes a draft nobody sees
    renews: bool = False
    has_brief_access: bool = False  # for hours only, and renewed by itself: nobody is told that it ends
    is_by_hand: bool = False  # a person carries it there and says where it is
    is_costly: bool = False  # posts are paid for: `Supplies.ledger`
    is_own: bool = False  # the city's own pages: always on, first, sent again without harm
    usual_delay: float = 2.0  # seconds after which an accepted post can be found
    longest_call: float = 30.0  # seconds; a lease covers it
    seen_within: float = 120.0  # seconds after acceptance; later it is unclear


@dataclass(frozen=True)
class Look:
    """Plain data from which the desk draws a preview."""

    kind: str = "post"  # page | post
    radius: int = 6  # pixels
    handle: str = ""  # a setting's name that holds the account's visible handle
    shows_first_sentence_large: bool = False
