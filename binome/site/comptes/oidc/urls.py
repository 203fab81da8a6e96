"""Addresses of the two providers: the same names as allauth's own provider."""

from __future__ import annotations

from django.urls import include, path

from binome.site.comptes.oidc import views

urlpatterns = [
    path(
        "oidc/<str:provider_id>/",
        include(
            [
                path("login/", views.login, name="openid_connect_login"),
                path("login/callback/", views.callback, name="openid_connect_callback"),
                path("logout/callback/", views.sorti, name="openid_connect_logged_out"),
            ]
        ),
    )
]
