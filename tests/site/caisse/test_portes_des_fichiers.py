"""Every form that takes a file, and the proof that what it takes is read in the bounded process, whose word is last.

A form that takes a file and is not listed here fails: whoever adds one says which door it is, and it is tried.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

import binome.site
from binome import isolement
from binome.dossiers.echanges import depot
from binome.dossiers.models import FichierBancaire, ImportReleves, Medecin, Piece
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.simulation import valeurs
from tests.documents.pieces import pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


def _de_l_agent(vue: str, role: Role = Role.GESTIONNAIRE) -> Callable[[], tuple[Client, str]]:
    def porte() -> tuple[Client, str]:
        return client_de(fabrique.agent(fabrique.caisse(), role)), reverse(vue)

    return porte


def _piece_de_l_agent() -> tuple[Client, str]:
    acteur = fabrique.agent(fabrique.caisse())
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    return client_de(acteur), reverse("caisse:deposer", args=[contrat.pk])


def _piece_du_medecin() -> tuple[Client, str]:
    contrat = fabrique.contrat_en_cours(fabrique.agent(fabrique.caisse()), SIGNATURE)
    medecin = fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin)
    return client_de(medecin), reverse("medecin:deposer", args=[contrat.pk])


def _rib() -> tuple[Client, str]:
    acteur = fabrique.agent(fabrique.caisse())
    medecin = fabrique.contrat_signe(acteur, SIGNATURE).medecin
    assert medecin is not None
    return client_de(acteur), reverse("caisse:compte_medecin", args=[medecin.pk])


#: What the forms ask besides the file.
CHAMPS = {"nature": NaturePiece.AUTRE, "titulaire": "Dr Essai", "iban": fabrique.iban(3)}
#: Each form, how its page is reached, and a file that it would take.
PORTES: dict[str, tuple[Callable[[], tuple[Client, str]], str, bytes]] = {
    "binome.site.caisse.pieces.Depot": (_piece_de_l_agent, "a.pdf", pdf()),
    "binome.site.caisse.comptes.Rib": (_rib, "rib.pdf", pdf()),
    "binome.site.medecin.vues.Depot": (_piece_du_medecin, "a.pdf", pdf()),
    "binome.site.caisse.releves.Fichier": (_de_l_agent("caisse:releves"), "r.csv", b"rpps,date,file_active\n"),
    "binome.site.caisse.prospection.Fichier": (_de_l_agent("caisse:importer_medecins"), "m.csv", b"rpps,nom,prenom\n"),
    "binome.site.caisse.versements.Retours": (_de_l_agent("caisse:retours", Role.VALIDEUR), "b.xml", b"<Document/>"),
    "binome.site.caisse.valeurs.FichierDeValeurs": (
        _de_l_agent("caisse:valeurs", Role.RESPONSABLE),
        "v.yaml",
        b"valeurs: []\n",
    ),
}


def _formulaires(classe: type = forms.BaseForm) -> set[type]:
    return {classe}.union(*(_formulaires(fille) for fille in classe.__subclasses__()))


def test_chaque_formulaire_qui_prend_un_fichier_est_connu() -> None:
    assert get_resolver().url_patterns  # every module of the site is imported
    trouves = {
        f"{classe.__module__}.{classe.__qualname__}"
        for classe in _formulaires()
        for champ in getattr(classe, "base_fields", {}).values()
        if isinstance(champ, forms.FileField) and classe.__module__.startswith("binome.")
    }
    assert trouves == set(PORTES)


def test_un_fichier_n_entre_que_par_un_formulaire() -> None:
    """What was sent is read by two functions, that give it to forms; no view takes it by itself."""
    lisent = set()
    for module in Path(binome.site.__file__).parent.rglob("*.py"):
        for noeud in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.FunctionDef) and any(
                isinstance(n, ast.Attribute) and n.attr in {"FILES", "upload_handlers"} for n in ast.walk(noeud)
            ):
                lisent.add(f"{module.stem}.{noeud.name}")
    assert lisent == {"pages.envoi_et_fichiers", "vues.deposer"}


@pytest.mark.parametrize("porte", PORTES)
def test_son_lecteur_est_dans_le_processus_borne(
    porte: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it is given goes there as it came; refused there, the page says so and nothing is kept."""
    settings.MFA_OBLIGATOIRE = False
    monkeypatch.setenv("BINOME_VALEURS", str(tmp_path))
    depot._sains.clear()
    lus: list[bytes] = []

    def lancer(lecteur: str, octets: bytes, *suite: Any) -> None:
        lus.append(octets)
        raise isolement._trop_lourd(lecteur, "essai")

    ouvrir, nom, octets = PORTES[porte]
    client, adresse = ouvrir()
    avant = _gardes()
    monkeypatch.setattr(isolement, "_lancer", lancer)
    reponse = client.post(adresse, {**CHAMPS, "fichier": SimpleUploadedFile(nom, octets)})
    assert reponse.status_code == 422, reponse.content.decode()[:300]
    assert lus == [octets]
    assert "illisible ou trop lourd à lire" in reponse.content.decode()
    assert _gardes() == avant


def _gardes() -> list[int]:
    return [m.objects.count() for m in (Piece, ImportReleves, Medecin, FichierBancaire)] + [len(valeurs.versions())]
