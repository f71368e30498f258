"""Django's name for this package."""

from django.apps import AppConfig


class Kernel(AppConfig):
    name = "ausrufer.kernel"
    default_auto_field = "django.db.models.BigAutoField"
