"""Addresses of the carts page."""

from __future__ import annotations

from django.urls import path

from recovery.casework import views

app_name = "carts"
urlpatterns = [
    path("shops/<int:shop_id>/carts/", views.list_carts, name="list"),
    path("shops/<int:shop_id>/carts/<int:cart_id>/", views.show_cart, name="detail"),
    path("shops/<int:shop_id>/carts/<int:cart_id>/stop/", views.stop, name="stop"),
    path("shops/<int:shop_id>/carts/<int:cart_id>/sending/", views.send_now, name="send_now"),
    path("shops/<int:shop_id>/carts/<int:cart_id>/win/", views.mark_won, name="won"),
    path("shops/<int:shop_id>/carts/<int:cart_id>/link/", views.make_link, name="link"),
]
