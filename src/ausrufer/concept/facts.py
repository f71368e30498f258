"""What pages say of the city, read from its published concept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ausrufer.concept.models import Concept


@dataclass(frozen=True)
class City:
    name: str  # "Stadt Trier"
    website: str
    body: str  # "Rathaus der Stadt Trier"
    represented_by: str
    street: str
    postal_code: str
    town: str
    phone: str
    fax: str
    email: str
    vat_id: str
    care: str  # the office that is responsible for the channel
    contacts: tuple[str, ...]  # "Name, Funktion, Telefon"
    privacy_url: str
    officer: dict[str, Any]  # data protection officer
    authority: dict[str, Any]  # supervisory authority
    alternatives: tuple[tuple[str, str], ...]  # (label, address), no login needed
    contact_pages: tuple[tuple[str, str], ...]
    concept_url: str


NOBODY = City("Unsere Stadt", "", "Rathaus", "", "", "", "", "", "", "", "", "Pressestelle", (), "", {}, {}, (), (), "")


def city() -> City:
    """The newest concept's facts; a nameless city while there is none."""
    concept = Concept.objects.first()
    return from_facts(concept.facts) if concept else NOBODY


def from_facts(facts: dict[str, Any]) -> City:
    chapters = facts["chapters"]
    responsibility, privacy = chapters["responsibility"], chapters["privacy"]
    imprint, address = responsibility["imprint"], responsibility["imprint"]["address"]
    alternatives = chapters["alternatives"]
    return City(
        name=facts["organisation"]["name"],
        website=facts["organisation"]["website"],
        body=imprint["body"],
        represented_by=f"{imprint['represented_by']['office']}, {imprint['represented_by']['name']}",
        street=address["street"],
        postal_code=address["postal_code"],
        town=address["city"],
        phone=imprint["phone"],
        fax=imprint["fax"],
        email=imprint["email"],
        vat_id=imprint["vat_id"],
        care=responsibility["care"]["office"],
        contacts=tuple(f"{each['name']}, {each['function']}, {each['phone']}" for each in responsibility["contacts"]),
        privacy_url=privacy["privacy_notice_url"],
        officer=privacy["data_protection_officer"],
        authority=privacy["supervisory_authority"],
        alternatives=linked(alternatives["information"]),
        contact_pages=linked(alternatives["contact"]),
        concept_url=chapters["publication_and_evaluation"]["published_at"],
    )


def linked(entries: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((each["label"], each["url"]) for each in entries if each.get("url"))
