"""Django's name for this package."""

from django.apps import AppConfig


class Newsletter(AppConfig):
    name = "ausrufer.newsletter"
    default_auto_field = "django.db.models.BigAutoField"
