"""How sure a figure is: the weakest certainty of what it used.

The four words stand here and nowhere else: what a value may declare, what a reader sees, what each word means, and
the list that schemas and pages publish. Ordered from weakest to strongest, so that the weakest of several is their
minimum.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import TypeVar

Regle = TypeVar("Regle", bound=Callable[..., object])


class Certitude(IntEnum):
    """Certainty of a parameter value, of a rule, and of everything computed from them."""

    hypothese = 0
    secondaire = 1
    cite = 2
    texte = 3

    @property
    def en_mots(self) -> str:
        """What a reader sees."""
        return EN_MOTS[self]

    @property
    def sens(self) -> str:
        """What the word means, in one sentence without its final stop."""
        return SENS[self]

    @property
    def officielle(self) -> bool:
        """True where an official text says it, read by us or quoted by others."""
        return self >= Certitude.cite


EN_MOTS = {
    Certitude.hypothese: "estimé",
    Certitude.secondaire: "rapporté",
    Certitude.cite: "texte officiel cité",
    Certitude.texte: "texte officiel",
}

#: What follows the word where an operator, not us, read the text.
D_APRES_LA_CAISSE = ", d'après la caisse"

SENS = {
    Certitude.hypothese: "reconstruit par nous faute de texte, modifiable : à faire confirmer par la CPAM",
    Certitude.secondaire: "lu chez une source sérieuse qui n'est pas un texte officiel",
    Certitude.cite: "texte officiel que nous n'avons pas lu, tel que le cite qui l'a lu",
    Certitude.texte: "lu dans un texte officiel",
}

#: The words that a value may declare, strongest first.
NOMS = tuple(certitude.name for certitude in sorted(Certitude, reverse=True))

#: The same, as a sentence lists them: « texte, cite, secondaire ou hypothese ».
LISTE = f"{', '.join(NOMS[:-1])} ou {NOMS[-1]}"

#: Where a formula keeps the certainty of its own source.
PROPRE = "certitude"


def source(certitude: Certitude) -> Callable[[Regle], Regle]:
    """Certainty of the source of a rule that reads no parameter: its result is never surer than that.

    Where the rule decides only some rows, its formula says so: `lire.pris_en_compte` with its own name.
    """

    def marquer(formule: Regle) -> Regle:
        setattr(formule, PROPRE, certitude)
        return formule

    return marquer


def deduite(formule: Regle) -> Regle:
    """A rule that only follows from what it reads (a sum, a conjunction, a calendar): it adds no doubt of its own."""
    return source(Certitude.texte)(formule)


def certitude_propre(formule: object) -> Certitude:
    """Certainty of a formula's own source; a rule that reads parameters has theirs alone."""
    propre: Certitude = getattr(formule, PROPRE, Certitude.texte)
    return propre
