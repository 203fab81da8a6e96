"""What there is to price in a simulation: the posts of each option, or those of a group, with the aid of each year."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from binome.simulation.cout.chiffrage import AideAnnuelle, PosteDeCout
from binome.simulation.cout.salaire import MOIS
from binome.simulation.modele.nomenclatures import ETP
from openfisca_assistants_medicaux.calendrier import ajouter_mois

if TYPE_CHECKING:
    from binome.simulation.modele.resultat import Annee, Option


def en_postes(etp: Fraction) -> tuple[Fraction, ...]:
    """Posts that make full-time equivalents: whole ones, and what remains as a part-time one."""
    pleins, reste = divmod(etp, 1)
    return (Fraction(1),) * int(pleins) + ((reste,) if reste else ())


#: Posts of an option, as shares of full time: a second assistant is another employee.
QUOTITES = {nom: en_postes(etp) for nom, etp in ETP.items()}
SANS_AIDE = 0


def des_options(options: Sequence[Option], signature: datetime.date, annees: int) -> tuple[PosteDeCout, ...]:
    """The options to price: those that bring an aid; else the chosen one, or those on offer, without aid."""
    choisie = any(option.choisie for option in options)
    retenues = [o for o in options if o.annees or o.choisie]
    if not any(o.annees for o in options) and not choisie:
        retenues = [o for o in options if o.ouverte != "non"]
    return tuple(
        PosteDeCout(
            nom=option.option,
            libelle=option.libelle,
            quotites=QUOTITES[option.option],
            annees=_avec_aide(option.annees) or _sans_aide(signature, annees),
        )
        for option in retenues
    )


def du_groupe(
    etp_demandes: float, aides: Sequence[Annee], signature: datetime.date, annees: int
) -> tuple[PosteDeCout, ...]:
    """The posts that a group asks for: whole ones, and what remains as a part-time one. `aides` empty: refused."""
    etp = Fraction(str(etp_demandes))
    libelle = f"{str(etp_demandes).removesuffix('.0').replace('.', ',')} ETP"
    return (PosteDeCout("groupe", libelle, en_postes(etp), _avec_aide(aides) or _sans_aide(signature, annees)),)


def _avec_aide(annees: Sequence[Annee]) -> tuple[AideAnnuelle, ...]:
    return tuple(AideAnnuelle(a.rang, a.debut, a.fin, a.montant_prevu, a.au_plus) for a in annees)


def _sans_aide(signature: datetime.date, annees: int) -> tuple[AideAnnuelle, ...]:
    depart = np.array([signature], dtype="datetime64[D]")
    bornes: list[datetime.date] = [ajouter_mois(depart, MOIS * rang).astype(object)[0] for rang in range(annees + 1)]
    veille = datetime.timedelta(1)
    return tuple(
        AideAnnuelle(rang, debut, fin - veille, SANS_AIDE, au_plus=False)
        for rang, (debut, fin) in enumerate(pairwise(bornes), start=1)
    )
