"""What the slip beside a mailing says after a kill: who was written to, who was not, and who may have been."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from ausrufer.adapter import supplies
from ausrufer.adapter.contract import Order
from ausrufer.kernel.apart import run_apart
from ausrufer.newsletter import slip
from ausrufer.newsletter.journal import Journal, Reader
from ausrufer.newsletter.mailings import carry_out, hand_over, slip_of
from ausrufer.newsletter.models import Fate, Mailing, Recipient
from ausrufer.newsletter.slip import Slip
from tests.newsletter.mailbox import Mailbox
from tests.newsletter.readers import opened, order, readers, sent, standing


def killed(story: Order, *, begun: int, ended: int) -> list[str]:
    """All were taken; the first `ended` have their verdict on the slip, `begun` more had a letter on its way."""
    mailing = opened(story)
    Recipient.objects.filter(mailing=mailing).update(state=Fate.SENDING)
    taken = list(Recipient.objects.filter(mailing=mailing).order_by("id"))
    paper = Slip(slip_of(mailing))
    paper.start_afresh()
    for each in taken[: ended + begun]:
        paper.begin(each.pk)
    for each in taken[:ended]:
        paper.end(each.pk, (Fate.SENT, "", 0.0))
    paper.close()
    return [each.address for each in taken]


def test_of_a_hundred_in_our_hands_only_the_letter_on_its_way_is_in_doubt(mailbox: Mailbox) -> None:
    readers(100)
    story = order()
    addresses = killed(story, ended=40, begun=1)

    assert sent(story) == supplies.Mailing(100, sent=99, failed=0, unclear=1, open=0)
    assert mailbox.recipients == dict.fromkeys(addresses[41:], 1)


def test_in_a_crisis_the_letter_in_doubt_goes_again(mailbox: Mailbox) -> None:
    readers(100)
    story = order(urgent=True)
    addresses = killed(story, ended=40, begun=1)

    assert sent(story).sent == 100
    assert set(mailbox.recipients) == set(addresses[40:])


def test_after_a_power_cut_silence_means_nothing(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    readers(20)
    story = order()
    killed(story, ended=5, begun=1)
    started_again = tmp_path / "boot_id"
    started_again.write_text("ein anderer Start")
    monkeypatch.setattr(slip, "BOOT", started_again)

    assert sent(story) == supplies.Mailing(20, sent=5, failed=0, unclear=15, open=0)
    assert not mailbox.mails


def test_a_line_that_broke_off_is_no_verdict(mailbox: Mailbox) -> None:
    readers(3)
    story = order()
    killed(story, ended=0, begun=1)
    with slip_of(opened(story)).open("ab") as paper:
        paper.write(f'[{Recipient.objects.earliest("id").pk}, ["sent", "'.encode())

    assert sent(story) == supplies.Mailing(3, sent=2, failed=0, unclear=1, open=0)


def test_a_mailing_that_has_ended_leaves_no_slip(
    mailbox: Mailbox, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    readers(3)
    story = order()
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(opened(story).pk)

    assert standing(story).sent == 3
    assert not slip_of(opened(story)).exists()


def test_on_a_full_disk_no_letter_leaves_without_its_line(tmp_path: Path) -> None:
    """Half a line says nothing: after a kill, its letter would go a second time."""
    paper = Slip(tmp_path / "voll.slip")
    paper.start_afresh()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (paper.path.stat().st_size + 2, hard))
    try:
        with pytest.raises(OSError):
            paper.begin(4711)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        paper.close()


def test_nothing_is_written_beside_a_slip_that_is_closed(tmp_path: Path) -> None:
    """Its number belongs to the next file somebody opens; and the letter would leave without its line."""
    paper = Slip(tmp_path / "zu.slip")
    paper.close()
    with (tmp_path / "seite.html").open("wb") as page:
        with pytest.raises(OSError):
            paper.begin(4711)
        page.flush()
    assert (tmp_path / "seite.html").read_bytes() == b""


def test_when_one_line_breaks_the_others_have_ended_too(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they would go on writing letters, with the slip closed and nobody to note what became of them."""
    readers(60)
    take = Journal.take
    left: list[asyncio.Task[Any]] = []

    async def breaks(self: Journal, number: int) -> list[Reader]:
        if len(mailbox.mails) >= 5:
            raise psycopg.OperationalError("away")
        return await take(self, number)

    async def tasks(mailing: Mailing) -> None:
        with pytest.raises(psycopg.OperationalError):
            await hand_over(mailing, lambda: False)

    closes = Slip.close

    def close(self: Slip) -> None:
        left.extend(each for each in asyncio.all_tasks() if "Lines._line" in repr(each.get_coro()))
        closes(self)

    monkeypatch.setattr(Journal, "take", breaks)
    monkeypatch.setattr(Slip, "close", close)
    run_apart(tasks(opened(order())))
    assert left == []
