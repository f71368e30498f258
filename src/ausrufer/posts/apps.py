"""Django's name for this package."""

from django.apps import AppConfig


class Posts(AppConfig):
    name = "ausrufer.posts"
    default_auto_field = "django.db.models.BigAutoField"
