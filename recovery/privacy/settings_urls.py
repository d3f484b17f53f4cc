"""Addresses of the page of people's requests, included under the namespace ``settings``."""

from __future__ import annotations

from django.urls import path

from recovery.privacy import views

_PAGE = "shops/<int:shop_id>/settings/privacy/"
urlpatterns = [
    path(_PAGE, views.privacy, name="privacy"),
    path(f"{_PAGE}<int:request_id>/file/", views.privacy_file, name="privacy_file"),
    path(f"{_PAGE}<int:request_id>/handover/", views.privacy_handover, name="privacy_handover"),
]
