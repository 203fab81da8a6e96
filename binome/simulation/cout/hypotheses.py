"""The assumptions of a cost: what was entered, else the default of the law package, said either way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from binome.simulation.cout import emploi
from binome.simulation.cout.modeles import HypotheseCout, HypothesesCout
from binome.simulation.mots.grandeurs import grandeur

#: Fields with a default in the law package: parameter and unit as written (None: the parameter's own).
PARAMETRES = {
    "assujetti_taxe_salaires": "charges.taxe_salaires_due",
    "redevable_taxe_apprentissage": "charges.taxe_apprentissage_due",
    "mutuelle_mensuelle": "charges.mutuelle_part_patronale",
    "taux_prevoyance": "charges.prevoyance_part_patronale",
    "taux_formation": "charges.contribution_formation",
    "honoraire_consultation": "consultation.honoraire",
    "part_de_charges": "consultation.part_de_charges",
    "jours_par_an": "consultation.jours",
}
#: Those that an invoice makes useless.
DU_SALARIE = (
    "assujetti_taxe_salaires",
    "redevable_taxe_apprentissage",
    "mutuelle_mensuelle",
    "taux_prevoyance",
    "taux_formation",
)


@dataclass(frozen=True)
class Retenues:
    """The assumptions to compute with."""

    assujetti_taxe_salaires: bool
    redevable_taxe_apprentissage: bool
    mutuelle_mensuelle: Decimal
    taux_prevoyance: Decimal
    taux_formation: Decimal
    honoraire_consultation: Decimal
    part_de_charges: Decimal
    jours_par_an: int


def retenir(saisies: HypothesesCout, date: datetime.date) -> tuple[Retenues, tuple[HypotheseCout, ...]]:
    """What to compute with, and the same told to a reader; defaults are those known and in force on a day."""
    # Kept by what was written: two equal models may not have been given the same fields, nor « 30 » as « 30.00 ».
    return _retenir(saisies.model_dump_json(exclude_unset=True), date)


@lru_cache(maxsize=128)
def _retenir(ecrites: str, date: datetime.date) -> tuple[Retenues, tuple[HypotheseCout, ...]]:
    saisies = HypothesesCout.model_validate_json(ecrites)
    valeurs: dict[str, Any] = {}
    dites = []
    for champ, nom in PARAMETRES.items():
        entree = emploi.valeur(nom, date, date)
        saisie = getattr(saisies, champ)
        defaut = saisie is None or champ not in saisies.model_fields_set
        valeur = _typee(entree.valeur) if saisie is None else saisie
        valeurs[champ] = valeur
        if saisies.facture_mensuelle is not None and champ in DU_SALARIE:
            continue
        dites.append(
            HypotheseCout(
                nom=champ,
                libelle=entree.description,
                valeur=valeur,
                valeur_ecrite=grandeur(float(valeur) if isinstance(valeur, Decimal) else valeur, entree.unite),
                par_defaut=defaut,
                certitude=entree.certitude.name if defaut else None,
                source=" ; ".join(reference["title"] for reference in entree.references) if defaut else None,
            )
        )
    return Retenues(**valeurs), tuple(dites)


def _typee(valeur: Any) -> Any:
    return Decimal(str(valeur)) if isinstance(valeur, float) or (type(valeur) is int) else valeur
