"""What the fund knows of a doctor: every field of the models has a place in a situation, or is said private."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import models

from binome.dossiers import faits
from binome.dossiers.models import Medecin, Releve
from binome.dossiers.patientele import import_medecins, import_releves
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import simuler
from binome.simulation.tables.colonnes import COLONNES
from binome.simulation.tables.table import simuler_table
from binome.site.caisse.medecins import FicheMedecin
from openfisca_assistants_medicaux.apports import AUCUN

SIGNATURE = datetime.date(2026, 3, 2)
RELEVE = Releve(date=datetime.date(2025, 12, 31), patientele_mt=1200, patientele_mt_adultes=1000, file_active=1600)
MEDECIN = Medecin(
    nom="A",
    specialite="medecine_generale",
    secteur="secteur_1",
    zone="zip",
    date_zonage=datetime.date(2026, 1, 1),
    mode_exercice_particulier=True,
    date_installation=datetime.date(2019, 1, 1),
)


def sans_place(champs: Any, chemins: dict[str, str], prives: frozenset[str]) -> set[str]:
    """Fields that nobody placed."""
    noms = {champ.name for champ in champs if not champ.auto_created or champ.concrete}
    return noms - set(chemins) - prives


@pytest.mark.parametrize(
    ("modele", "chemins", "prives"),
    [(Medecin, faits.MEDECIN, faits.PRIVES), (Releve, faits.RELEVE, faits.PRIVES_DU_RELEVE)],
)
def test_chaque_champ_a_sa_place_ou_est_prive(modele: Any, chemins: dict[str, str], prives: frozenset[str]) -> None:
    champs = modele._meta.get_fields()
    assert sans_place(champs, chemins, prives) == set()
    assert set(chemins).isdisjoint(prives)
    # A field that nobody placed is seen: this check can fail.
    nouveau = models.BooleanField(name="rqth_ald")
    assert sans_place([*champs, nouveau], chemins, prives) == {"rqth_ald"}
    # And no line speaks of a field that is gone.
    assert (set(chemins) | prives) <= {champ.name for champ in champs}


@pytest.mark.parametrize("chemin", [*faits.MEDECIN.values(), *faits.RELEVE.values()])
def test_chaque_chemin_est_celui_d_une_situation_et_d_une_colonne(chemin: str) -> None:
    partie, _, champ = chemin.partition(".")
    modele: Any = Situation.model_fields[partie].annotation
    modele = next((m for m in getattr(modele, "__args__", (modele,)) if m is not type(None)), modele)
    assert champ in modele.model_fields
    assert COLONNES[champ].partie == partie


def test_le_formulaire_et_les_imports_lisent_la_meme_liste() -> None:
    assert set(faits.MEDECIN) <= set(FicheMedecin.Meta.fields)
    assert set(faits.MEDECIN) <= set(import_medecins.COLONNES)
    assert set(faits.NOMBRES) <= set(import_medecins.COLONNES)
    assert set(faits.NOMBRES) <= set(import_releves.COLONNES)


def test_la_situation_dit_tout_ce_que_la_caisse_sait() -> None:
    situation = faits.situation_de(MEDECIN, RELEVE, SIGNATURE, "un_etp")
    for source, chemins in ((MEDECIN, faits.MEDECIN), (RELEVE, faits.RELEVE)):
        for champ, chemin in chemins.items():
            partie, _, nom = chemin.partition(".")
            assert getattr(getattr(situation, partie), nom) == getattr(source, champ)
    assert faits.patientele_de(RELEVE) == {
        "patientele_mt": 1200,
        "patientele_mt_adultes": 1000,
        "file_active": 1600,
        "date_releve": "2025-12-31",
    }


def test_un_champ_vide_n_est_pas_dit() -> None:
    nu = Medecin(nom="B", specialite="pediatrie")
    situation = faits.situation_de(nu, None, SIGNATURE, "un_etp")
    assert situation.medecin is not None
    assert situation.medecin.secteur is None
    assert situation.patientele.model_fields_set == set()


def test_en_colonnes_ou_en_situation_la_reponse_est_la_meme() -> None:
    nu = Medecin(nom="B", specialite="pediatrie", secteur="secteur_1")
    medecins, releves = [MEDECIN, nu], [RELEVE, None]
    reponses, fautes = simuler_table(
        systeme(AUCUN),
        faits.colonnes_de(medecins, releves, SIGNATURE),
        SIGNATURE,
        sorties=["eligible", "seuil_activite", "certitude"],
        options=["un_etp"],
    )
    assert fautes == []
    for reponse, medecin, releve in zip(reponses.iter_rows(named=True), medecins, releves, strict=True):
        situation = faits.situation_de(medecin, releve, SIGNATURE, "un_etp")
        seul = simuler(situation.model_copy(update={"date_appreciation": SIGNATURE}))
        assert reponse["eligible"] == seul.verdict.eligible
