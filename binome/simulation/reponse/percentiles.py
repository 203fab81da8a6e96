"""The national percentiles beside which a result places the doctor: those of the distribution that its rules name."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.lignes import OPTIONS, lancer
from binome.simulation.moteur.systeme import loi_du_resultat
from openfisca_assistants_medicaux.certitude import LISTE
from openfisca_assistants_medicaux.distributions import MARGES, distributions_de, marges_connues
from openfisca_assistants_medicaux.lecture import construire_historique
from openfisca_assistants_medicaux.variables.distributions import LIMITES

DATE_DISTRIBUTION = "eligibilite.seuil.date_distribution"


class PercentileNational(BaseModel):
    """One limit of a band, for a specialty and an indicator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    specialite: str
    indicateur: str = Field(description="patientele_mt ou file_active")
    percentile: int
    valeur: int | None = Field(description="Patients ; vide : ni publié, ni estimable")
    publie: bool = Field(description="Une source donne la valeur exacte ; faux : estimée, approchée ou inconnue")
    bas: int | None = Field(None, description="Borne basse d'une estimation, ou d'une valeur approchée")
    haut: int | None = Field(None, description="Borne haute d'une estimation, ou d'une valeur approchée")
    certitude: str | None = Field(description=f"{LISTE} ; vide : valeur inconnue")


def percentiles(resultat: Resultat) -> tuple[PercentileNational, ...]:
    """The limits of the bands for each indicator followed, lowest first.

    Empty for a group, whose totals no distribution of doctors measures, and for a result computed elsewhere, under a
    law that is not here. A percentile that is neither published nor within an estimate has no value.
    """
    medecin, loi = resultat.situation.medecin, loi_du_resultat(resultat.version.empreinte_loi)
    if medecin is None or loi is None:
        return ()
    retenue = _distribution(resultat.situation, resultat.date_appreciation, loi)
    indicateurs = tuple(objectif.indicateur for objectif in resultat.objectifs)
    return _limites(loi, resultat.date_appreciation, retenue, str(medecin.specialite.value), indicateurs)


@lru_cache(maxsize=256)
def _limites(
    loi: Any,
    appreciation: datetime.date,
    distribution: str,
    specialite: str,
    indicateurs: tuple[str, ...],
) -> tuple[PercentileNational, ...]:
    marges = marges_connues(_connues(loi, nom, appreciation) for nom in MARGES)
    trouves = []
    for indicateur in indicateurs:
        for percentile in LIMITES:
            connu = distributions_de(loi).encadrement(distribution, specialite, indicateur, percentile, marges)
            estime = connu.estimation is not None and not connu.publie
            trouves.append(
                PercentileNational(
                    specialite=specialite,
                    indicateur=indicateur,
                    percentile=percentile,
                    valeur=None if connu.estimation is None else round(connu.estimation),
                    publie=connu.publie,
                    bas=connu.bas if estime else None,
                    haut=connu.haut if estime else None,
                    certitude=None if connu.estimation is None else connu.certitude.name,
                )
            )
    return tuple(trouves)


@lru_cache(maxsize=256)
def _distribution(situation: Situation, appreciation: datetime.date, loi: Any) -> str:
    """Date of the distribution that the rules of the contract refer to; empty for the undated one (avenant 7)."""
    regles: Any = situation.date_signature
    if situation.contrat is not None and situation.contrat.date_bascule is not None:
        # Only the law knows whether the switch is admitted, hence which rules place the doctor.
        calcul = lancer(loi, [situation], appreciation, OPTIONS[:1])[0].calcul
        regles = calcul.date("date_des_regles", 0) or regles
    dates = _connues(loi, DATE_DISTRIBUTION, appreciation)
    rang = int(np.searchsorted(dates.dates, np.datetime64(regles, "D"), side="right")) - 1
    return str(dates.entrees[rang].valeur or "") if rang >= 0 else ""


def _connues(loi: Any, chemin: str, appreciation: datetime.date) -> Any:
    """The values of a parameter that were known on a day."""
    noeud = loi.parameters
    for morceau in chemin.split("."):
        noeud = noeud.children[morceau]
    return construire_historique(noeud, np.datetime64(appreciation, "D"))
