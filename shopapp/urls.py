"""The URL map: each app's own pages, below its shop where they belong to one."""

from __future__ import annotations

from django.urls import include, path

from shopapp import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("recovery.ingest.urls")),
    path("", include("recovery.messaging.urls")),
    path("", include("recovery.messaging.link_urls")),
    # One namespace, fed by the apps that own the pages.
    path("", include(([path("", include("recovery.messaging.settings_urls"))], "settings"))),
]
