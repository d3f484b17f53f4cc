"""Addresses of signing in, of one's account, and of the choice of a shop."""

from __future__ import annotations

from django.urls import path

from shopapp.shops import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/sent/", views.sign_in_sent, name="sign_in_sent"),
    path("sign-in/password/", views.sign_in_password, name="sign_in_password"),
    path("sign-in/<str:token>/", views.sign_in_confirm, name="sign_in_confirm"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("shops/<int:shop_id>/invitations/", views.invitations, name="invitations"),
    path("shops/<int:shop_id>/people/<int:member_id>/removal/", views.removal, name="removal"),
]
