"""Pictures of a draft: adding, replacing, ordering, removing; and showing them to who is logged in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ausrufer.desk.compose import conflict, context, draft_for, is_htmx, page, saved_entries
from ausrufer.desk.templatetags.desk import said
from ausrufer.desk.upload_views import finish
from ausrufer.kernel.sentence import Sentence
from ausrufer.media import uploads as arriving
from ausrufer.media.trouble import BadMedia
from ausrufer.people.models import User
from ausrufer.posts import picture_order, pictures, videos
from ausrufer.posts.models import Attachment, Caption, Post
from ausrufer.posts.page import written_on
from ausrufer.posts.trouble import BadPicture, ChangedMeanwhile, PostTrouble

Step = Callable[[], object]
MIMES = {ending: mime for mime, ending in pictures.ENDINGS.items()} | {"vtt": "text/vtt"}


@require_POST
def change_pictures(request: HttpRequest, address: str) -> HttpResponse:
    """Saves what was typed, then does what the button said: `remove=12`, `forward=12`, or the chosen files."""
    post, reader = draft_for(request, address)
    try:
        saved = saved_entries(request, post)
    except ChangedMeanwhile:
        return conflict(request, post)
    with written_on(request.POST.get("page", "")):
        troubles = change(request, saved.post, reader)
    fresh = Post.objects.select_related("author__office", "topic").get(pk=post.pk)
    if is_htmx(request):
        return shown(request, fresh, " ".join(troubles))
    return page(request, fresh, saved.problems, notice=" ".join(troubles)) if troubles else redirect("compose", address)


def change(request: HttpRequest, post: Post, reader: User) -> list[str]:
    """Sentences about what did not work; everything else was done."""
    removed, moved = request.POST.get("remove", ""), request.POST.get("forward", "")
    steps: list[Step] = []
    if removed:
        steps.append(lambda: pictures.remove(picture(post, removed), by=reader))
    elif uncaptioned := request.POST.get("uncaption", ""):
        steps.append(lambda: videos.remove_captions(caption(post, uncaptioned), by=reader))
    elif moved:
        steps.append(lambda: picture_order.move_forward(picture(post, moved), by=reader))
    else:
        steps += uploads(request, post, reader)
    troubles = []
    for step in steps:
        try:
            step()
        except PostTrouble as trouble:
            troubles.append(said(trouble.sentence))
    return troubles


def uploads(request: HttpRequest, post: Post, reader: User) -> list[Step]:
    def adding(file: UploadedFile[Any]) -> Step:
        return lambda: pictures.attach(post, file=readable(file), name=file.name or "", by=reader)

    def replacing(number: str, file: UploadedFile[Any]) -> Step:
        return lambda: picture_order.replace(
            picture(post, number), file=readable(file), name=file.name or "", by=reader
        )

    added = [adding(file) for file in request.FILES.getlist("pictures")]
    replaced = [
        replacing(name.removeprefix("replace-"), file)
        for name, file in request.FILES.items()
        if name.startswith("replace-") and isinstance(file, UploadedFile)
    ]
    return [*replaced, *added, *video_steps(request, post, reader)]


def video_steps(request: HttpRequest, post: Post, reader: User) -> list[Step]:
    """Without a script a video comes in one piece; captions always do."""

    def taking(file: UploadedFile[Any]) -> Step:
        return lambda: take_whole(post, file, reader)

    def captioning(number: str, file: UploadedFile[Any]) -> Step:
        language = request.POST.get(f"caption-language-{number}", "de")[:8]
        return lambda: videos.add_captions(
            picture(post, number), file=readable(file), name=file.name or "", language=language, by=reader
        )

    captioned = [
        captioning(name.removeprefix("captions-"), file)
        for name, file in request.FILES.items()
        if name.startswith("captions-") and isinstance(file, UploadedFile)
    ]
    return [*(taking(file) for file in request.FILES.getlist("media")), *captioned]


def take_whole(post: Post, file: UploadedFile[Any], reader: User) -> None:
    """Raises BadPicture."""
    if (file.size or 0) > pictures.MAX_UPLOAD:
        raise BadPicture(Sentence("„{name}“ ist größer als 30 MB.", {"name": file.name or "Datei"}))
    try:
        upload = arriving.start(by=reader, post=post.address, name=file.name or "", size=file.size or 0)
    except BadMedia as trouble:
        raise BadPicture(trouble.sentence) from trouble
    finish(arriving.append(upload, offset=0, body=file), reader)


def readable(file: UploadedFile[Any]) -> BinaryIO:
    """Django's uploaded file reads like any binary file, though its types do not say so."""
    return cast("BinaryIO", file)


def picture(post: Post, number: str) -> Attachment:
    return get_object_or_404(Attachment, post=post, pk=number if re.fullmatch(r"\d{1,18}", number) else None)


def caption(post: Post, number: str) -> Caption:
    return get_object_or_404(Caption, attachment__post=post, pk=number if number.isdecimal() else None)


def shown(request: HttpRequest, post: Post, notice: str) -> HttpResponse:
    about = context(request, post, None, notice=notice, pieces_only=True, with_pictures=True)
    return render(request, "desk/compose_pieces.html", about)


@require_safe
def show_picture(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """A stored picture, video or caption file by its digest; drafts' are for people of this desk only."""
    found = re.fullmatch(r"([0-9a-f]{64})\.(jpg|png|mp4|vtt)", name)
    if not found:
        raise Http404
    path = Path(settings.MEDIA_FOLDER) / name
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=MIMES[found[2]])
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
