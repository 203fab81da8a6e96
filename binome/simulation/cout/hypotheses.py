"""The assumptions of a cost: what was entered, else the default of the law package, said either way."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from binome import francais
from binome.simulation.cout import emploi
from binome.simulation.cout.territoire import lieu
from binome.simulation.modele.cout import HypotheseCout, HypothesesCout
from binome.simulation.mots.grandeurs import grandeur
from openfisca_assistants_medicaux.lecture import Entree

#: Fields with a default in the law package: the parameter, or those that add up to it.
PARAMETRES = {
    "assujetti_taxe_salaires": ("charges.taxe_salaires_due",),
    "redevable_taxe_apprentissage": ("charges.taxe_apprentissage_due",),
    "mutuelle_mensuelle": ("charges.mutuelle_part_patronale",),
    "taux_prevoyance": ("charges.prevoyance_part_patronale",),
    "taux_formation": ("charges.contribution_formation", "charges.contribution_formation_conventionnelle"),
    "honoraire_consultation": ("consultation.honoraire",),
    "part_de_charges": ("consultation.part_de_charges",),
    "jours_par_an": ("consultation.jours",),
}
#: Parameters of the collective agreement, which does not apply everywhere; and what says where.
CONVENTIONNELS = {"charges.prevoyance_part_patronale", "charges.contribution_formation_conventionnelle"}
PORTEE = "outre_mer.convention_collective"
#: Those whose default follows the law from month to month.
TAUX_DATES = ("taux_prevoyance", "taux_formation")
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
    """The assumptions to compute with; a rate left out (None) follows the law: see `taux_du_jour`."""

    assujetti_taxe_salaires: bool
    redevable_taxe_apprentissage: bool
    mutuelle_mensuelle: Decimal
    taux_prevoyance: Decimal | None
    taux_formation: Decimal | None
    honoraire_consultation: Decimal
    part_de_charges: Decimal
    jours_par_an: int
    #: The collective agreement applies where the practice is.
    convention: bool = True

    def taux_du_jour(self, champ: str, date: datetime.date, appreciation: datetime.date) -> Decimal:
        """A rate of `TAUX_DATES` on a day: as entered, else that of the law known at the date d'appréciation."""
        saisi: Decimal | None = getattr(self, champ)
        return _defaut_du_jour(champ, date, appreciation, convention=self.convention) if saisi is None else saisi


def retenir(
    saisies: HypothesesCout, date: datetime.date, appreciation: datetime.date
) -> tuple[Retenues, tuple[HypotheseCout, ...]]:
    """What to compute with, and the same told to a reader; defaults are those known and in force on a day.

    A default that changes between that day and the date d'appréciation is told with its changes.
    """
    # Kept by what was written: two equal models may not have been given the same fields, nor « 30 » as « 30.00 ».
    return _retenir(saisies.model_dump_json(exclude_unset=True), date, appreciation)


@lru_cache(maxsize=128)
def _retenir(
    ecrites: str, date: datetime.date, appreciation: datetime.date
) -> tuple[Retenues, tuple[HypotheseCout, ...]]:
    saisies = HypothesesCout.model_validate_json(ecrites)
    convention = lieu(saisies.territoire, date).convention
    valeurs: dict[str, Any] = {"convention": convention}
    dites = []
    for champ, noms in PARAMETRES.items():
        entrees = [emploi.valeur(nom, date, date) for nom in _applicables(champ, convention=convention)]
        # Without any, it is the agreement's own scope that says that nothing is due.
        sources = entrees or [emploi.valeur(PORTEE, date, date)]
        premiere = emploi.valeur(noms[0], date, date)
        saisie = getattr(saisies, champ)
        defaut = saisie is None or champ not in saisies.model_fields_set
        valeur = _somme(entrees) if saisie is None else saisie
        valeurs[champ] = saisie if champ in TAUX_DATES else valeur
        if saisies.facture_mensuelle is not None and champ in DU_SALARIE:
            continue
        suivie = saisie is None and champ in TAUX_DATES
        dites.append(
            HypotheseCout(
                nom=champ,
                libelle=premiere.description,
                valeur=valeur,
                valeur_ecrite=_ecrite(valeur, premiere.unite)
                + (_changements(champ, date, appreciation, premiere.unite) if suivie and convention else ""),
                par_defaut=defaut,
                certitude=min(entree.certitude for entree in sources).name if defaut else None,
                source=" ; ".join(_titres(sources)) if defaut else None,
            )
        )
    return Retenues(**valeurs), tuple(dites)


@lru_cache(maxsize=512)
def _defaut_du_jour(champ: str, date: datetime.date, appreciation: datetime.date, *, convention: bool) -> Decimal:
    noms = _applicables(champ, convention=convention)
    return Decimal(_somme([emploi.valeur(nom, date, appreciation) for nom in noms]))


def _applicables(champ: str, *, convention: bool) -> tuple[str, ...]:
    """The parameters of a default, those of the collective agreement left out where it does not apply."""
    return tuple(nom for nom in PARAMETRES[champ] if convention or nom not in CONVENTIONNELS)


def _changements(champ: str, date: datetime.date, appreciation: datetime.date, unite: str | None) -> str:
    """« , puis 1,54 % au 01/04/2023 », for each change of a default after a day."""
    jours = {jour for nom in PARAMETRES[champ] for jour in emploi.dates_d_effet(nom, appreciation)}
    dits, avant = "", _defaut_du_jour(champ, date, appreciation, convention=True)
    for jour in sorted(jour for jour in jours if date < jour <= appreciation):
        apres = _defaut_du_jour(champ, jour, appreciation, convention=True)
        if apres != avant:
            dits += f", puis {_ecrite(apres, unite)} au {francais.date_courte(jour)}"
        avant = apres
    return dits


def _titres(entrees: Sequence[Entree]) -> list[str]:
    """Titles of the references, each once."""
    return list(dict.fromkeys(reference["title"] for entree in entrees for reference in entree.references))


def _ecrite(valeur: Any, unite: str | None) -> str:
    return grandeur(float(valeur) if isinstance(valeur, Decimal) else valeur, unite)


def _somme(entrees: Sequence[Entree]) -> Any:
    """The default: the value of the only parameter, or the sum of several rates, exactly."""
    typees = [_typee(entree.valeur) for entree in entrees]
    return typees[0] if len(typees) == 1 else sum(typees, Decimal(0))


def _typee(valeur: Any) -> Any:
    return Decimal(str(valeur)) if isinstance(valeur, float) or (type(valeur) is int) else valeur
