"""What a letter is made from: who writes, to whom, and every value already written in French."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict


class _Donnees(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expediteur(_Donnees):
    """The fund that writes."""

    nom: str
    adresse: tuple[str, ...]
    telephone: str
    courriel: str


class Destinataire(_Donnees):
    """Whom the letter is for."""

    civilite_nom: str
    adresse: tuple[str, ...]
    #: Empty when the letter is not for a doctor.
    rpps: str = ""
    #: How the letter addresses them; empty, it is the template's way.
    appel: str = ""


class TableauDeLettre(_Donnees):
    """A table: rows of as many cells as there are titles."""

    lignes: tuple[tuple[str, ...], ...]
    #: Empty: those of the template.
    titres: tuple[str, ...] = ()


class Courrier(_Donnees):
    """A letter to compose: the name of its template, and the values that fill it."""

    modele: str
    caisse: Expediteur
    destinataire: Destinataire
    date: datetime.date
    #: Number of the file.
    reference: str
    #: Empty: that of the template.
    objet: str = ""
    champs: dict[str, str] = {}
    tableaux: dict[str, TableauDeLettre] = {}
    #: Name and quality of who signs for the fund; empty, the fund alone is named.
    signataire: str = ""
