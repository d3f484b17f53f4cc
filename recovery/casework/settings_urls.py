"""Address of the store's page, included under the namespace ``settings``."""

from __future__ import annotations

from django.urls import path

from recovery.casework import store_views

urlpatterns = [path("shops/<int:shop_id>/settings/", store_views.store, name="store")]
