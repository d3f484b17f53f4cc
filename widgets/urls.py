"""Addresses that a shop's pages use, and the plugin's download."""

from __future__ import annotations

from django.urls import path, re_path

from widgets import proxied, views

app_name = "widgets"
urlpatterns = [
    re_path(
        r"^w/(?P<public_id>[A-Za-z0-9_-]{8,32})/(?P<name>[a-z]{1,20})\.js$",
        views.script,
        name="script",
    ),
    path("w/<str:public_id>/config.json", views.config, name="config"),
    path("w/<str:public_id>/carts", views.carts, name="carts"),
    path("w/<str:public_id>/captures", views.captures, name="captures"),
    path("w/<str:public_id>/landings", views.landings, name="landings"),
    path("proxy/<slug:platform>/config.json", proxied.config, name="proxied_config"),
    path("plugin/rebasket.zip", views.plugin_zip, name="plugin"),
]
