"""The post: the hours that the option asks for, and those that were hired."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from binome.dossiers.contrats.etat import Etat
from binome.dossiers.models import Embauche
from binome.simulation import NomOption
from binome.simulation.parametres import valeur_en_vigueur
from openfisca_assistants_medicaux.nomenclatures import TEMPS_PLEIN

CENTIEMES = 100


@dataclass(frozen=True)
class PosteDuContrat:
    """Weekly hours, in hundredths: what the contract asks for (None: the texts read do not say), what is hired."""

    attendues: int | None
    embauchees: int

    @property
    def manque(self) -> int:
        """Hours that are missing, in hundredths."""
        return 0 if self.attendues is None else max(self.attendues - self.embauchees, 0)


def poste(embauches: Iterable[Embauche], etat: Etat, jour: datetime.date) -> PosteDuContrat:
    """The post of a contract on a day: what its option asks for, amended or not, and those who hold it then."""
    tenus = [e for e in embauches if e.date_debut <= jour and (e.date_fin is None or e.date_fin >= jour)]
    return PosteDuContrat(heures_attendues(etat, jour), sum(embauche.centiemes_heures for embauche in tenus))


def heures_attendues(etat: Etat, jour: datetime.date) -> int | None:
    """Weekly hours of the option on a day, in hundredths; those of a full time for each one that a group asks for."""
    situation = etat.lire(max(jour, etat.date_signature))
    etp = Fraction(1)
    option = NomOption(TEMPS_PLEIN.name)
    if situation.groupe is not None:
        etp = Fraction(str(situation.groupe.etp_demandes))
    elif situation.contrat is not None and situation.contrat.option is not None:
        option = situation.contrat.option
    lue = valeur_en_vigueur(f"options.heures_hebdomadaires.{option.value}", etat.date_signature)
    if lue is None or not lue.connue:
        return None
    # Rounded down: a third of 35 hours is written 11.66 or 11.67.
    return int(Fraction(str(lue.valeur)) * etp * CENTIEMES)
