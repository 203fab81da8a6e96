"""Agents logged in to the fund's pages."""

from __future__ import annotations

from django.test import Client

from binome.dossiers.acteur import Acteur


def client_de(acteur: Acteur) -> Client:
    """A browser in which that agent is logged in; what fails behind a page is raised."""
    client = Client(raise_request_exception=True)
    client.force_login(acteur.utilisateur, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
