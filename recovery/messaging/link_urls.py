"""Addresses in shoppers' mails: short, without a namespace, kept for years."""

from __future__ import annotations

from django.urls import path

from recovery.messaging.views import links

urlpatterns = [
    path("r/<str:token>", links.restore, name="restore"),
    path("r/<str:token>/here", links.arrive, name="arrive"),
    path("u/<str:token>", links.unsubscribe, name="unsubscribe"),
    path("c/<str:token>", links.confirm, name="confirm_address"),
]
