"""One grammar of cells: what a date, a number, an amount, a share or an e-mail looks like, wherever written.

Each reader takes a text and gives a typed value, or raises `CelluleRefusee`, whose message says what is expected. Two
readings that both make sense are asked back, never chosen: « 1.200 » (1 200 or 1,2), « 1 » for a share (1 % or 100 %).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from binome import francais
from binome.tableaux.refus import CelluleRefusee as CelluleRefusee

_ESPACES = re.compile(r"[ \t\u00a0\u202f\u2007\u2009\u200a\u2060]+")
_JOUR = r"(?:[ T]0{1,2}[:h]00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})" + _JOUR, re.ASCII)
_FRANCAISE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})" + _JOUR, re.ASCII)
_SERIE = re.compile(r"[34567]\d{4}", re.ASCII)
_SCIENTIFIQUE = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
_SECRET = re.compile(r"n\.?\s?[scd]\.?|n/[asd]|#n/[ad]|s(?:ecret|\.s\.)?|secret statistique", re.IGNORECASE)
_ERREURS = re.compile(r"#(?:ref|div/0|valeur|value|nom|name|nombre|num|nul|null)[!?]?", re.IGNORECASE)
_GROUPES = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_CHIFFRES = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+", re.ASCII)
_DEUX_SIGNES = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)
#: Figures that a cell may hold: beyond, it is no number of ours.
_LONGUEUR = 18
_POINT_OU_MILLIERS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_ATOME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NOM_DE_DOMAINE = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_COURRIEL = re.compile(
    rf"(?P<boite>{_ATOME}(?:\.{_ATOME})*)@(?:{_NOM_DE_DOMAINE}\.)+(?:[A-Za-z]{{2,63}}|xn--[a-z0-9]{{1,59}})"
)
#: The longest address, and the longest name of a box, that a mail server takes (RFC 5321, 4.5.3.1).
COURRIEL_MAXIMUM, _BOITE_MAXIMUM = 254, 64

_OUI_NON = {
    "oui": True, "o": True, "vrai": True, "true": True, "1": True,
    "non": False, "n": False, "faux": False, "false": False, "0": False,
}  # fmt: skip

UN_POUR_CENT = Decimal("0.01")
DATE_ATTENDUE = "date réelle attendue, JJ/MM/AAAA ou AAAA-MM-JJ"


def date(texte: str) -> datetime.date:
    """A day written JJ/MM/AAAA or AAAA-MM-JJ, or as a spreadsheet writes one at midnight."""
    ecrit = _ESPACES.sub(" ", texte).strip()
    if iso := _ISO.fullmatch(ecrit):
        annee, mois, jour = (int(morceau) for morceau in iso.groups())
    elif ecrite := _FRANCAISE.fullmatch(ecrit):
        jour, mois = int(ecrite[1]), int(ecrite[3])
        if len(ecrite[4]) < len("AAAA"):
            raise CelluleRefusee(
                f"année sur deux chiffres ; « {jour:02d}/{mois:02d}/20{ecrite[4]} » ou une autre année entière attendue"
            )
        annee = int(ecrite[4])
    elif _SERIE.fullmatch(ecrit):
        raise CelluleRefusee(f"nombre de jours du tableur ; {DATE_ATTENDUE} (mettez la colonne au format Date)")
    else:
        _refuser_les_mots(ecrit)
        raise CelluleRefusee(DATE_ATTENDUE)
    try:
        return datetime.date(annee, mois, jour)
    except ValueError:
        raise CelluleRefusee(DATE_ATTENDUE) from None


def decimal(texte: str) -> Decimal:
    """A number: « 1 200 », « 0,5 », « 1 200,50 », « 12.5 ». « 1.200 » is asked back: 1 200 or 1,2."""
    ecrit = _ESPACES.sub(" ", texte.replace("\u2212", "-")).strip()
    if len(ecrit) > _LONGUEUR + len("  ,  "):
        raise CelluleRefusee("nombre attendu")
    if _SCIENTIFIQUE.fullmatch(ecrit):
        raise CelluleRefusee(
            "écriture scientifique du tableur, dont les derniers chiffres sont perdus ; "
            "mettez la colonne au format Texte, ou Nombre sans décimale, et ressaisissez le numéro"
        )
    if _DEUX_SIGNES.fullmatch(ecrit):
        entiere, decimales = re.split(r"[.,](?=\d+$)", ecrit)
        return Decimal(re.sub("[.,]", "", entiere) + "." + decimales)
    if _POINT_OU_MILLIERS.fullmatch(ecrit):
        entiere, decimales = re.split("[.,]", ecrit)
        lus = f"{entiere}{francais.FINE}{decimales} ou {entiere},{decimales.rstrip('0') or '0'}"
        raise CelluleRefusee(f"{lus} ? écrivez les milliers sans signe, ou avec une espace")
    if not (_GROUPES.fullmatch(ecrit) or _CHIFFRES.fullmatch(ecrit)):
        _refuser_les_mots(ecrit)
        raise CelluleRefusee("nombre attendu")
    try:
        return Decimal(ecrit.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise CelluleRefusee("nombre attendu") from None


def entier(texte: str) -> int:
    """A whole number: « 1 200 », « 1484,0 »."""
    try:
        lu = decimal(texte)
    except CelluleRefusee as refus:
        raise CelluleRefusee("nombre entier attendu" if str(refus) == "nombre attendu" else str(refus)) from None
    if lu != lu.to_integral_value():
        raise CelluleRefusee("nombre entier attendu")
    return int(lu)


def euros(texte: str) -> Decimal:
    """An amount, with or without « € »."""
    return decimal(re.sub(r"(?i)\s*(€|eur(?:os?)?)\s*$", "", texte))


def oui_non(texte: str) -> bool:
    """Yes or no, as people and spreadsheets write them."""
    dit = _OUI_NON.get(texte.strip().lower())
    if dit is None:
        raise CelluleRefusee("oui ou non attendu")
    return dit


def courriel(texte: str) -> str:
    """One e-mail address that every mail server takes: « cabinet@exemple.fr »; no accent, no name around it."""
    ecrit = _ESPACES.sub(" ", texte).strip(" ")
    if lu := _COURRIEL.fullmatch(ecrit):
        if len(ecrit) > COURRIEL_MAXIMUM or len(lu["boite"]) > _BOITE_MAXIMUM:
            raise CelluleRefusee(f"au plus {COURRIEL_MAXIMUM} signes attendus, dont {_BOITE_MAXIMUM} avant le @")
        return ecrit
    if ecrit.count("@") > 1 or re.search(r"[;,\r\n]", ecrit):
        raise CelluleRefusee("une seule adresse attendue, comme nom@exemple.fr")
    if not ecrit.isascii() and ecrit.isprintable():
        raise CelluleRefusee("adresse sans accent ni signe particulier attendue, comme nom@exemple.fr")
    raise CelluleRefusee("adresse électronique attendue, comme nom@exemple.fr")


def _refuser_les_mots(ecrit: str) -> None:
    """Name what is no value: a secret, an error of the spreadsheet."""
    if _SECRET.fullmatch(ecrit):
        raise CelluleRefusee(
            "valeur secrète ou non disponible : aucun nombre n'est donné ; le vrai nombre est attendu, ou une case vide"
        )
    if _ERREURS.fullmatch(ecrit):
        raise CelluleRefusee("erreur de calcul du tableur ; une valeur est attendue")


@dataclass(frozen=True)
class Part:
    """What a share may be: its bounds (of one), and whether one under 1 % makes sense there.

    Where none does, « 60 », « 60 % » and « 0,6 » say the same. Where one does (0,5 % of a salary), a number without a
    sign is read only if a single reading stays within the bounds.
    """

    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(1)
    sous_un_pour_cent: bool = False
    #: A share of nothing makes sense.
    nulle: bool = True

    @property
    def etendue(self) -> str:
        """The range, for a reader: « nulle ou entre 1 et 100 % »."""
        bas = self.minimum if self.sous_un_pour_cent else max(self.minimum, UN_POUR_CENT)
        nulle = "nulle ou " if self.nulle and not self.sous_un_pour_cent else ""
        return f"{nulle}entre {_nombre(bas * 100)} et {_nombre(self.maximum * 100)}{francais.INSECABLE}%"

    def admet(self, valeur: Decimal) -> bool:
        """True for a value in range."""
        if valeur == 0:
            return self.nulle and self.minimum == 0
        plancher = self.minimum if self.sous_un_pour_cent else max(self.minimum, UN_POUR_CENT)
        return plancher <= valeur <= self.maximum

    def lire(self, texte: str) -> Decimal:
        """A share of one, exact. Raises CelluleRefusee, with both readings when both make sense."""
        ecrit = _ESPACES.sub(" ", texte).strip()
        if ecrit.endswith("%"):
            return self._un_des(texte, nombre_de_part(ecrit.removesuffix("%")) / 100)
        lu = nombre_de_part(ecrit)
        self._refuser_le_tout(lu)
        return self._un_des(texte, lu, lu / 100)

    def de_nombre(self, valeur: Decimal) -> Decimal:
        """A share from a typed number: a fraction of one, or else per cents where no share under 1 % makes sense."""
        if self.admet(valeur):
            return valeur
        if self.sous_un_pour_cent:
            raise CelluleRefusee(
                f"part {self.etendue} attendue, en fraction (0.005 pour 0,5{francais.INSECABLE}%) ou avec le signe %"
            )
        self._refuser_le_tout(valeur)
        return self._un_des(str(valeur), valeur / 100)

    def _refuser_le_tout(self, lu: Decimal) -> None:
        """« 1 » is the whole to whoever writes fractions: where the whole is out of range, it is not read as 1 %."""
        if lu == 1 and not self.sous_un_pour_cent and not self.admet(lu):
            raise CelluleRefusee(f"part {self.etendue} attendue")

    def _un_des(self, texte: str, *lectures: Decimal) -> Decimal:
        admises = sorted({lecture for lecture in lectures if self.admet(lecture)})
        if len(admises) > 1:
            dites = [f"{_nombre(lecture * 100)}{francais.INSECABLE}%" for lecture in admises]
            raise CelluleRefusee(f"{' ou '.join(dites)} ? écrivez le nombre avec le signe %")
        if not admises:
            raise CelluleRefusee(f"part {self.etendue} attendue")
        del texte
        return admises[0]


def nombre_de_part(texte: str) -> Decimal:
    """A number of a share: three decimals are decimals here, no share reaches a thousand."""
    serre = texte.strip().replace(",", ".")
    if re.fullmatch(r"[+-]?(?:\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})", serre, re.ASCII):
        return Decimal(serre)
    return decimal(texte)


def _nombre(valeur: Decimal) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")
