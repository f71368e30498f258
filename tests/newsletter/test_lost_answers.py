"""A relay that takes letters and never says so: few are left in doubt, and no warning comes for ever."""

from __future__ import annotations

import pytest

from ausrufer.newsletter.lines import CONNECTIONS, PAUSES
from ausrufer.newsletter.mailings import RELAY_AWAY, RELAY_PAUSE, carry_out
from ausrufer.newsletter.smtp import RelayAway, understood
from tests import town
from tests.newsletter.mailbox import Mailbox
from tests.newsletter.readers import opened, order, readers, sent, standing


def test_a_relay_that_never_says_how_it_ended_is_not_given_the_whole_list(mailbox: Mailbox) -> None:
    addresses, story = readers(60), order()
    mailbox.hangs_up_after = 1

    done = sent(story)
    assert (done.unclear, done.open, done.trouble) == (CONNECTIONS, 60 - CONNECTIONS, RELAY_AWAY)
    mailbox.hangs_up_after = 0
    town.let_time_pass(RELAY_PAUSE)
    carry_out(opened(story).pk)
    assert (standing(story).unclear, standing(story).sent) == (CONNECTIONS, 60 - CONNECTIONS)
    assert mailbox.recipients == dict.fromkeys(addresses, 1)


def test_in_a_crisis_such_a_relay_gets_everybodys_warning_and_few_copies(mailbox: Mailbox) -> None:
    addresses, story = readers(120), order(urgent=True)
    mailbox.hangs_up_after = 1

    sent(story)
    assert mailbox.recipients == dict.fromkeys(addresses, 2)  # everybody, and once again
    for pause in (*PAUSES, RELAY_PAUSE, RELAY_PAUSE):  # to such a relay the last ones go a few at a time
        town.let_time_pass(pause)
        carry_out(opened(story).pk)
    assert (standing(story).unclear, standing(story).open) == (120, 0)
    assert mailbox.recipients == dict.fromkeys(addresses, len(PAUSES) + 1)


@pytest.mark.parametrize("line", [b"", b"2", b"25", b"199 ok", b"600 ok", b"999 ok", b"2500 ok", b"HTTP/1.1 200 OK"])
def test_what_is_no_answer_is_no_refusal_either(line: bytes) -> None:
    with pytest.raises(RelayAway, match="no SMTP"):
        understood(line + b"\r")


@pytest.mark.parametrize("line", [b"250", b"250 ok", b"250-ok", b"421 bye", b"550 5.1.1 No such user"])
def test_what_is_an_answer_is_understood(line: bytes) -> None:
    reply, is_last = understood(line + b"\r")
    assert (reply.code, is_last) == (int(line[:3]), line[3:4] != b"-")
