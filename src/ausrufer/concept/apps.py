"""Django's name for this package."""

from django.apps import AppConfig


class Concept(AppConfig):
    name = "ausrufer.concept"
    default_auto_field = "django.db.models.BigAutoField"
