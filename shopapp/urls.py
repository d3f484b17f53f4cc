"""The URL map: each app's own pages, below its shop where they belong to one."""

from __future__ import annotations

from django.urls import path

from shopapp import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
