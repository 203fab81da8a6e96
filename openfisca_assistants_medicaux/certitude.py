"""How sure a figure is: the weakest certainty of what it used.

`texte`: read in an official source · `secondaire`: a serious secondary source · `hypothese`: reconstructed.
Ordered from weakest to strongest, so that the weakest of several is their minimum.
"""

from enum import IntEnum


class Certitude(IntEnum):
    """Certainty of a parameter value, and of everything computed from it."""

    hypothese = 0
    secondaire = 1
    texte = 2

    @property
    def en_mots(self) -> str:
        """What a reader sees."""
        return EN_MOTS[self]


EN_MOTS = {
    Certitude.hypothese: "hypothèse, à confirmer par la CPAM",
    Certitude.secondaire: "source secondaire",
    Certitude.texte: "texte officiel",
}
