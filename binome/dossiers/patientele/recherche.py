"""Finding people and files as one types them: without accents nor capitals, by any part of a name, by a number.

Both databases compare with the same expression, and sort as a French dictionary does: « Églantine » comes after
« Dahlia », and « eglantine » finds it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import CharField, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Lower, Replace

from binome.dossiers.models import Contrat, Medecin, Structure

Ligne = TypeVar("Ligne", bound=Model)

#: What one letter of a name is written with, and the letters that stand for it.
_LETTRES = {"a": "àâäáãå", "c": "ç", "e": "éèêë", "i": "îïíì", "n": "ñ", "o": "ôöóòõ", "u": "ùûüú", "y": "ÿý"}
_ACCENTUEES = "".join(variantes + variantes.upper() for variantes in _LETTRES.values())
_NUES = "".join(lettre * 2 * len(variantes) for lettre, variantes in _LETTRES.items())
#: Marks that separate the words of a name.
_SEPARATEURS = "-'’"
#: A number of which enough is typed for it to be sought.
CHIFFRES = 4


def sans_accents(texte: str) -> str:
    """A text as names are compared: lower case, no accents, words apart."""
    lie = unicodedata.normalize("NFC", texte).replace("œ", "oe").replace("Œ", "oe")
    return lie.translate(str.maketrans(_ACCENTUEES + _SEPARATEURS, _NUES + " " * len(_SEPARATEURS))).lower()


class _Traduire(Func):
    """`translate` of PostgreSQL, which SQLite is given (`apprendre`)."""

    function = "TRANSLATE"
    output_field = CharField()


def nu(*champs: str) -> Any:
    """The same of columns, put end to end, by the database."""
    parties: list[Any] = []
    for champ in champs:
        parties += [Coalesce(F(champ), Value("")), Value(" ")]
    texte: Any = Concat(*parties, output_field=CharField())
    for ligature in "œŒ":
        texte = Replace(texte, Value(ligature), Value("oe"))
    depuis, vers = _ACCENTUEES + _SEPARATEURS, _NUES + " " * len(_SEPARATEURS)
    return Lower(_Traduire(texte, Value(depuis), Value(vers)))


def apprendre(connexion: Any) -> None:
    """Give SQLite the function that PostgreSQL has."""
    if connexion.vendor == "sqlite":
        connexion.connection.create_function("TRANSLATE", 3, _traduire, deterministic=True)


def _traduire(texte: str | None, depuis: str, vers: str) -> str | None:
    return None if texte is None else texte.translate(str.maketrans(depuis, vers))


def _mots(texte: str) -> list[str]:
    return sans_accents(texte).split()


def medecins(lignes: QuerySet[Medecin], texte: str) -> QuerySet[Medecin]:
    """The doctors whom a text names, by part of a name, by the RPPS, by the end of their account; sorted."""
    trouves = lignes.annotate(nu=nu("nom", "prenom"))
    for mot in _mots(texte):
        trouves = trouves.filter(Q(nu__contains=mot) | _numero(mot, "rpps", "comptes_bancaires__"))
    return _uniques(lignes, trouves, texte).annotate(ordre=nu("nom", "prenom")).order_by("ordre", "pk")


def structures(lignes: QuerySet[Structure], texte: str) -> QuerySet[Structure]:
    """The societies that a text names, by part of the name, by the SIRET or the FINESS; sorted."""
    trouvees = lignes.annotate(nu=nu("nom"))
    for mot in _mots(texte):
        trouvees = trouvees.filter(
            Q(nu__contains=mot) | Q(finess__iexact=mot) | _numero(mot, "siret", "comptes_bancaires__")
        )
    return _uniques(lignes, trouvees, texte).annotate(ordre=nu("nom")).order_by("ordre", "pk")


def contrats(lignes: QuerySet[Contrat], texte: str) -> QuerySet[Contrat]:
    """The files that a text names: by their number, by who signed or joined, by the end of the account that is paid."""
    trouves = lignes.annotate(nu=nu("medecin__nom", "medecin__prenom", "structure__nom"))
    # A number is written with a dash, which separates words elsewhere.
    for mot in texte.lower().split():
        nus = [Q(nu__contains=partie) for partie in _mots(mot)]
        nommes = Q(*nus) if nus else Q()
        trouves = trouves.filter(
            Q(numero__icontains=mot)
            | nommes
            | _numero(mot, "medecin__rpps", "medecin__comptes_bancaires__")
            | _numero(mot, "adhesions__medecin__rpps", "structure__comptes_bancaires__")
        )
    return _uniques(lignes, trouves, texte)


def _numero(mot: str, champ: str, comptes: str) -> Q:
    """The start of a number, or the end of the account in use."""
    if len(mot) < CHIFFRES or not mot.isalnum():
        return Q(pk__in=[])
    fin = Q(**{f"{comptes}iban__iendswith": mot, f"{comptes}actif": True})
    return Q(**{f"{champ}__startswith": mot}) | fin if mot.isdecimal() else fin


def _uniques(lignes: QuerySet[Ligne], trouvees: QuerySet[Any], texte: str) -> QuerySet[Ligne]:
    """Each row once: several accounts or members may name it. Nothing typed: every row."""
    return lignes.filter(pk__in=trouvees.values("pk")) if texte.split() else lignes


def tout(lignes: Sequence[tuple[str, Any, Any]], texte: str, limite: int) -> Iterator[tuple[str, list[Any], int]]:
    """By kind (name, rows, how they are sought): the first ones found, and how many there are."""
    for nom, rangees, chercher in lignes:
        trouvees = chercher(rangees, texte)
        yield nom, list(trouvees[:limite]), trouvees.count()
