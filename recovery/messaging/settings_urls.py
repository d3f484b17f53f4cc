"""Addresses of this app's settings pages, included under the namespace ``settings``."""

from __future__ import annotations

from django.urls import path

from recovery.messaging.views import sender

urlpatterns = [path("shops/<int:shop_id>/settings/sender/", sender.edit_sender, name="sender")]
