"""Django's name for this package."""

from django.apps import AppConfig


class Public(AppConfig):
    name = "ausrufer.public"
    default_auto_field = "django.db.models.BigAutoField"
