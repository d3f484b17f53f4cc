"""The URL map: each app's own pages, below its shop where they belong to one."""

from __future__ import annotations

from django.urls import include, path

from shopapp import health

# One namespace, fed by the apps that own the pages.
_settings = [
    path("", include("recovery.carts.settings_urls")),
    path("", include("recovery.casework.settings_urls")),
    path("", include("recovery.messaging.settings_urls")),
    path("", include("recovery.privacy.settings_urls")),
]

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("recovery.analytics.urls")),
    path("", include("recovery.casework.urls")),
    path("", include("recovery.flows.urls")),
    path("", include("recovery.ingest.urls")),
    path("", include("recovery.messaging.urls")),
    path("", include("recovery.messaging.link_urls")),
    path("", include("shopapp.install.urls")),
    path("", include("shopapp.shops.urls")),
    path("", include("widgets.urls")),
    path("", include((_settings, "settings"))),
]
