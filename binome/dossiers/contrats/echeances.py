"""What a deadline asks for, in words: the law's register, and the acts of a file that close it."""

from __future__ import annotations

from dataclasses import dataclass

from binome import francais
from binome.dossiers.nomenclatures import Genre
from binome.simulation import libelle_de, loi_du_processus
from binome.simulation.mots.ecriture import minuscule
from openfisca_assistants_medicaux import registre


@dataclass(frozen=True)
class Mots:
    """What is told of a deadline beside its day."""

    aide: str
    #: What closes it; blank when it passes by itself, or is noted by hand.
    cloture: str
    #: What makes it disappear; blank when nothing does.
    annulation: str

    @property
    def phrases(self) -> tuple[str, ...]:
        """The same, each as a sentence."""
        suites = (("Close par", self.cloture), ("N'a plus lieu selon", self.annulation))
        return (self.aide, *(f"{debut} : {suite}." for debut, suite in suites if suite))


def mots_de(nom: str) -> Mots | None:
    """The words of a deadline; None for a day that is none (the last one of a terminated contract)."""
    if nom.partition(".")[0] not in registre.echeances().fiches:
        return None
    fiche = registre.echeances()[nom]
    variables = loi_du_processus().variables
    return Mots(
        aide=fiche.aide,
        cloture=francais.enumeration([minuscule(Genre(genre).label) for genre in fiche.actes], mot="ou"),
        annulation=francais.enumeration([minuscule(libelle_de(variables[fait])) for fait in fiche.annulee_par]),
    )
