"""People and files are found as one types them, and sorted as a French dictionary does, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from binome.dossiers.models import Medecin, Structure
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele import recherche
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def caisse(settings: Any) -> Any:
    settings.MFA_OBLIGATOIRE = False
    return fabrique.caisse()


@pytest.mark.parametrize(
    ("ecrit", "trouves"),
    [
        ("eglantine", ["Églantine"]),
        ("ÉGLANTINE", ["Églantine"]),
        ("églantine", ["Églantine"]),
        ("noel oeillet", ["Œillet"]),
        ("œillet", ["Œillet"]),
        ("saint maur", ["Saint-Maur"]),
        ("Saint-Maur", ["Saint-Maur"]),
        ("d'arc", ["d’Arc"]),
        ("eric", ["d’Arc", "Saint-Maur"]),
        ("zzz", []),
        ("%", []),
        ("", ["Dahlia", "d’Arc", "Églantine", "Œillet", "Saint-Maur", "Zinnia"]),
    ],
)
def test_un_nom_se_trouve_sans_accent_et_se_range_en_francais(caisse: Any, ecrit: str, trouves: list[str]) -> None:
    for nom, prenom in (
        ("Zinnia", "Ana"), ("Églantine", "Ana"), ("Dahlia", "Ana"), ("Œillet", "Noël"), ("Saint-Maur", "Éric"),
        ("d’Arc", "Eric"),
    ):  # fmt: skip
        fabrique.medecin(caisse, nom=nom, prenom=prenom)
    lus = [m.nom for m in recherche.medecins(Medecin.objects.all(), ecrit)]
    assert sorted(lus) == sorted(trouves)
    if not ecrit:
        assert lus == ["d’Arc", "Dahlia", "Églantine", "Œillet", "Saint-Maur", "Zinnia"]


def test_un_numero_ou_la_fin_d_un_iban_menent_au_dossier(caisse: Any) -> None:
    agent = fabrique.agent(caisse)
    contrat = fabrique.contrat_en_cours(agent, SIGNATURE, fabrique.medecin(caisse, nom="Bégonia"))
    fabrique.contrat_en_cours(agent, SIGNATURE)
    assert contrat.medecin is not None
    compte = contrat.medecin.comptes_bancaires.get(actif=True)
    compte.iban = "FR7630006000011234567890189"
    compte.save()
    client = client_de(agent)
    fiche = reverse("caisse:contrat", args=[contrat.pk])
    for ecrit in (
        contrat.numero,
        "begonia",
        contrat.medecin.rpps,
        contrat.medecin.rpps[:10],
        "90189",
        "bégonia camille",
    ):
        reponse = client.get(reverse("caisse:chercher"), {"q": ecrit})
        assert (reponse.status_code, reponse.headers.get("Location")) == (302, fiche), ecrit
    # What names several is listed; a name of nobody says so.
    assert "Dossiers" in client.get(reverse("caisse:chercher"), {"q": "camille"}).content.decode()
    assert "Rien ne porte" in client.get(reverse("caisse:chercher"), {"q": "nul"}).content.decode()
    for adresse in ("caisse:contrats", "caisse:medecins"):
        assert "Bégonia" in client.get(reverse(adresse), {"q": "BEGONIA"}).content.decode()


def test_personne_ne_se_trouve_d_une_caisse_a_l_autre(caisse: Any) -> None:
    ailleurs = fabrique.caisse()
    fabrique.contrat_en_cours(fabrique.agent(ailleurs), SIGNATURE, fabrique.medecin(ailleurs, nom="Étranger"))
    Structure.objects.create(caisse=ailleurs, nom="SCM étrangère")
    page = client_de(fabrique.agent(caisse)).get(reverse("caisse:chercher"), {"q": "étrang"})
    assert "Rien ne porte" in page.content.decode()
    # A delegate has a list of their own, not the search of the files.
    assert client_de(fabrique.agent(caisse, Role.DELEGUE)).get(reverse("caisse:chercher")).status_code == 403


def test_une_societe_se_trouve_avec_ses_adherents(caisse: Any) -> None:
    Structure.objects.create(caisse=caisse, nom="Maison de santé de l’Écluse", siret="73282932000074")
    client = client_de(fabrique.agent(caisse))
    for ecrit in ("ecluse", "7328293"):
        assert "Écluse" in client.get(reverse("caisse:chercher"), {"q": ecrit}).content.decode()
