"""Addresses of the Messages pages."""

from __future__ import annotations

from django.urls import path

from recovery.messaging.views import messages

app_name = "messages"
urlpatterns = [
    path("shops/<int:shop_id>/messages/", messages.list_messages, name="list"),
    path("shops/<int:shop_id>/messages/<int:message_id>/", messages.show_message, name="detail"),
    path("shops/<int:shop_id>/messages/<int:message_id>/body/", messages.show_body, name="body"),
]
