"""Addresses of an install."""

from __future__ import annotations

from django.urls import path

from shopapp.install import arriving, granting, progress, views

app_name = "install"
urlpatterns = [
    path("install/", views.start, name="start"),
    path("install/woocommerce/start", views.start_from_plugin, name="from_plugin"),
    path("install/woocommerce/callback/", views.callback, name="callback"),
    path("install/woocommerce/return/", views.back, name="return"),
    path("embedded/", arriving.embedded, name="embedded"),
    path("embedded/session/", arriving.session, name="session"),
    path("embedded/shops/<path:rest>", arriving.deeper, name="deeper"),
    path("install/shopify/start", granting.begin, name="grant"),
    path("install/shopify/callback/", granting.granted, name="granted"),
    path("install/<int:key>/", progress.progress, name="progress"),
]
