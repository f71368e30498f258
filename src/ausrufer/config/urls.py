"""Addresses of the desk, the API and the health page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ausrufer.config.health_page import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("ausrufer.desk.urls")),
]
