"""Django's name for this package."""

from django.apps import AppConfig


class Media(AppConfig):
    name = "ausrufer.media"
    default_auto_field = "django.db.models.BigAutoField"
