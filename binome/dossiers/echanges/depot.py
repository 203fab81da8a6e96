"""Uploaded documents: accepted when they are what they say, and can do no harm to whoever opens them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from binome import isolement
from binome.erreurs import BinomeErreur

NOM_MAXIMUM = 120


@dataclass(frozen=True)
class DocumentDepose:
    """A document that was checked."""

    nom: str
    type_mime: str
    taille: int
    sha256: str


def verifier(nom: str, octets: bytes, taille_maximale: int) -> DocumentDepose:
    """Check a document: its size (bytes), its type, its content. Raises BinomeErreur."""
    propre = nettoyer(nom)
    ou = f"pièce « {propre} »"
    if not octets:
        raise BinomeErreur(f"{ou} : fichier vide")
    if len(octets) > taille_maximale:
        raise BinomeErreur(f"{ou} : {len(octets) / 1e6:.1f} Mo, au plus {taille_maximale / 1e6:.1f} Mo attendus")
    extension = PurePosixPath(propre).suffix.lower()
    if extension not in TYPES:
        raise BinomeErreur(f"{ou} : un PDF, un JPEG ou un PNG est attendu")
    type_mime, debut, lecteur, options = TYPES[extension]
    if not octets.startswith(debut):
        raise BinomeErreur(f"{ou} : le contenu n'est pas celui d'un fichier {extension}")
    empreinte = hashlib.sha256(octets).hexdigest()
    if (type_mime, empreinte) not in _sains:
        try:
            isolement.lire(f"binome.dossiers.echanges.contenus:{lecteur}", octets, BORNES[lecteur], **options)
        except isolement.LectureRefusee as refus:
            raise BinomeErreur(f"{ou} : {refus}") from refus
        if len(_sains) >= SAINS_MAXIMUM:
            _sains.clear()
        _sains.add((type_mime, empreinte))
    return DocumentDepose(propre, type_mime, len(octets), empreinte)


#: Contents that this process found harmless: the same bytes sent again are not read again.
SAINS_MAXIMUM = 1_000
_sains: set[tuple[str, str]] = set()


def aide(taille_maximale: int) -> str:
    """What is accepted and what is refused, for whoever sends a document; the size is in bytes."""
    return (
        f"PDF, JPEG ou PNG, {taille_maximale / 1e6:g} Mo au plus. Un PDF protégé par un mot de passe, ou qui tient un "
        "fichier joint, un programme, une action automatique, un formulaire dynamique (XFA), un son, un film ou un "
        "lien vers un autre fichier est refusé."
    )


def nettoyer(nom: str) -> str:
    """A file's name without folders nor signs that a system could misread."""
    dernier = re.split(r"[/\\]", unicodedata.normalize("NFC", nom))[-1]
    visible = "".join(c for c in dernier if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(". ")
    chemin = PurePosixPath(visible or "sans nom")
    return chemin.stem[: NOM_MAXIMUM - len(chemin.suffix[:10])] + chemin.suffix[:10]


#: What reading a document may cost, in bytes (a PNG of the largest size is decoded whole); its time is that of all.
BORNES = {"pdf": isolement.Bornes(memoire=150_000_000), "image": isolement.Bornes(memoire=200_000_000)}

#: What is accepted: type, first bytes, reader of the content and what it is asked.
TYPES: dict[str, tuple[str, bytes, str, dict[str, str]]] = {
    ".pdf": ("application/pdf", b"%PDF-", "pdf", {}),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff", "image", {"sorte": "JPEG"}),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff", "image", {"sorte": "JPEG"}),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n", "image", {"sorte": "PNG"}),
}
