"""Django's name for this package."""

from django.apps import AppConfig


class People(AppConfig):
    name = "ausrufer.people"
    default_auto_field = "django.db.models.BigAutoField"
