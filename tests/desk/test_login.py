"""Coming in, and not coming in."""

from __future__ import annotations

import pytest
from django.test import Client

from ausrufer.people.models import AuditEntry
from tests import town


@pytest.fixture
def amiras_browser(db: None) -> Client:
    amira = town.amira()
    amira.set_password("richtig")
    amira.save()
    return Client(headers={"accept-language": "de"})


def log_in(browser: Client, password: str) -> str:
    return browser.post("/anmelden", {"username": "amira", "password": password}, follow=True).content.decode()


def test_amira_logs_in_and_sees_her_day(amiras_browser: Client) -> None:
    assert "Beitrag schreiben" in log_in(amiras_browser, "richtig")
    assert AuditEntry.objects.filter(act="logged in").exists()


def test_a_wrong_password_is_told_in_one_sentence(amiras_browser: Client) -> None:
    assert "Benutzername oder Passwort stimmt nicht." in log_in(amiras_browser, "falsch")


def test_after_five_tries_even_the_right_password_waits(amiras_browser: Client) -> None:
    for _ in range(5):
        log_in(amiras_browser, "falsch")
    assert "Zu viele Versuche. Bitte warten Sie bis" in log_in(amiras_browser, "richtig")
    town.let_time_pass(301)
    assert "Beitrag schreiben" in log_in(amiras_browser, "richtig")


def test_tries_from_elsewhere_do_not_lock_amira_out(amiras_browser: Client) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        log_in(stranger, "geraten")
    assert "Beitrag schreiben" in log_in(amiras_browser, "richtig")


def test_the_record_of_tries_does_not_say_where_they_came_from(amiras_browser: Client) -> None:
    log_in(amiras_browser, "falsch")
    entry = AuditEntry.objects.get(act="login refused")
    assert "127.0.0.1" not in str(entry.facts)


def test_logging_out_ends_it(amiras_browser: Client) -> None:
    log_in(amiras_browser, "richtig")
    amiras_browser.post("/abmelden")
    assert amiras_browser.get("/").status_code == 302
