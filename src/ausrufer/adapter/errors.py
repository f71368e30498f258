"""The four kinds of trouble, each with its own next step.

Trouble
├── TryLater    busy, limited, unreachable, still processing   wait; costs no attempt
│   └── UnderWay    a mailing that is getting on               as above, however long it takes
├── Rejected    this content is refused                        next rendition, then back to the author
├── LockedOut   our access is gone                             the channel is held until it is connected again
│   └── Banned      the platform restricted our account        as above; only the platform can help
└── Unclear     it may or may not be out                       find; never repeat blindly

LostClaim       not trouble: somebody else holds the delivery, so stop without a trace
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import writable

LONGEST_WAIT = 86_400.0  # seconds; who asks for more is asked again tomorrow


class Holds(StrEnum):
    """What a `TryLater` makes wait."""

    DELIVERY = "delivery"  # only this delivery
    WRITING = "writing"  # everything this channel would publish
    READING = "reading"  # everything this channel would look at


class Trouble(Exception):
    """Something went wrong at a platform.

    `sentence` is for the editor (German), `diagnostic` for the log only; answer bodies never reach the screen.
    `so_far` replaces the delivery's stored progress when it is given.
    """

    def __init__(
        self, sentence: Sentence | str, *, diagnostic: str = "", so_far: Mapping[str, Any] | None = None
    ) -> None:
        said = Sentence(sentence) if isinstance(sentence, str) else sentence
        self.sentence = Sentence(
            said.text, writable(said.values)
        )  # neither a log nor the database takes all that comes
        self.diagnostic: str = writable(diagnostic)
        self.so_far = so_far
        super().__init__(f"{self.sentence} [{self.diagnostic}]" if diagnostic else str(self.sentence))


class TryLater(Trouble):
    """The platform cannot take it at the moment; nothing of this call is public.

    `seconds` from now, because a platform's clock is not ours; the delivery's own clock turns it into a time.
    """

    def __init__(
        self,
        sentence: Sentence | str,
        *,
        seconds: float,
        holds: Holds = Holds.DELIVERY,
        diagnostic: str = "",
        so_far: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence, diagnostic=diagnostic, so_far=so_far)
        self.seconds = min(seconds, LONGEST_WAIT)
        self.holds = holds


class UnderWay(TryLater):
    """Work for many that is getting on, like a mailing: it may take its time, and nobody has to be told."""


class Rejected(Trouble):
    """The platform refuses this content, and would refuse it again."""


class LockedOut(Trouble):
    """Our access to the channel is gone; a person has to connect it again."""


class Banned(LockedOut):
    """The platform restricted our account: new access would not help, only the platform can."""


class Unclear(Trouble):
    """An act was begun and its answer is lost."""


class LostClaim(Exception):
    """The delivery is no longer ours; whoever holds it now carries on."""
