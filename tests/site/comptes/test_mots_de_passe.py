"""Passwords by current practice: long, on no list, unlike the person; whatever signs, and no change on a date."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Utilisateur
from tests.dossiers import fabrique
from tests.site.comptes.connexion import MOT_DE_PASSE, avec_mot_de_passe, entrer

QUI = Utilisateur(email="alix.durand@exemple.invalid", nom="Alix Durand-Leroy")


@pytest.mark.parametrize(
    ("mot", "dit"),
    [
        ("onze-signes", "trop court"),
        ("123456789012", "entièrement numérique"),
        ("telechargement", "courant"),
        ("alix.durand@exemple", "trop semblable"),
        ("durand-leroy!", "trop semblable"),
        ("abababababab!", "répète"),
        ("azertyuiop123456", "suites de touches"),
        ("Binome-MotDePasse", "suites de touches"),
        ("motdepasse9876543210", "suites de touches"),
    ],
)
def test_refuse(mot, dit):
    with pytest.raises(ValidationError) as refus:
        validate_password(mot, QUI)
    assert dit in " ".join(refus.value.messages)


@pytest.mark.parametrize(
    "mot", ["quatre mots sans rapport", "é" * 2 + "ànöû çüß ñ!", "3141592653589793 ?", "x" * 40 + "abcdéfghij" * 10]
)
def test_admis(mot):
    """Neither capital, digit nor sign is asked for; spaces, accents and length are."""
    validate_password(mot, QUI)


@pytest.mark.django_db
def test_la_page_laisse_coller_et_le_gestionnaire_proposer():
    compte = avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)
    client = Client()
    entrer(client, compte.email)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "onpaste" not in page
    assert page.count('autocomplete="new-password"') == 2
    assert "maxlength" not in page.partition('name="password1"')[2].partition(">")[0]
    faible = {"oldpassword": MOT_DE_PASSE, "password1": "123456789012", "password2": "123456789012"}
    assert "entièrement numérique" in client.post(reverse("account_change_password"), faible).content.decode()
