"""Which sources are official publications: what a value or a statement may be called « texte officiel » for."""

from __future__ import annotations

from collections.abc import Iterable

from openfisca_assistants_medicaux.certitude import Certitude

NON_LU = "non lu"
LU_DANS = "Lu dans : "

#: Publications of the Cnam, of a fund or of the State, read by us: a text found nowhere else is only quoted.
OFFICIELLES = (
    "brochure CNAM",
    "CPAM de l'Hérault",
    "ameli.fr",
    "juriblio.fr, convention nationale",
    "annexe 34, contrat type (extrait)",
)


def plafond(titres: Iterable[str]) -> Certitude:
    """The strongest certainty that the titles of a reference list allow."""
    titres = list(titres)
    lus = [titre.removeprefix(LU_DANS) for titre in titres if titre.startswith(LU_DANS)]
    textes = [t for t in titres if not t.startswith((LU_DANS, "Arbitrage", "Hypothèse du projet", "Aucun texte"))]
    if any(NON_LU in titre for titre in titres):
        return Certitude.cite
    if lus and not any(lu.startswith(OFFICIELLES) for lu in lus):
        return Certitude.cite if textes else Certitude.secondaire
    return Certitude.texte if lus or textes else Certitude.hypothese
