"""Addresses of the desk, the API and the health page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ausrufer.config.health_page import healthz
from ausrufer.newsletter import views as newsletter

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("abo", newsletter.link, name="subscription_link"),
    path("abo/<str:token>", newsletter.subscription, name="subscription"),
    path("", include("ausrufer.desk.urls")),
]
