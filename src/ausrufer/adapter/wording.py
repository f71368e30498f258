"""What became of a draft's text on a channel, in the one word that preview, receipt and own page name it by."""

from __future__ import annotations

from ausrufer.adapter.contract import Draft
from ausrufer.kernel.text import normal


def wording_of(draft: Draft, text: str, *, is_all: bool) -> str:
    """shortened | own | linked | whole. `text` is what is shown, `is_all` whether all pictures and videos are, too.

    Linked: nothing was cut, but what cannot be shown there is behind the address of the own page.
    """
    if not text.startswith(normal(draft.text)):
        return "shortened"
    if draft.is_variant:
        return "own"
    return "whole" if is_all else "linked"
