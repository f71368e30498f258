"""What no keyboard makes is refused by name before any view reads it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ausrufer.kernel.text import UNWRITABLE, is_writable


class ReadableInput:
    """Stands last: who may not come in is not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        for name, values in chain(request.GET.lists(), request.POST.lists()):
            if not all(map(is_writable, [name, *map(str, values)])):
                return render(request, "400.html", {"field": UNWRITABLE.sub("", name)}, status=400)
        return None
