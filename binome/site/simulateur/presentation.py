"""What the result page shows, made from the result: nothing is computed here that a rule would say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from binome.simulation import (
    MEMBRES_MAXIMUM,
    PATIENTS_MAXIMUM,
    Annee,
    Condition,
    Objectif,
    Option,
    Resultat,
    ResultatAnnuel,
    Situation,
    Versement,
)
from binome.simulation.mots import ecriture

#: How far the sliders go under the starting level and above the target, as a share: a drawing's choice.
MARGE = Fraction(1, 5)


@dataclass(frozen=True)
class Jalon:
    """One point of the timeline."""

    date: datetime.date
    libelle: str
    figure: str
    certitude: str
    reference: str = ""
    montant: int | None = None
    au_plus: bool = False
    passe: bool = False
    #: « caisse » when the date rests on a value that the fund gave.
    origine: str | None = None


def frise(resultat: Resultat) -> list[Jalon]:
    """Deadlines and payments, in order of date."""
    aujourd_hui = resultat.date_appreciation
    jalons = [
        Jalon(
            e.date,
            e.libelle,
            _figure_de_l_echeance(e.nom),
            e.certitude,
            e.reference,
            passe=e.date < aujourd_hui,
            origine=e.origine,
        )
        for e in resultat.echeances
    ]
    for annee in resultat.annees:
        for rang, versement in enumerate(annee.versements, start=1):
            if versement.date is None:
                continue
            jalons.append(
                Jalon(
                    versement.date,
                    f"Année {annee.rang} : {versement.libelle}{' (résultats supposés)' if annee.projection else ''}",
                    f"annees.{annee.rang}.versement_{rang}_date",
                    versement.certitude,
                    montant=versement.montant,
                    au_plus=annee.au_plus,
                    passe=versement.date < aujourd_hui,
                    origine=versement.origine,
                )
            )
    return sorted(jalons, key=lambda jalon: (jalon.date, jalon.montant is not None))


def sans_date(resultat: Resultat) -> list[tuple[int, Versement]]:
    """Payments that no text read dates: the year of each, and the payment."""
    return [(annee.rang, v) for annee in resultat.annees for v in annee.versements if v.date is None]


def _figure_de_l_echeance(nom: str) -> str:
    base, _, rang = nom.partition(".")
    return f"annees.{rang}.{base}" if rang else f"echeances.{nom}"


def conditions_utiles(resultat: Resultat) -> tuple[list[Condition], list[Condition]]:
    """The conditions that apply, refusals first, and those without object."""
    utiles = [c for c in resultat.verdict.conditions if c.verdict != "sans_objet"]
    ordre = ("non_remplie", "indeterminee", "derogation", "remplie")
    utiles.sort(key=lambda c: ordre.index(c.verdict))
    return utiles, [c for c in resultat.verdict.conditions if c.verdict == "sans_objet"]


@dataclass(frozen=True)
class ColonneOption:
    """One option in the comparison."""

    option: Option
    annees: dict[int, Annee]
    couts: dict[int, Any]


def options_comparees(resultat: Resultat) -> list[ColonneOption]:
    """The options that may be had, side by side, the one chosen even when refused; none for who is refused."""
    if resultat.verdict.eligible == "non":
        return []
    couts = {c.option: c for c in resultat.cout.options} if resultat.cout else {}
    colonnes = []
    for option in resultat.options:
        if option.ouverte == "non" and not option.choisie:
            continue
        annees_cout = {a.rang: a for a in couts[option.option].annees} if option.option in couts else {}
        colonnes.append(ColonneOption(option, {a.rang: a for a in option.annees}, annees_cout))
    return colonnes


def options_refusees(resultat: Resultat) -> list[Option]:
    """The options that cannot be had, for who may have another."""
    if resultat.verdict.eligible == "non":
        return []
    return [o for o in resultat.options if o.ouverte == "non" and not o.choisie]


def cout_montre(resultat: Resultat) -> Any:
    """The cost under the option shown in detail, or of the group."""
    if resultat.cout is None or not resultat.cout.options:
        return None
    choisie = next((o.option for o in resultat.options if o.choisie), "groupe")
    return next((c for c in resultat.cout.options if c.option == choisie), None)


def cout_partiel_montre(resultat: Resultat) -> Any:
    """What is known of a cost that is not determined, under the option shown in detail, or the first one."""
    connu = () if resultat.cout is None else resultat.cout.connu
    choisie = next((o.option for o in resultat.options if o.choisie), "groupe")
    return next((c for c in connu if c.option == choisie), connu[0] if connu else None)


@dataclass(frozen=True)
class Curseur:
    """A slider of « et si ? »: a number of patients supposed at an evaluation."""

    champ: str
    libelle: str
    minimum: int
    maximum: int
    valeur: int
    base: int
    cible: int | None


@dataclass(frozen=True)
class EtSi:
    """What the evaluated year would pay under the supposed numbers."""

    annee: Annee
    curseurs: list[Curseur]
    taux: str
    suppose: bool


def et_si(situation: Situation, annees: Sequence[Annee], objectifs: Sequence[Objectif]) -> EtSi | None:
    """The sliders for the first year whose result is still open; None when no year is evaluated."""
    connues = {r.annee for r in situation.resultats}
    annee = next((a for a in annees if a.evaluee and a.jours_dus > 0 and a.rang not in connues), None)
    if annee is None or any(objectif.base is None for objectif in objectifs):
        return None
    suppose = next((p for p in situation.projections if p.annee == annee.rang), None)
    bornee = PATIENTS_MAXIMUM * (1 if situation.groupe is None else MEMBRES_MAXIMUM)
    curseurs = [_curseur(objectif, annee.rang, suppose, bornee) for objectif in objectifs]
    return EtSi(
        annee, curseurs, ecriture.part(annee.taux_modulation) if annee.taux_modulation else "", suppose is not None
    )


def supposee(situation: Situation, si: EtSi) -> Situation:
    """The situation with the sliders where they are drawn, when nothing was supposed yet."""
    comptes = {curseur.champ.rpartition(".")[2]: curseur.valeur for curseur in si.curseurs}
    projection = ResultatAnnuel(annee=si.annee.rang, **comptes)
    return situation.model_copy(update={"projections": (*situation.projections, projection)})


def _curseur(objectif: Objectif, rang: int, suppose: Any, bornee: int) -> Curseur:
    assert objectif.base is not None  # noqa: S101 - looked at before
    haut = objectif.cible if objectif.cible is not None else objectif.base + int(objectif.base * MARGE)
    valeur = getattr(suppose, objectif.indicateur, None)
    valeur = min(haut, bornee) if valeur is None else valeur
    return Curseur(
        champ=f"projections.{rang}.{objectif.indicateur}",
        libelle=objectif.libelle,
        minimum=min(valeur, int(objectif.base * (1 - MARGE))),
        maximum=max(valeur, min(bornee, haut + int((haut - objectif.base) * MARGE) + 1)),
        valeur=valeur,
        base=objectif.base,
        cible=objectif.cible,
    )


def dit(resultat: Resultat, situation: Situation) -> list[tuple[str, str]]:
    """What was entered, in words: each field and its value. The assumptions of the cost are told with the cost."""
    lignes = list(ecriture.saisie(situation, resultat.valeurs_par_defaut))
    if situation.groupe is not None:
        for rang, membre in enumerate(situation.groupe.membres, start=1):
            nom, _, patients = ecriture.adherent(membre, rang).partition(" : ")
            lignes.append((nom, patients))
    return lignes


def defauts(resultat: Resultat) -> list[str]:
    """What was not entered, and the value retained."""
    return [ecriture.supposition(resultat.situation, champ) for champ in resultat.valeurs_par_defaut]
