"""Addresses of the flows pages."""

from __future__ import annotations

from django.urls import path

from recovery.flows import views

app_name = "flows"
_STEP = "shops/<int:shop_id>/flows/<int:flow_id>/steps/<slug:key>/"
urlpatterns = [
    path("shops/<int:shop_id>/flows/", views.list_flows, name="list"),
    path("shops/<int:shop_id>/flows/<int:flow_id>/", views.show_flow, name="detail"),
    path("shops/<int:shop_id>/flows/<int:flow_id>/activation/", views.switch, name="activation"),
    path(_STEP, views.change_step, name="step"),
    path(f"{_STEP}preview/", views.preview, name="preview"),
    path(f"{_STEP}tests/", views.send_test, name="test_send"),
]
