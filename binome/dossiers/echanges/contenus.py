"""What a document holds, judged in a process of its own (`binome.isolement`): nothing here imports the site.

A PDF is refused for what acts by itself, hides a file or reaches elsewhere, wherever it stands in the file: every
object is walked, those that no page names included. pikepdf's own sanitiser has the last word: what it would take out
of the file is refused too (docs/adr/0017).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import sanitize

from binome.erreurs import BinomeErreur

PAGES_MAXIMUM = 500
#: Pixels, read in the header before any is decoded. A JPEG is read at an eighth of its size; a PNG is read whole.
PIXELS_MAXIMUM = {"JPEG": 50_000_000, "PNG": 36_000_000}
#: Objects written inside one another, beyond what any document does.
PROFONDEUR = 40

PROGRAMME = "PDF avec programme refusé (JavaScript, lancement d'un logiciel)"
A_L_OUVERTURE = "PDF avec action automatique refusé (à l'ouverture, à l'affichage d'une page, à la saisie)"
FORMULAIRE = "PDF avec formulaire dynamique refusé (XFA, envoi ou import de données)"
JOINT = "PDF avec fichiers joints refusé"
MEDIA = "PDF avec contenu multimédia refusé (son, film, 3D)"
AILLEURS = "PDF qui ouvre un autre fichier ou une adresse réseau refusé"
MOT_DE_PASSE = "PDF protégé par un mot de passe refusé"
ACTIF = "PDF avec contenu actif refusé"

#: Kinds of actions, wherever they stand: a link that a reader clicks may go to a page, or to an address of the web.
_ACTIONS = {
    "/JavaScript": PROGRAMME,
    "/Launch": PROGRAMME,
    "/SubmitForm": FORMULAIRE,
    "/ImportData": FORMULAIRE,
    "/GoToR": AILLEURS,
    "/GoToE": JOINT,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/RichMediaExecute": MEDIA,
    "/GoTo3DView": MEDIA,
}
_SORTES = {
    "/FileAttachment": JOINT,
    "/EmbeddedFile": JOINT,
    "/Filespec": JOINT,
    "/F": JOINT,
    "/RichMedia": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/Screen": MEDIA,
    "/3D": MEDIA,
}
_CLES = {"/XFA": FORMULAIRE, "/EmbeddedFiles": JOINT, "/Collection": JOINT, "/RichMediaContent": MEDIA}
_SCHEMAS = ("http://", "https://", "mailto:", "tel:")
#: What the reader of a PDF says when the frame of the file itself does not unfold.
_INDECHIFFRABLE = ("error decoding stream data", "unfilterable")


def pdf(octets: bytes) -> int:
    """The number of pages of a PDF that does nothing but be read. Raises BinomeErreur."""
    try:
        with pikepdf.open(io.BytesIO(octets), attempt_recovery=False, suppress_warnings=True) as document:
            return _pages(document)
    except pikepdf.PasswordError as erreur:
        raise BinomeErreur(MOT_DE_PASSE) from erreur
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError) as erreur:
        raise BinomeErreur("PDF illisible") from erreur


def _pages(document: pikepdf.Pdf) -> int:
    if document.is_encrypted:
        raise BinomeErreur(MOT_DE_PASSE)
    pages = len(document.pages)
    if not 0 < pages <= PAGES_MAXIMUM:
        raise BinomeErreur(f"de 1 à {PAGES_MAXIMUM} pages attendues")
    for objet in (document.trailer, *document.objects):
        for raison in _raisons(objet):
            raise BinomeErreur(raison)
    if any(signe in avertissement for avertissement in document.get_warnings() for signe in _INDECHIFFRABLE):
        raise BinomeErreur("PDF illisible ou trop lourd à déplier")
    _assainir(document)
    return pages


def _raisons(objet: Any, profondeur: int = 0) -> Iterator[str]:
    """Why an object of a PDF is refused; objects of their own are visited by the caller."""
    if profondeur > PROFONDEUR:
        yield ACTIF
    elif isinstance(objet, pikepdf.Array):
        for element in list(objet):
            if not _a_part(element):
                yield from _raisons(element, profondeur + 1)
    elif isinstance(objet, (pikepdf.Dictionary, pikepdf.Stream)):
        yield from _d_un_dictionnaire(objet)
        for cle in objet.keys():  # noqa: SIM118 - a stream is not iterable
            if not _a_part(objet[cle]):
                yield from _raisons(objet[cle], profondeur + 1)


def _d_un_dictionnaire(objet: Any) -> Iterator[str]:
    cles = set(objet.keys())
    if (raison := _ACTIONS.get(_nom(objet, "/S"))) is not None:
        yield raison
    if _nom(objet, "/S") == "/URI" and not str(objet.get("/URI", "")).strip().lower().startswith(_SCHEMAS):
        yield AILLEURS
    for cle in ("/Type", "/Subtype"):
        if (raison := _SORTES.get(_nom(objet, cle))) is not None:
            yield raison
    yield from (raison for cle, raison in _CLES.items() if cle in cles)
    if isinstance(objet.get("/JS"), (pikepdf.String, pikepdf.Stream)):
        yield PROGRAMME
    if isinstance(objet.get("/EF"), pikepdf.Dictionary):
        yield JOINT
    # A stream whose bytes stand in another file, or a drawing that is a page of another one.
    if (isinstance(objet, pikepdf.Stream) and "/F" in cles) or "/F" in _sous(objet, "/Ref"):
        yield AILLEURS
    # Fonts and images bear names of their own, « AA » included: what makes an event is the action that it holds.
    for evenement in _sous(objet, "/AA").values():
        if sorte := _nom(evenement, "/S"):
            yield _ACTIONS.get(sorte, A_L_OUVERTURE)
    ouverture = objet.get("/OpenAction")
    if isinstance(ouverture, pikepdf.Dictionary) and (_nom(ouverture, "/S") != "/GoTo" or "/Next" in ouverture):
        yield _ACTIONS.get(_nom(ouverture, "/S"), A_L_OUVERTURE)


def _nom(objet: Any, cle: str) -> str:
    """The name that a key of a dictionary holds; empty otherwise."""
    if not isinstance(objet, (pikepdf.Dictionary, pikepdf.Stream)):
        return ""
    valeur = objet.get(cle)
    return str(valeur) if isinstance(valeur, pikepdf.Name) else ""


def _sous(objet: Any, cle: str) -> dict[str, Any]:
    """The entries of the dictionary that a key holds; none otherwise."""
    valeur = objet.get(cle)
    return dict(valeur.as_dict().items()) if isinstance(valeur, pikepdf.Dictionary) else {}


def _a_part(valeur: Any) -> bool:
    """True for a reference to another object of the file."""
    return bool(getattr(valeur, "is_indirect", False))


def _assainir(document: pikepdf.Pdf) -> None:
    avant = _ecrit(document)
    for retirer, raison in (
        (sanitize.remove_javascript, PROGRAMME),
        (sanitize.remove_attachments, JOINT),
        (sanitize.remove_multimedia, MEDIA),
    ):
        retirer(document)
        if _ecrit(document) != avant:
            raise BinomeErreur(raison)


def _ecrit(document: pikepdf.Pdf) -> bytes:
    """The file as it would be written, its streams as they are; the same twice for the same document."""
    flux = io.BytesIO()
    document.save(
        flux,
        static_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
    )
    return flux.getvalue()


def image(octets: bytes, *, sorte: str) -> tuple[int, int]:
    """Width and height, in pixels, of a JPEG or of a PNG that shows itself. Raises BinomeErreur."""
    from PIL import Image, UnidentifiedImageError

    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is checked before anything is decoded
    try:
        with Image.open(io.BytesIO(octets), formats=(sorte,)) as lue:
            largeur, hauteur = lue.size
            if largeur * hauteur > PIXELS_MAXIMUM[sorte]:
                millions = PIXELS_MAXIMUM[sorte] // 1_000_000
                raise BinomeErreur(f"{largeur} × {hauteur} pixels : au plus {millions} millions de pixels attendus")
            lue.draft("L", (max(1, largeur // 8), max(1, hauteur // 8)))
            lue.load()
            return largeur, hauteur
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
    ) as erreur:
        raise BinomeErreur("image illisible ou trop grande") from erreur
