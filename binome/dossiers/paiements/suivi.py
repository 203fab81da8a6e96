"""Where the money stands: of what the law says due, what is settled, payable, blocked and why, and still to come.

The columns of a year add up to what the law says due in it, instalment by instalment, to the cent.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Contrat
from binome.dossiers.paiements.campagnes import droits_lus, obstacles, sans_rien_de_du
from binome.dossiers.paiements.dus import Droits
from binome.dossiers.paiements.grand_livre import Solde, droits_inscrits, soldes


@dataclass
class Sommes:
    """What the law says due in a calendar year, in cents: `du` is the sum of the other columns."""

    du: int = 0
    #: Paid, or kept back on a claim.
    regle: int = 0
    #: Due, not paid, and the next campaign may pay it.
    a_payer: int = 0
    #: Due, not paid, and something must be done first.
    bloque: int = 0
    #: Its day has not come.
    a_venir: int = 0
    #: Some amounts are maximums: the results are not known.
    au_plus: bool = False


@dataclass
class Bloque:
    """What is blocked on a contract for one reason; `centimes` is None when nobody knows how much."""

    contrat: Contrat
    motif: str
    centimes: int | None
    au_plus: bool = False
    #: The amount is that of one reading of an open point: the fund has not settled it.
    une_lecture: bool = False


@dataclass
class Position:
    """The whole of it."""

    annees: dict[int, Sommes] = field(default_factory=dict)
    bloques: list[Bloque] = field(default_factory=list)
    #: Contracts that have a year to come whose amount is not known.
    indetermines: int = 0


@dataclass(frozen=True)
class _Echeance:
    rang: int
    date: datetime.date
    du: int
    inscrit: int
    au_plus: bool


def etablir(contrats: Sequence[Contrat], jour: datetime.date) -> Position:
    """Where the money of signed contracts stands on a day."""
    position = Position()
    annees: dict[int, Sommes] = defaultdict(Sommes)
    etats = [etat_de(contrat) for contrat in contrats]
    cles = [contrat.pk for contrat in contrats]
    inscrits, tenus, empeches = droits_inscrits(cles), soldes(cles), obstacles(contrats, etats, jour)
    for contrat, etat, lu in zip(contrats, etats, droits_lus(contrats, etats, jour), strict=True):
        if sans_rien_de_du(contrat, etat, jour):
            continue
        echeances = _echeances(lu.droits, inscrits.get(contrat.pk, {}))
        _repartir(contrat, echeances, tenus.get(contrat.pk, Solde()), lu.droits, empeches.get(contrat.pk, ""),
                  jour, annees, position)  # fmt: skip
        position.indetermines += _inconnu(lu.droits, jour)
    position.annees = dict(sorted(annees.items()))
    position.bloques.sort(key=lambda b: (b.motif, -(b.centimes or 0), b.contrat.numero))
    return position


def _inconnu(du: Droits, jour: datetime.date) -> bool:
    return any(annee.montant_prevu is None and annee.fin >= jour for annee in du.annees)


def _echeances(du: Droits, inscrit: dict[tuple[int, int], int]) -> list[_Echeance]:
    """Every instalment of the law or of the ledger, the last first."""
    trouvees: dict[tuple[int, int], _Echeance] = {}
    debuts = {annee.rang: annee.debut for annee in du.annees}
    for annee in du.annees:
        for rang, versement in enumerate(annee.versements, start=1):
            cle = (annee.rang, rang)
            # Its day is not known: that of the year stands.
            date = versement.date or annee.debut
            trouvees[cle] = _Echeance(annee.rang, date, versement.montant, inscrit.get(cle, 0), annee.au_plus)
    for cle, centimes in inscrit.items():
        if cle not in trouvees and cle[0] in debuts:
            trouvees[cle] = _Echeance(cle[0], debuts[cle[0]], 0, centimes, au_plus=False)
    return sorted(trouvees.values(), key=lambda echeance: echeance.date, reverse=True)


def _repartir(
    contrat: Contrat,
    echeances: Sequence[_Echeance],
    solde: Solde,
    du: Droits,
    empeche: str,
    jour: datetime.date,
    annees: dict[int, Sommes],
    position: Position,
) -> None:
    reste, bloques = solde.aide, dict[str, Bloque]()
    for echeance in echeances:
        sommes = annees[echeance.date.year]
        inscrit = min(echeance.inscrit, echeance.du)
        # What remains to pay is of the last instalments.
        non_vire = max(min(reste, inscrit), 0)
        reste -= non_vire
        non_inscrit = echeance.du - inscrit
        sommes.du += echeance.du
        sommes.regle += inscrit - non_vire
        sommes.au_plus = sommes.au_plus or (echeance.au_plus and bool(echeance.du))
        echu = non_vire + (non_inscrit if echeance.date <= jour else 0)
        sommes.a_venir += echeance.du - (inscrit - non_vire) - echu
        motif = empeche or (du.en_attente.get(echeance.rang, "") if non_inscrit else "")
        if not echu:
            continue
        if not motif:
            sommes.a_payer += echu
            continue
        sommes.bloque += echu
        bloque = bloques.setdefault(motif, Bloque(contrat, motif, 0))
        bloque.centimes = (bloque.centimes or 0) + echu
        bloque.au_plus = bloque.au_plus or echeance.au_plus
        bloque.une_lecture = bloque.une_lecture or echeance.rang in du.en_suspens
    connus = {echeance.rang for echeance in echeances}
    debutees = {annee.rang for annee in du.annees if annee.debut <= jour}
    for rang, motif in du.en_attente.items():
        if rang in debutees - connus:
            bloques.setdefault(motif, Bloque(contrat, motif, None))
    position.bloques += bloques.values()
