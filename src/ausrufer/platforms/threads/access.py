"""Connecting: a person agrees, and we hold a token of 60 days that renews itself (sheet, section 2)."""

from __future__ import annotations

from ausrufer.adapter.contract import Field, Profile
from ausrufer.adapter.graph_login import GraphLogin
from ausrufer.adapter.http import Answer

LOGIN = GraphLogin(
    platform="Threads",
    prefix="th",
    scopes=(
        "threads_basic,threads_content_publish,threads_delete,threads_read_replies,threads_manage_replies,"
        "threads_manage_insights"
    ),
    dialog="https://threads.net",
    codes="https://graph.threads.net",
    api="https://graph.threads.net",
)
FIELDS = (
    Field("handle", "Name des Kontos", "Ohne @, z. B. stadt_trier", is_required=False),
    Field("app_id", "Threads-App-ID", "Im Meta-Dashboard unter „Use cases“; nicht die Facebook-App-ID."),
    Field("app_secret", "Threads-App-Geheimnis", "Steht neben der Threads-App-ID.", is_secret=True),
    Field(
        "access_token",
        "Zugangsschlüssel",
        "Nur wenn er im Meta-Dashboard erzeugt wurde; sonst entsteht er beim Verbinden.",
        is_secret=True,
        is_required=False,
    ),
)


def profile_of(answer: Answer, base: str) -> Profile:
    body = answer.json()
    if not isinstance(body, dict) or not body.get("username"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no profile: {answer.excerpt}")
    handle = str(body["username"])
    return Profile(str(body.get("name") or handle), handle, f"{base}/@{handle}")
