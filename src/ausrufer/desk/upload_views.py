"""Uploads that may break off: the core of tus 1.0 (https://tus.io/protocols/resumable-upload), with creation."""

from __future__ import annotations

import base64
import binascii
import contextlib
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from ausrufer.desk.compose import draft_for
from ausrufer.desk.people import reader_of
from ausrufer.desk.templatetags.desk import said
from ausrufer.kernel.sentence import Sentence
from ausrufer.media import uploads
from ausrufer.media.models import Upload, UploadState
from ausrufer.media.trouble import BadMedia
from ausrufer.people.models import User
from ausrufer.posts import videos
from ausrufer.posts.models import Attachment
from ausrufer.posts.page import written_on
from ausrufer.posts.trouble import PostTrouble

TUS = {"Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0", "Tus-Extension": "creation"}
PIECE = "application/offset+octet-stream"


@require_POST
def start(request: HttpRequest, address: str) -> HttpResponse:
    """The size comes first, so that what we would refuse anyway is not sent."""
    if wrong := other_version(request):
        return wrong
    post, reader = draft_for(request, address)
    length = request.headers.get("Upload-Length", "")
    if not length.isascii() or not length.isdecimal() or len(length) > 15:
        return refusal(400, _("Die Größe der Datei fehlt."))
    if hasattr(post, "release"):
        return refusal(409, _("Dieser Beitrag ist schon freigegeben und kann nicht mehr geändert werden."))
    name = metadata(request.headers.get("Upload-Metadata", "")).get("filename", "")
    try:
        upload = uploads.start(by=reader, post=post.address, name=name, size=int(length))
    except BadMedia as trouble:
        return refusal(413, said(trouble.sentence))
    videos.expect(upload)
    return HttpResponse(status=201, headers={**TUS, "Location": reverse("upload", args=[upload.key])})


class Pieces(View):
    """One upload, for the person who began it only."""

    def head(self, request: HttpRequest, key: UUID) -> HttpResponse:
        upload = own_upload(request, key)
        state = {"Upload-Offset": str(uploads.offset_of(upload)), "Upload-Length": str(upload.size)}
        return HttpResponse(headers={**TUS, **state, "Cache-Control": "no-store"})

    def patch(self, request: HttpRequest, key: UUID) -> HttpResponse:
        if wrong := other_version(request):
            return wrong
        if request.content_type != PIECE:
            return HttpResponse(status=415, headers=TUS)
        upload, offset = own_upload(request, key), request.headers.get("Upload-Offset", "")
        try:
            upload = uploads.append(upload, offset=int(offset) if offset.isdecimal() else -1, body=request)
        except FileNotFoundError:
            return HttpResponse(status=410, headers=TUS)
        except uploads.WrongOffset:
            return HttpResponse(status=409, headers=TUS)
        except uploads.Busy:
            return HttpResponse(status=423, headers=TUS)
        if upload.state == UploadState.WAITING:
            # Trouble stands in the upload, where `get` reads it; the bytes themselves all came.
            with contextlib.suppress(PostTrouble), written_on(request.headers.get("Ausrufer-Page", "")):
                finish(upload, reader_of(request))
        return HttpResponse(status=204, headers={**TUS, "Upload-Offset": str(upload.received)})

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        upload = own_upload(request, key)
        words = said(Sentence.from_json(upload.sentence)) if upload.sentence else ""
        return JsonResponse({"state": upload.state, "progress": upload.progress, "sentence": words})

    def options(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return HttpResponse(status=204, headers={**TUS, "Tus-Max-Size": str(uploads.MAX_SIZE)})


@require_safe
def progress(request: HttpRequest, address: str) -> HttpResponse:
    """How far the videos of a draft are; once one has ended, the page asks for all of it."""
    post, _reader = draft_for(request, address)
    shown = list(post.attachments.filter(kind=Attachment.Kind.VIDEO).select_related("upload"))
    response = render(request, "desk/video_progress.html", {"videos": shown, "pieces_only": True})
    seen = set(request.GET.getlist("open"))
    still = {str(each.pk) for each in shown if each.upload and each.upload.is_open}
    if seen - still:
        response["HX-Trigger"] = "mediaChanged"
    return response


def finish(upload: Upload, reader: User) -> None:
    """The whole file is here. Raises PostTrouble; the upload says why, too."""
    videos.take(upload, by=reader)


def own_upload(request: HttpRequest, key: UUID) -> Upload:
    upload = get_object_or_404(Upload, key=key)
    if upload.by_id != reader_of(request).pk:
        raise Http404
    return upload


def metadata(header: str) -> dict[str, str]:
    """`filename d29ybGQ=,…`: keys with values in base64."""
    found = {}
    for each in header.split(","):
        key, _, value = each.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8", "replace").replace("\0", "")
        except binascii.Error:
            continue
    return found


def other_version(request: HttpRequest) -> HttpResponse | None:
    return None if request.headers.get("Tus-Resumable") == "1.0.0" else HttpResponse(status=412, headers=TUS)


def refusal(status: int, words: str) -> HttpResponse:
    return JsonResponse({"sentence": words}, status=status, headers=TUS)
