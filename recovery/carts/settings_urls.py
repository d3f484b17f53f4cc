"""Address of the cut-offs' page, included under the namespace ``settings``."""

from __future__ import annotations

from django.urls import path

from recovery.carts import views

urlpatterns = [path("shops/<int:shop_id>/settings/recovery/", views.cut_offs, name="recovery")]
