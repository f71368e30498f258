"""Django's name for this package."""

from django.apps import AppConfig


class Channels(AppConfig):
    name = "ausrufer.channels"
    default_auto_field = "django.db.models.BigAutoField"
