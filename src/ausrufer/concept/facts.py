"""What pages say of the city, read from its published concept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ausrufer.concept.models import Concept


@dataclass(frozen=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to; "" for what the concept does not say."""

    name: str
    function: str = ""
    place: str = ""  # "Postfach 30 40, 55020 Mainz"
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class City:
    name: str = "Unsere Stadt"
    website: str = ""
    body: str = "Rathaus"
    represented_by: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    vat_id: str = ""
    care: str = "Pressestelle"  # the office that is responsible for the channel
    contacts: tuple[Contact, ...] = ()
    privacy_url: str = ""
    officer: Contact | None = None  # data protection officer
    authority: Contact | None = None  # supervisory authority
    alternatives: tuple[Link, ...] = ()  # to read without a login
    contact_pages: tuple[Link, ...] = ()
    concept_url: str = ""
    profiles: tuple[tuple[str, str], ...] = ()  # (key of the platform, address of the city's profile there)


def city() -> City:
    """The newest concept's facts; a nameless city while there is none."""
    facts = Concept.objects.values_list("facts", flat=True).first()
    return from_facts(facts) if facts else City()


def from_facts(facts: dict[str, Any]) -> City:
    """Whatever the concept leaves open stays empty; no page may fail for it."""
    chapters = within(facts, "chapters")
    responsibility, privacy = within(chapters, "responsibility"), within(chapters, "privacy")
    imprint, alternatives = within(responsibility, "imprint"), within(chapters, "alternatives")
    address = within(imprint, "address")
    mayor = within(imprint, "represented_by")
    return City(
        name=said(facts, "organisation", "name") or City.name,
        website=said(facts, "organisation", "website"),
        body=said(imprint, "body") or City.body,
        represented_by=", ".join(filter(None, (said(mayor, "office"), said(mayor, "name")))),
        street=said(address, "street"),
        postal_code=said(address, "postal_code"),
        town=said(address, "city"),
        phone=said(imprint, "phone"),
        fax=said(imprint, "fax"),
        email=said(imprint, "email"),
        vat_id=said(imprint, "vat_id"),
        care=said(responsibility, "care", "office") or City.care,
        contacts=tuple(contact(each) for each in entries(responsibility, "contacts")),
        privacy_url=said(privacy, "privacy_notice_url"),
        officer=somebody(within(privacy, "data_protection_officer"), named_by="title"),
        authority=somebody(within(privacy, "supervisory_authority"), named_by="name"),
        alternatives=linked(entries(alternatives, "information")),
        contact_pages=linked(entries(alternatives, "contact")),
        concept_url=said(chapters, "publication_and_evaluation", "published_at"),
        profiles=profiles(within(facts, "channel")),
    )


def within(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        facts = facts.get(name) or {}
    return facts


def said(facts: dict[str, Any], *names: str) -> str:
    """The text that stands there, or ""."""
    value = within(facts, *names[:-1]).get(names[-1])
    return "" if value is None else str(value)


def entries(facts: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return facts.get(name) or []


def somebody(facts: dict[str, Any], *, named_by: str) -> Contact | None:
    return contact({**facts, "name": facts[named_by]}) if facts.get(named_by) else None


def contact(facts: dict[str, Any]) -> Contact:
    address = within(facts, "address")
    street = said(address, "street") or said(address, "po_box")
    town = " ".join(filter(None, (said(address, "postal_code"), said(address, "city"))))
    place = ", ".join(filter(None, (street, town)))
    return Contact(said(facts, "name"), said(facts, "function"), place, said(facts, "phone"), said(facts, "email"))


def linked(found: list[dict[str, Any]]) -> tuple[Link, ...]:
    return tuple(Link(each.get("short") or each["label"], each["url"]) for each in found if each.get("url"))


def profiles(channel: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    platform, url = said(channel, "platform"), said(channel, "url")
    return ((platform, url),) if platform and url else ()
