"""The law's values as the guide reads them: in force on a day, and their whole dated history."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from binome.simulation import Reference, loi_du_processus, ouverture_collective
from binome.simulation.parametres import Parametre, en_vigueur
from binome.site.guide.memoire import selon_la_loi
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import Regime

#: Sets of rules, by code.
REGIMES: Any = Regime
COLLECTIF: str = REGIMES.COLL.name

#: How a value ended, in words.
FINS = {"sans_objet": "supprimé", "ferme": "fermé"}


class ReglesInconnues(LookupError):
    """No value of the law bears that name."""


@dataclass(frozen=True)
class EtapeDeLaLoi:
    """One stretch of a value's history; `parametre` is None where the rule no longer exists."""

    depuis: datetime.date
    jusqu_au: datetime.date | None
    parametre: Parametre | None
    fin: str | None = None
    connu_le: datetime.date | None = None
    note: str | None = None
    references: tuple[Reference, ...] = ()


@selon_la_loi(maxsize=64)
def parametres_du(date: datetime.date) -> Mapping[str, Parametre]:
    """Every value in force on a day, by name. Kept: pages ask for the same few days again and again."""
    return MappingProxyType({parametre.nom: parametre for parametre in en_vigueur(date)})


def lire(nom: str, date: datetime.date) -> Parametre | None:
    """A value on a day; None where the rule does not exist that day. Raises ReglesInconnues for a name of no rule."""
    trouve = parametres_du(date).get(nom)
    if trouve is None and nom not in noms():
        raise ReglesInconnues(nom)
    return trouve


def noms() -> frozenset[str]:
    """Every name that a value of the law has had."""
    return frozenset(_feuilles()) | {nom for date in dates_d_effet() for nom in parametres_du(date)}


def noms_proches(nom: str) -> list[str]:
    """The names nearest to one that does not exist."""
    return difflib.get_close_matches(nom, sorted(noms()), n=3)


def dates_d_effet() -> tuple[datetime.date, ...]:
    """Every day on which a value of the law took effect, in order."""
    instants = {valeur.instant_str for feuille in _feuilles().values() for valeur in feuille.values_list}
    return tuple(datetime.date.fromisoformat(instant) for instant in sorted(instants))


def debut_du_regime(code: str) -> datetime.date:
    """First day of a set of rules."""
    loi: Any = loi_du_processus()
    if code == COLLECTIF:
        return ouverture_collective(loi)
    debuts = [v.instant_str for v in loi.parameters.regimes.regime.values_list if v.value == code]
    if not debuts:
        raise ReglesInconnues(code)
    return datetime.date.fromisoformat(min(debuts))


def fin_du_regime(code: str) -> datetime.date | None:
    """Last day on which a contract could be signed under a set of rules; None while it is open."""
    debut = debut_du_regime(code)
    if code == COLLECTIF:
        return None
    return parametres_du(debut)["regimes.regime"].jusqu_au


@dataclass(frozen=True)
class Publication:
    """Where a rule was published: the set of rules, in words, and the day from which contracts follow it."""

    regime: str
    depuis: datetime.date


def publication(nom: str) -> Publication:
    """The set of rules for which the surest value of a rule was read. Raises ReglesInconnues for a name of no rule."""
    sures = {
        etape.depuis: Certitude[etape.parametre.certitude]
        for etape in historique(nom)
        if etape.parametre is not None and etape.parametre.certitude
    }
    if not sures:
        raise ReglesInconnues(nom)
    depuis = max(sures, key=sures.__getitem__)
    code = str(parametres_du(depuis)["regimes.regime"].valeur)
    return Publication(regime=str(REGIMES[code].value), depuis=depuis)


def historique(nom: str) -> tuple[EtapeDeLaLoi, ...]:
    """What a value has been, from its first day. Raises ReglesInconnues for a name of no rule."""
    feuille = _feuilles().get(nom)
    etapes = _histoire_du_parametre(nom, feuille) if feuille is not None else _histoire_relevee(nom)
    if not etapes:
        raise ReglesInconnues(nom)
    return tuple(etapes)


def _feuilles() -> dict[str, Any]:
    loi: Any = loi_du_processus()
    return {str(noeud.name): noeud for noeud in loi.parameters.get_descendants() if hasattr(noeud, "values_list")}


def _histoire_du_parametre(nom: str, feuille: Any) -> list[EtapeDeLaLoi]:
    # At the same date the last one, what an operator gives, is the one in force: the other is not shown.
    par_date = {str(valeur.instant_str): valeur for valeur in reversed(feuille.values_list)}
    datees = [par_date[date] for date in sorted(par_date)]
    debuts = [datetime.date.fromisoformat(valeur.instant_str) for valeur in datees]
    suivants: list[datetime.date | None] = [*debuts[1:], None]
    etapes = []
    for valeur, debut, suivant in zip(datees, debuts, suivants, strict=True):
        connu = valeur.metadata.get("connu_le")
        etapes.append(
            EtapeDeLaLoi(
                depuis=debut,
                jusqu_au=None if suivant is None else suivant - datetime.timedelta(days=1),
                parametre=parametres_du(debut).get(nom),
                fin=FINS.get(valeur.metadata.get("statut", "")) if valeur.value is None else None,
                connu_le=datetime.date.fromisoformat(connu) if connu else None,
                note=valeur.metadata.get("note"),
                references=tuple(
                    Reference(titre=r["title"], lien=r.get("href")) for r in valeur.metadata.get("reference") or ()
                ),
            )
        )
    return etapes


def _histoire_relevee(nom: str) -> list[EtapeDeLaLoi]:
    """The history of a percentile, which the law keeps as data: read at each date of effect."""
    etapes: dict[datetime.date, EtapeDeLaLoi] = {}
    for date in dates_d_effet():
        parametre = parametres_du(date).get(nom)
        if parametre is not None:
            etapes[parametre.depuis] = EtapeDeLaLoi(
                depuis=parametre.depuis,
                jusqu_au=parametre.jusqu_au,
                parametre=parametre,
                note=parametre.note,
                references=parametre.references,
            )
    return list(etapes.values())
