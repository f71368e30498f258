"""Django's name for this package."""

from django.apps import AppConfig


class Desk(AppConfig):
    name = "ausrufer.desk"
    default_auto_field = "django.db.models.BigAutoField"
