"""Uploaded documents: accepted when they are what they say, and can do no harm to whoever opens them."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pikepdf
from PIL import Image, UnidentifiedImageError

from binome.erreurs import BinomeErreur

NOM_MAXIMUM, PIXELS_MAXIMUM, PAGES_MAXIMUM = 120, 50_000_000, 500
#: What a PDF may hold that acts when it is opened.
_ACTIONS = {"/JavaScript", "/JS", "/Launch", "/ImportData", "/SubmitForm"}


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
    type_mime, debut, ouvrir = TYPES[extension]
    if not octets.startswith(debut):
        raise BinomeErreur(f"{ou} : le contenu n'est pas celui d'un fichier {extension}")
    ouvrir(ou, octets)
    return DocumentDepose(propre, type_mime, len(octets), hashlib.sha256(octets).hexdigest())


def nettoyer(nom: str) -> str:
    """A file's name without folders nor signs that a system could misread."""
    dernier = re.split(r"[/\\]", unicodedata.normalize("NFC", nom))[-1]
    visible = "".join(c for c in dernier if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(". ")
    chemin = PurePosixPath(visible or "sans nom")
    return chemin.stem[: NOM_MAXIMUM - len(chemin.suffix[:10])] + chemin.suffix[:10]


def _pdf(ou: str, octets: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(octets), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise BinomeErreur(f"{ou} : PDF protégé par un mot de passe refusé")
            if not 0 < len(pdf.pages) <= PAGES_MAXIMUM:
                raise BinomeErreur(f"{ou} : de 1 à {PAGES_MAXIMUM} pages attendues")
            if pdf.attachments or "/EmbeddedFiles" in pdf.Root.get("/Names", {}):
                raise BinomeErreur(f"{ou} : PDF avec fichiers joints refusé")
            if any(_agit(objet) for objet in pdf.objects):
                raise BinomeErreur(f"{ou} : PDF avec programme ou action automatique refusé")
    except pikepdf.PasswordError as erreur:
        raise BinomeErreur(f"{ou} : PDF protégé par un mot de passe refusé") from erreur
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError) as erreur:
        raise BinomeErreur(f"{ou} : PDF illisible") from erreur


def _agit(objet: Any, profondeur: int = 0) -> bool:
    """True where an object of a PDF runs something; objects of their own are visited by the caller."""
    if profondeur > PROFONDEUR:
        return True
    if isinstance(objet, pikepdf.Array):
        return any(_agit(element, profondeur + 1) for element in list(objet) if not element_indirect(element))
    if not isinstance(objet, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    if str(objet.get("/S", "")) in _ACTIONS or any(cle in _ACTIONS for cle in objet.keys()):  # noqa: SIM118
        return True
    return any(_agit(valeur, profondeur + 1) for _, valeur in objet.items() if not element_indirect(valeur))


PROFONDEUR = 40


def element_indirect(valeur: Any) -> bool:
    """True for a reference to another object of the file."""
    return bool(getattr(valeur, "is_indirect", False))


def _image(ou: str, octets: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > PIXELS_MAXIMUM:
                    raise BinomeErreur(f"{ou} : au plus {PIXELS_MAXIMUM // 1_000_000} millions de pixels attendus")
                image.load()
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
    ) as erreur:
        raise BinomeErreur(f"{ou} : image illisible ou trop grande") from erreur


#: What is accepted: type, first bytes, check of the content.
TYPES: dict[str, tuple[str, bytes, Callable[[str, bytes], None]]] = {
    ".pdf": ("application/pdf", b"%PDF-", _pdf),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff", _image),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff", _image),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n", _image),
}
