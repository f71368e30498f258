"""The web part's entrance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from ausrufer.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ausrufer.config.settings")
die_with_parent()  # a server killed with -9 must not leave workers that answer with old code
django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Stamps the moment of arrival, where the seconds on every receipt begin."""
    environ["ausrufer.arrived"] = time.monotonic()
    answer: Iterable[bytes] = django_application(environ, start_response)
    return answer
