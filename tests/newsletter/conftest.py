"""A post office with a real mail server behind it, and Dora and her neighbours who read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.newsletter.mailbox import Mailbox, mail_server


@pytest.fixture
def mailbox(transactional_db: None, settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as (found, address):
        settings.SMTP = address
        settings.MAIL_FROM = "Stadt Trier <newsletter@trier.example>"
        settings.DESK_URL = "https://redaktion.trier.example"
        yield found
