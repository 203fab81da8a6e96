"""Letters of a fund and the contract prefilled. Each template is a file of `modeles/`, which an agent may read.

A letter is composed (texts and rows, values put in as they are), then rendered as a PDF. A value is
never read as Markdown nor as Typst, and nothing here knows a figure of the law: amounts and dates come in the values.
"""

from binome.documents.courriers.catalogue import (
    AGENT,
    CAISSE,
    ChampDeLettre,
    ChampTableau,
    ModeleDeLettre,
    modele,
    modeles,
)
from binome.documents.courriers.composition import composer, exemple
from binome.documents.courriers.courrier import Courrier, Destinataire, Expediteur, TableauDeLettre
from binome.documents.courriers.rendu import apercu, rendre

__all__ = [
    "AGENT",
    "CAISSE",
    "ChampDeLettre",
    "ChampTableau",
    "Courrier",
    "Destinataire",
    "Expediteur",
    "ModeleDeLettre",
    "TableauDeLettre",
    "apercu",
    "composer",
    "exemple",
    "modele",
    "modeles",
    "rendre",
]
