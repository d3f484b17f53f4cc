"""Addresses of the inbox's doors and pages."""

from __future__ import annotations

from django.urls import include, path

from recovery.ingest import departure_views, hooks, views

_hooks = [
    path("<slug:platform>/", hooks.shared, name="shared"),
    path("<slug:platform>/compliance/", hooks.shared, name="compliance"),
    path("<slug:platform>/<str:public_id>/", hooks.webhook, name="webhook"),
    path("<slug:platform>/<str:public_id>/plugin", hooks.plugin, name="plugin"),
]
_inbox = [
    path("", views.list_deliveries, name="list"),
    path("<int:delivery_id>/", views.show_delivery, name="detail"),
    path("<int:delivery_id>/redrive/", views.redrive, name="redrive"),
]
_sync = [
    path("import/", views.import_page, name="import"),
    path("uninstall/", departure_views.uninstall, name="uninstall"),
]

urlpatterns = [
    path("hooks/", include((_hooks, "hooks"))),
    path("shops/<int:shop_id>/inbox/", include((_inbox, "inbox"))),
    path("shops/<int:shop_id>/", include((_sync, "sync"))),
]
