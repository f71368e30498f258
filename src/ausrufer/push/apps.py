"""Django's name for this package."""

from django.apps import AppConfig


class Push(AppConfig):
    name = "ausrufer.push"
    default_auto_field = "django.db.models.BigAutoField"
