"""The operator's values and the files: a kept computation is done again with the values of its time."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from binome.dossiers.models import CalculConserve
from binome.dossiers.nomenclatures import Role
from binome.dossiers.paiements import rejeux
from binome.simulation import valeurs
from openfisca_assistants_medicaux.fichiers import Fichier
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2024, 8, 15)


def fichier(part: str, nom: str) -> Fichier:
    contenu = (
        f"par: moi\nvaleurs: [{{nom: versement_annee_1_part, valeur: {part}, effet: 2024-06-22, connu: 2024-06-22, "
        "source: annexe 9}]\n"
    )
    return Fichier(nom, contenu.encode())


@pytest.fixture
def lieu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BINOME_VALEURS", str(tmp_path))
    return tmp_path


def paye_sous(nom: str, part: str) -> CalculConserve:
    """A contract whose first year was paid under a file of values."""
    valeurs.importer(fichier(part, nom), "Mme Test")
    caisse = fabrique.caisse()
    gestionnaire = fabrique.agent(caisse)
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    ligne, _ = payer(caisse, JOUR, gestionnaire, fabrique.agent(caisse, Role.VALIDEUR))
    assert ligne is not None
    return CalculConserve.objects.get(ecritures__ligne=ligne, ecritures__nature="droit")


def test_rejouer_prend_le_fichier_de_son_temps(lieu: Path, settings) -> None:
    calcul = paye_sous("a.yaml", "0.5")
    assert [v["montant"] for v in calcul.resultat["versements"]] == [950_000, 950_000]
    assert calcul.valeurs == [{"nom": "a.yaml", "empreinte": fichier("0.5", "a.yaml").empreinte}]
    valeurs.importer(fichier("0.25", "b.yaml"), "M. Autre")

    rejeu = rejeux.rejouer(calcul)
    assert rejeu.identique
    assert rejeu.memes_regles
    assert f"les valeurs d'alors (a.yaml {fichier('0.5', '').empreinte[:12]})" in rejeu.phrase
    sortie = io.StringIO()
    call_command("verifier_dossiers", stdout=sortie)
    assert "1 calculs (0 sous d'autres règles), 0 écart(s)" in sortie.getvalue()
    settings.MFA_OBLIGATOIRE = False
    agent = client_de(fabrique.agent(calcul.ecritures.first().contrat.caisse))
    page = agent.get(reverse("caisse:ecriture", args=[calcul.ecritures.first().pk])).content.decode()
    assert "valeurs d&#x27;alors (a.yaml" in page or "valeurs d’alors (a.yaml" in page


def test_un_fichier_perdu_est_une_faute(lieu: Path) -> None:
    calcul = paye_sous("a.yaml", "0.5")
    for version in lieu.glob("*.yaml"):
        version.unlink()
    valeurs.importer(fichier("0.25", "b.yaml"), "M. Autre")
    rejeu = rejeux.rejouer(calcul)
    assert not rejeu.identique
    assert "a.yaml" in rejeu.phrase
    assert "ne sont plus dans leur dossier" in rejeu.phrase
    with pytest.raises(CommandError):
        call_command("verifier_dossiers", stdout=io.StringIO())
