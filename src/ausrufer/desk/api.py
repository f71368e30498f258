"""POST /api/posts writes and releases a post in one transaction; GET /api/posts/<address> tells where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from ausrufer.channels.models import Channel
from ausrufer.deliveries.board import Row, board
from ausrufer.deliveries.models import Release
from ausrufer.deliveries.publish import publish
from ausrufer.desk.compose_form import LANGUAGES
from ausrufer.desk.headers import arrived
from ausrufer.desk.tokens import person_with
from ausrufer.kernel.clock import LOCAL
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.compose import save_draft, start_draft
from ausrufer.posts.models import Topic
from ausrufer.posts.render import page_address
from ausrufer.posts.trouble import NotAllowed, NotReady, PostTrouble

FIELDS = {"text", "topic", "channels", "due_at", "language"}
View = Callable[..., HttpResponse]


class BadField(Exception):
    """Names the field and the remedy."""

    def __init__(self, field: str, remedy: str) -> None:
        self.field = field
        self.remedy = remedy
        super().__init__(f"{field}: {remedy}")


def known_person(view: View) -> View:
    """By token, or by the desk's own session with its CSRF token; everybody else is told how to log in."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        person = person_with(token.strip()) if scheme.lower() == "bearer" else session_person(request)
        if person is None:
            remedy = "Bitte mit „Authorization: Bearer <Zugangswort>“ anfragen; es steht im Konto an der Redaktion."
            return refused(401, [("authorization", remedy)])
        request.user = person
        return view(request, *given, **named)

    return guarded


def session_person(request: HttpRequest) -> User | None:
    if not isinstance(request.user, User):
        return None
    forged = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, lambda _: HttpResponse(), (), {})
    return request.user if forged is None else None


def only(*methods: str, remedy: str) -> Callable[[View], View]:
    """Every other method is refused with a sentence."""

    def guarding(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            if request.method in methods:
                return view(request, *given, **named)
            answer = refused(405, [("method", remedy)])
            answer["Allow"] = ", ".join(methods)
            return answer

        return guarded

    return guarding


@known_person
@only("POST", remedy="Hier wird mit POST geschrieben. Gelesen wird mit GET unter /api/posts/<Adresse des Beitrags>.")
def create(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        with transaction.atomic():
            release = written(entries(request), by=request.user, since=arrived(request))
    except BadField as trouble:
        return refused(422, [(trouble.field, trouble.remedy)])
    except NotReady as trouble:
        return refused(422, [(each.field, str(each)) for each in trouble.problems])
    except NotAllowed as trouble:
        return refused(403, [("authorization", str(trouble))])
    except PostTrouble as trouble:
        return refused(409, [("", str(trouble))])
    return JsonResponse(account(release), status=201)


@known_person
@only("GET", "HEAD", remedy="Hier wird mit GET gelesen. Geschrieben wird mit POST unter /api/posts.")
def read(request: HttpRequest, address: str) -> HttpResponse:
    release = Release.objects.filter(post__address=address).select_related("post").first()
    if release is None:
        return refused(404, [("address", f"Einen freigegebenen Beitrag {address} gibt es nicht.")])
    return JsonResponse(account(release))


def entries(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except RequestDataTooBig as error:
        raise BadField("", "Der Inhalt ist größer als 2 MB. Bitte kürzen.") from error
    except (ValueError, RecursionError, RawPostDataException) as error:
        raise BadField("", 'Der Inhalt muss JSON sein, z. B. {"text": "…", "topic": "roadworks"}.') from error
    if not isinstance(found, dict):
        raise BadField("", "Der Inhalt muss ein JSON-Objekt sein.")
    if unknown := sorted(set(found) - FIELDS):
        raise BadField(unknown[0], f"Dieses Feld gibt es nicht. Es gibt: {', '.join(sorted(FIELDS))}.")
    return found


def written(found: dict[str, Any], *, by: User, since: float | None) -> Release:
    post = start_draft(by)
    post = save_draft(
        post,
        by=by,
        revision=post.revision,
        text=text_in(found, "text"),
        topic=topic_in(found),
        channels=channels_in(found),
        language=language_in(found),
        due_at=due_in(found),
    )
    return publish(post, by=by, revision=post.revision, arrived=since)


def text_in(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadField(name, "Hier wird ein Text erwartet.")
    return value


def language_in(found: dict[str, Any]) -> str:
    known = dict(LANGUAGES)
    language = found.get("language", "de")
    if not isinstance(language, str) or language not in known:
        raise BadField("language", f"Bitte eines von: {', '.join(known)}.")
    return language


def topic_in(found: dict[str, Any]) -> Topic:
    known = {topic.key: topic for topic in Topic.objects.all()}
    key = found.get("topic")
    if not isinstance(key, str) or key not in known:
        raise BadField("topic", f"Bitte eines von: {', '.join(known)}.")
    return known[key]


def channels_in(found: dict[str, Any]) -> list[Channel]:
    """Left out: those that the compose page ticks by itself. The website is always with them."""
    known = {channel.key: channel for channel in Channel.objects.filter(is_active=True)}
    keys = found.get("channels")
    if keys is None:
        return [channel for channel in known.values() if channel.chosen_by_default]
    if not isinstance(keys, list) or any(key not in known for key in map(str, keys)):
        raise BadField("channels", f"Bitte eine Liste aus: {', '.join(known)}.")
    return [known[str(key)] for key in keys]


def due_in(found: dict[str, Any]) -> datetime | None:
    value = found.get("due_at")
    if value is None:
        return None
    remedy = "Bitte eine Zeit, die noch kommt, z. B. 2026-11-30T07:00+01:00; ohne Zone gilt die Ortszeit."
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:  # a number is no time, though 20290101 reads like a day
        raise BadField("due_at", remedy) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    if moment <= database_now():
        raise BadField("due_at", remedy)
    return moment


def account(release: Release) -> dict[str, Any]:
    rows = board(release).rows
    return {
        "address": release.post.address,
        "url": page_address(release.post),
        "released_at": release.released_at.isoformat(),
        "due_at": release.due_at.isoformat() if release.due_at else None,
        "deliveries": [receipt(each) for each in rows if not each.follows],
        "follow_ups": [receipt(each) for each in rows if each.follows],  # pictures or a film, after a crisis's text
    }


def receipt(row: Row) -> dict[str, Any]:
    delivery = row.delivery
    return {
        "channel": delivery.channel.key,
        "state": delivery.state,
        "needs_person": delivery.needs_person,
        "shown": row.wording,  # "Text mit Link, 1 Bild": which of the approved renditions it is
        "sentence": " ".join(map(str, row.below if isinstance(row.below, tuple) else (row.below,))) or None,
        "seconds": None if delivery.seconds_to_seen is None else round(delivery.seconds_to_seen, 3),
        "seen_at": delivery.seen_at.isoformat() if delivery.seen_at else None,
        "url": delivery.address or None,
    }


def refused(status: int, troubles: list[tuple[str, str]]) -> JsonResponse:
    errors = [{"field": field, "remedy": remedy} for field, remedy in troubles]
    return JsonResponse({"errors": errors}, status=status)
