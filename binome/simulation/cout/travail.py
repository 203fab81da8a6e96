"""The employment itself: its real hours, its CDD, and what it runs against whatever it costs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from binome import francais
from binome.simulation.cout import emploi
from binome.simulation.cout.salaire import MOIS
from binome.simulation.cout.territoire import Lieu
from binome.simulation.modele.cout import CoutOption, HypothesesCout
from binome.simulation.mots.grandeurs import pour_cent


class Poste(Protocol):
    """An option, and its posts as shares of full time."""

    @property
    def nom(self) -> str:
        """Name of the option."""

    @property
    def quotites(self) -> tuple[Fraction, ...]:
        """One share for each assistant."""


@dataclass(frozen=True)
class Temps:
    """Weekly hours: of a full-time post, the fewest allowed (0: no minimum), and those entered for the post, if any."""

    legale: Fraction
    minimale: Fraction
    saisies: Fraction | None

    def reelles(self, poste: Poste) -> tuple[Fraction, ...]:
        """The posts with the hours entered, when they are a single one that works more than its option asks."""
        if self.saisies is None or len(poste.quotites) > 1:
            return poste.quotites
        return (max(poste.quotites[0], self.saisies / self.legale),)

    def heures(self, quotites: Sequence[Fraction]) -> Fraction:
        """Weekly hours of all the posts."""
        return sum(quotites, Fraction(0)) * self.legale

    def trop_court(self, quotites: Sequence[Fraction]) -> bool:
        """A post is shorter than allowed."""
        return min(quotites) * self.legale < self.minimale


def temps_de_travail(saisies: HypothesesCout, ici: Lieu, date: datetime.date, appreciation: datetime.date) -> Temps:
    """The hours that hold on a day, as known at the date d'appréciation."""
    minimum = ici.convention and saisies.facture_mensuelle is None and not saisies.temps_partiel_demande
    return Temps(
        legale=duree_legale(date, appreciation),
        minimale=_heures("duree_minimale", date, appreciation) if minimum else Fraction(0),
        saisies=None if saisies.heures_hebdomadaires is None else Fraction(saisies.heures_hebdomadaires),
    )


def duree_legale(date: datetime.date, appreciation: datetime.date) -> Fraction:
    """Weekly hours of a full-time post."""
    return _heures("duree_legale", date, appreciation)


def _heures(nom: str, date: datetime.date, appreciation: datetime.date) -> Fraction:
    return Fraction(str(emploi.valeur(f"temps_de_travail.{nom}", date, appreciation).valeur))


@dataclass(frozen=True)
class Cdd:
    """A CDD, from the signature: months (0: none), last day, indemnity, and what the agreement makes of it."""

    mois: int
    fin: datetime.date
    indemnite: Decimal
    #: Months beyond which the collective agreement makes it a CDI.
    cdi_au_dela: int


def cdd_de(saisies: HypothesesCout, signature: datetime.date, date: datetime.date, appreciation: datetime.date) -> Cdd:
    """The CDD entered; a CDI has no month."""
    en_cdd = saisies.type_contrat.value == "cdd" and saisies.facture_mensuelle is None
    mois = (saisies.duree_cdd_mois or duree_maximale_cdd(date, appreciation)) if en_cdd else 0
    return Cdd(
        mois=mois,
        fin=_fin(signature, mois),
        indemnite=Decimal(str(emploi.valeur("cdd.indemnite", date, appreciation).valeur)),
        cdi_au_dela=int(emploi.valeur("cdd.devient_cdi_au_dela", date, appreciation).valeur),
    )


def duree_maximale_cdd(date: datetime.date, appreciation: datetime.date) -> int:
    """The longest CDD, in months."""
    return int(emploi.valeur("cdd.duree_maximale", date, appreciation).valeur)


def _fin(signature: datetime.date, mois: int) -> datetime.date:
    """Last day of so many months; months that are too short end on their last day."""
    annee, rang = divmod(signature.year * MOIS + signature.month - 1 + mois, MOIS)
    suivant = datetime.date(annee + (rang + 1) // MOIS, (rang + 1) % MOIS + 1, 1)
    dernier = (suivant - datetime.timedelta(1)).day
    return datetime.date(annee, rang + 1, min(signature.day, dernier)) - datetime.timedelta(1)


def avertissements(
    saisies: HypothesesCout, options: Sequence[CoutOption], temps: Temps, cdd: Cdd, ici: Lieu
) -> tuple[str, ...]:
    """What the employment runs against, or what its cost leaves out, in sentences."""
    dits = [
        f"{option.libelle} : {_en_heures(option.heures_hebdomadaires)} par semaine, moins que les "
        f"{_en_heures(temps.minimale)} que la convention collective exige, sauf demande écrite de l'assistant ou temps "
        "complété chez le même employeur."
        for option in options
        if option.temps_trop_court
    ]
    if cdd.mois:
        dits.append(
            f"CDD de {cdd.mois} mois : il prend fin le {francais.date_longue(cdd.fin)}. Son indemnité de fin de "
            f"contrat ({pour_cent(float(cdd.indemnite))} du brut) est comptée mois par mois, hors contribution au "
            "compte de formation ; elle n'est pas due si un CDI suit. La suite est chiffrée en CDI."
        )
        if ici.convention and cdd.mois > cdd.cdi_au_dela:
            dits.append(
                f"La convention collective fait un CDI d'un CDD de plus de {cdd.cdi_au_dela} mois, sauf remplacement ; "
                "une foire aux questions de CPAM l'admet plus long, avec un motif. À vérifier avant de signer."
            )
    if saisies.autre_aide_embauche:
        dits.append(
            "Autre aide à l'embauche (apprentissage, handicap, insertion…) : aucun texte lu ne dit si elle se cumule "
            "avec celle-ci. Le coût est compté sans elle ; demandez à la CPAM et à l'organisme qui la verse, avant de "
            "signer."
        )
    return tuple(dits)


def _en_heures(duree: Decimal | Fraction) -> str:
    """« 11,67 h » for eleven hours and forty minutes."""
    return f"{francais.valeur(round(float(duree), 2))}{francais.INSECABLE}h"
