"""`demo_city`: load the demo city, harmless when it is loaded already."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ausrufer.config import demo


class Command(BaseCommand):
    help = "Load the demo city with its people and channels."

    def handle(self, *args: Any, **options: Any) -> None:
        demo.load_city()
