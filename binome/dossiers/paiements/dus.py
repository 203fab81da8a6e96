"""What is due on a contract at a date, instalment by instalment, by the law alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from binome import francais
from binome.dossiers.contrats.etat import Etat
from binome.simulation import Annee, ContratSuivi, PointOuvert, suivre


@dataclass(frozen=True)
class Droit:
    """An instalment that is due."""

    annee: Annee
    #: 1 or 2.
    echeance: int
    date: datetime.date
    centimes: int
    libelle: str
    suivi: ContratSuivi
    #: Fingerprint of the law that says so.
    empreinte_loi: str


@dataclass(frozen=True)
class Droits:
    """What is due on a contract, and the started years whose amount nobody knows yet."""

    dus: tuple[Droit, ...]
    #: Contract year, and why nothing can be said of it.
    en_attente: dict[int, str]
    annees: tuple[Annee, ...]
    #: Years on which nothing moves: until the fund settles an open point, or until a termination takes effect.
    en_suspens: frozenset[int] = frozenset()


def droits(etats: Sequence[Etat], date: datetime.date) -> Iterator[Droits]:
    """What is due on each contract at a date, in order; the law is run on all of them at once."""
    etats = [etat.au_terme_annonce(date) for etat in etats]
    versions = [etat.suivis() for etat in etats]
    suivis = suivre([suivi for version in versions for suivi, _ in version], date)
    for etat, version in zip(etats, versions, strict=True):
        annees: dict[int, tuple[Annee, ContratSuivi, str]] = {}
        suspens: dict[int, PointOuvert] = {}
        for contrat, rangs in version:
            suivi = next(suivis)
            trouvees = {annee.rang: annee for annee in suivi.annees}
            annees |= {rang: (trouvees[rang], contrat, suivi.empreinte_loi) for rang in rangs if rang in trouvees}
            suspens |= {rang: point for rang in rangs if (point := suivi.en_suspens(rang)) is not None}
        fin = None if etat.date_fin_anticipee is not None else etat.fin_annoncee
        yield _droits([annees[rang] for rang in sorted(annees)], suspens, date, fin)


def _droits(
    annees: Sequence[tuple[Annee, ContratSuivi, str]],
    suspens: Mapping[int, PointOuvert],
    date: datetime.date,
    fin_annoncee: datetime.date | None,
) -> Droits:
    dus: list[Droit] = []
    en_attente: dict[int, str] = {}
    en_suspens = set(suspens)
    for annee, contrat, loi in annees:
        if fin_annoncee is not None and annee.debut <= fin_annoncee < annee.fin:
            # Whole, it would be claimed back; in part, the contract would not be living any more.
            en_suspens.add(annee.rang)
            if annee.debut <= date:
                en_attente[annee.rang] = (
                    f"année {annee.rang} : résiliation à venir, rien n'est versé ni repris avant le dernier jour "
                    f"({francais.date_courte(fin_annoncee)})"
                )
            continue
        if annee.rang in suspens:
            # Nothing is paid, nor taken back, on one reading alone.
            if annee.debut <= date:
                en_attente[annee.rang] = deux_lectures(annee.rang, suspens[annee.rang])
            continue
        if annee.montant_du is None:
            if annee.debut <= date:
                en_attente[annee.rang] = en_attente_de(annee)
            continue
        if annee.montant_du == 0 and not annee.versements:
            # Nothing is due for the year: an instalment already paid is to be taken back.
            dus += [Droit(annee, rang, annee.debut, 0, "rien n'est dû", contrat, loi) for rang in (1, 2)]
        dus += [
            Droit(annee, rang, versement.date, versement.montant, versement.libelle, contrat, loi)
            for rang, versement in enumerate(annee.versements, start=1)
            if versement.date is not None and versement.date <= date
        ]
    fermes = tuple(annee for annee, *_ in annees)
    return Droits(tuple(dus), en_attente, fermes, frozenset(en_suspens))


def deux_lectures(rang: int, point: PointOuvert) -> str:
    """Why nothing is proposed for a year on which an open point gives two amounts."""
    montants = [
        next((annee.montant for annee in lecture.annees if annee.rang == rang), None)
        for lecture in (point.a, point.b)
        if lecture is not None
    ]
    return (
        f"année {rang} : deux lectures ({point.arbitrage}), {' ou '.join(francais.euros(m) for m in montants)} ; "
        "à trancher avant tout versement"
    )


def en_attente_de(annee: Annee) -> str:
    """Why the amount of a started year is not known."""
    if annee.evaluee and annee.taux_modulation is None and annee.montant_maximal is not None:
        return f"année {annee.rang} à évaluer"
    return f"année {annee.rang} : montant non déterminé par les textes lus, à notifier"
