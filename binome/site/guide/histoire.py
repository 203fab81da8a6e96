"""The rules since the scheme began: what each date of effect changed, from the parameters' own dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from binome.simulation import NomOption
from binome.simulation.mots.grandeurs import INCONNUE
from binome.simulation.parametres import THEMES, Changement, Parametre, comparer
from binome.site.guide.loi import COLLECTIF, REGIMES, EtapeDeLaLoi, dates_d_effet, historique, parametres_du
from binome.site.guide.memoire import selon_la_loi

#: What happened, in one sentence; the figures are in the tables beside it.
RECITS = {
    "AV7": (
        "L’assistant médical naît avec cet avenant à la convention de 2016. L’aide s’adresse aux médecins qui exercent "
        "à plusieurs et s’engagent dans un exercice coordonné ; le temps plein est réservé aux zones sous-dotées, et "
        "les objectifs montent par paliers selon la place du médecin dans la distribution nationale."
    ),
    "AV8": (
        "Un seul changement : le temps plein s’ouvre aussi aux zones d’action complémentaire, pour les patientèles "
        "assez fournies."
    ),
    "RA": (
        "Le règlement arbitral retire les conditions de regroupement, de coordination et de zone, ferme le tiers-temps "
        "aux nouveaux contrats et remplace les paliers par une droite : plus la patientèle est grande, moins il est "
        "demandé. Les enfants comptent désormais."
    ),
    "CM24": (
        "La convention de 2024 relève les montants, ouvre un second assistant dans les zones d’intervention "
        "prioritaire et assouplit les objectifs, d’une ampleur que nous n’avons pas pu lire."
    ),
    "COLL": (
        "Une société de médecins généralistes peut signer à la place de chacun : patientèle moyenne, objectif commun, "
        "aide versée à la société. Le contrat individuel demeure."
    ),
}

RANGS = ("annee_1", "annee_2", "annee_3_et_suivantes")


def montants() -> tuple[str, ...]:
    """Amounts that a text read gives, the longest post first, then those of a group."""
    options = [nom for nom in reversed(NomOption) if _connu(f"montants.{nom}.{RANGS[-1]}")]
    individuels = (f"montants.{nom}.{rang}" for nom in options for rang in (*RANGS, "bande_p90_p95", "bande_p95_plus"))
    return (*individuels, *(f"aide_collective.montant_par_etp.{rang}" for rang in RANGS))


def _connu(nom: str) -> bool:
    return any(etape.parametre is not None and etape.parametre.connue for etape in historique(nom))


REGLES = (
    "options.ouvertes_aux_nouveaux_contrats",
    "options.un_etp.zones_requises",
    "eligibilite.seuil.percentile_minimal",
    "eligibilite.seuil.medecine_generale",
    "eligibilite.seuil.population",
    "eligibilite.seuil.cardiologie",
    "eligibilite.exercice_regroupe.exige",
    "eligibilite.exercice_coordonne.delai",
    "objectifs.formule",
    "objectifs.premiere_annee_verifiee",
    "versements.avance.taux",
    "formation.delai_qualification",
    "formation.cqp.duree",
)


@dataclass(frozen=True)
class Moment:
    """A date of effect, the rules that begin that day if any, and what changed."""

    date: datetime.date
    regime: str | None
    titre: str
    recit: str
    etape: EtapeDeLaLoi | None
    changements: tuple[tuple[str, tuple[Changement, ...]], ...]
    nombre: int


@dataclass(frozen=True)
class Cellule:
    """A value under one set of rules."""

    ecrite: str
    certitude: str | None
    nouvelle: bool


@dataclass(frozen=True)
class Rangee:
    """A value from one set of rules to the next."""

    nom: str
    description: str
    cellules: tuple[Cellule, ...]


@selon_la_loi(maxsize=1)
def moments() -> tuple[Moment, ...]:
    """Every date of effect, in order."""
    regimes = dict(_regimes())
    return tuple(_moment(date, regimes.get(date)) for date in dates_d_effet())


def debuts() -> tuple[tuple[datetime.date, str], ...]:
    """First days of the sets of rules, with their names."""
    return tuple((date, REGIMES[etape[0]].value) for date, etape in _regimes())


@selon_la_loi(maxsize=4)
def tableau(noms: tuple[str, ...]) -> tuple[Rangee, ...]:
    """Values under each set of rules; what differs from the column before is marked as new."""
    dates = [date for date, _ in debuts()]
    rangees = []
    for nom in noms:
        suite = [parametres_du(date).get(nom) for date in dates]
        connus = [parametre for parametre in suite if parametre is not None]
        if connus:
            rangees.append(Rangee(nom, connus[0].description, tuple(_cellules(suite))))
    return tuple(rangees)


def _cellules(suite: list[Parametre | None]) -> Iterator[Cellule]:
    precedente: str | None = None
    for parametre in suite:
        ecrite = "—" if parametre is None else parametre.valeur_ecrite.replace(" par an et", "").replace(" par an", "")
        nouvelle = precedente is not None and ecrite != precedente
        yield Cellule(ecrite, None if parametre is None else parametre.certitude, nouvelle)
        precedente = ecrite


def _regimes() -> Iterator[tuple[datetime.date, tuple[str, EtapeDeLaLoi]]]:
    """(first day, (code, stretch of history)) of each set of rules, in order."""
    trouves = [(e.depuis, (str(e.parametre.valeur), e)) for e in historique("regimes.regime") if e.parametre]
    ouverture = next(e for e in historique("regimes.aide_collective_ouverte") if e.parametre)
    trouves.append((ouverture.depuis, (COLLECTIF, ouverture)))
    return iter(sorted(trouves, key=lambda couple: couple[0]))


def _moment(date: datetime.date, regime: tuple[str, EtapeDeLaLoi] | None) -> Moment:
    trouves = comparer(date - datetime.timedelta(days=1), date)
    themes = tuple(
        (libelle, tuple(c for c in trouves if c.theme == theme))
        for theme, libelle in THEMES.items()
        if any(c.theme == theme for c in trouves)
    )
    if regime is None:
        return Moment(date, None, _titre(trouves), "", None, themes, len(trouves))
    code, etape = regime
    return Moment(date, code, REGIMES[code].value, RECITS.get(code, ""), etape, themes, len(trouves))


def _titre(changements: tuple[Changement, ...]) -> str:
    """A small date is named by what it changed."""
    titres = [c.description for c in changements[:2]]
    return " ; ".join(titres) if titres else INCONNUE
