"""Django's name for this package; wires the house when Django is ready."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "ausrufer.config"
    label = "ausrufer_config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ausrufer.config import wiring

        wiring.wire()
