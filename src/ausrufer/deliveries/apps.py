"""Django's name for this package."""

from django.apps import AppConfig


class Deliveries(AppConfig):
    name = "ausrufer.deliveries"
    default_auto_field = "django.db.models.BigAutoField"
