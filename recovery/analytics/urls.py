"""Address of the results page."""

from __future__ import annotations

from django.urls import path

from recovery.analytics import views

app_name = "results"
urlpatterns = [path("shops/<int:shop_id>/results/", views.overview, name="overview")]
