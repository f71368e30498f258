"""What a failed container says (sheet, section 3.3): the text goes with the link, and nothing is waited for."""

from __future__ import annotations

import httpx
import pytest

from tests.platforms.errand import Errand, draft
from tests.platforms.graph import ANSWERS, Graph, answered, fields_of
from tests.platforms.rigs import picture

REASONS = sorted(path.stem for path in (ANSWERS / "containers").glob("*.json"))


@pytest.mark.parametrize("reason", REASONS)
def test_whatever_was_wrong_with_the_media_the_text_goes(reason: str) -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        is_status = fields_of(request).get("fields") == "status,error_message"
        return answered(f"containers/{reason}") if is_status else None

    graph = Graph(fails)
    story = Errand(graph.connect(), graph.connect().render(draft(pictures=(picture("bruecke"),))))
    assert story.send() is None
    assert story.refusals == ["Threads konnte die Bilder nicht verarbeiten."]

    assert story.send() and story.rendition.wording == "text_only"
    assert story.waits == []
