"""From the bytes of a text file to its lines of cells: encodings, separators, quotes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from binome.tableaux.refus import FichierRefuse

#: Separators read, as they are named to a reader.
SEPARATEURS = {";": "« ; »", ",": "« , »", "\t": "tabulation"}
ATTENDUS = "« ; », « , » ou tabulation attendus"
#: Separators of other programs, refused by name.
_AUTRES = {"|": "« | »", "^": "« ^ »", "~": "« ~ »"}

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATEUR_DIT = re.compile(r'"?sep=(.)"?[;,\t]*', re.IGNORECASE)
#: Signs that no French table holds and that a wrong guess of the encoding brings.
_ILLISIBLES = re.compile("[\x00-\x08\x0e-\x1f\ufffd\x7f]")
#: The same, among those of plain ASCII.
_OCTETS_ILLISIBLES = bytes(octet for octet in range(128) if _ILLISIBLES.match(chr(octet)))

Ligne = tuple[int, list[str]]


def decoder(octets: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16, marked or not, else the encoding of Windows. Raises FichierRefuse."""
    if octets.isascii() and len(octets.translate(None, _OCTETS_ILLISIBLES)) == len(octets):
        # The same in every encoding, and ten times faster to look through.
        return octets.decode("ascii")
    for encodage in _encodages(octets):
        try:
            texte = octets.decode(encodage)
        except UnicodeDecodeError:
            continue
        illisible = _ILLISIBLES.search(texte)
        if illisible is None:
            return texte.removeprefix("\ufeff")
    raise FichierRefuse("texte illisible : CSV, .xlsx ou .ods attendu (« CSV UTF-8 » dans le tableur)")


def _encodages(octets: bytes) -> tuple[str, ...]:
    if octets.startswith(_UTF16):
        return ("utf-16",)
    debut = octets[:200]
    if b"\x00" in debut:
        # No mark: plain letters leave every other byte empty.
        return ("utf-16-le",) if debut[1::2].count(0) >= debut[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def separateur_de(premiere: str, connus: Callable[[Sequence[str]], int]) -> str:
    """The separator of a line of titles: the one that gives the most known titles. Raises FichierRefuse."""
    notes = {s: (connus(_couper(premiere, s)), premiere.count(s)) for s in SEPARATEURS}
    meilleur = max(notes, key=lambda s: notes[s])
    if notes[meilleur] > (0, 0):
        return meilleur
    for signe, nom in _AUTRES.items():
        if connus(_couper(premiere, signe)):
            raise FichierRefuse(f"séparateur {nom} refusé ; {ATTENDUS}")
    return ";"


def _couper(ligne: str, separateur: str) -> list[str]:
    return next(csv.reader([ligne], delimiter=separateur), [])


def annonce(texte: str) -> tuple[str | None, str, int]:
    """The separator that a first line « sep=; » announces, the text after it, and the lines it took."""
    premiere, _, reste = texte.partition("\n")
    dite = _SEPARATEUR_DIT.fullmatch(premiere.strip("\r\n"))
    if dite is None:
        return None, texte, 0
    if dite.group(1) not in SEPARATEURS:
        raise FichierRefuse(f"séparateur « {dite.group(1)} » refusé ; {ATTENDUS}")
    return dite.group(1), reste, 1


def lignes(texte: str, separateur: str, sautees: int = 0) -> list[Ligne]:
    """The lines of cells, blank ones left out, each with the number of its first line. Raises FichierRefuse."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    lues: list[Ligne] = []
    debut = 1
    try:
        for cellules in lecteur:
            if any(cellule.strip() for cellule in cellules):
                lues.append((debut + sautees, cellules))
            debut = lecteur.line_num + 1
    except csv.Error as erreur:
        raise FichierRefuse(f"ligne {debut + sautees} : CSV mal formé ; guillemets refermés attendus") from erreur
    return lues
