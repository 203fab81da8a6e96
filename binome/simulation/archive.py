"""A law kept whole, to compute again what it computed: its text, and what was added to it.

An archive is a ZIP file known by the fingerprint that results carry: whoever holds the fingerprint of a payment can
check that it is the law of that payment. Only data are read from one, never a program: today's formulas run on the
parameters of the time, and what a formula changed since shows as a difference.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import yaml

from binome.erreurs import BinomeErreur
from binome.simulation.moteur.systeme import (
    apports_connus,
    apports_du_processus,
    empreinte_de_la_loi,
    empreinte_du_texte,
    fichiers_de_la_loi,
    loi_du_dossier,
    systeme,
)
from binome.simulation.moteur.version import EMPREINTE_COURTE
from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.apports import Apports
from openfisca_assistants_medicaux.fichiers import Fichier

TEXTE, DISTRIBUTIONS, VALEURS = "loi", "distributions", "valeurs"
#: Files of an archive bear no date: the same law gives the same bytes.
_SANS_DATE = (1980, 1, 1, 0, 0, 0)


def nom_de(empreinte: str) -> str:
    """How a message names a law."""
    return f"loi {empreinte[:EMPREINTE_COURTE]}"


def empreinte_du_jour() -> str:
    """Fingerprint of the law under which this process computes, loaded: it can be kept before anything is computed."""
    apports = apports_du_processus()
    systeme(apports)
    return empreinte_de_la_loi(apports)


def archiver(empreinte: str) -> bytes:
    """The law that this process computed with, by the fingerprint of its results. Raises BinomeErreur when it is not
    one of them, or when its files changed on the disk since they were loaded."""
    apports = apports_connus(empreinte)
    if apports is None:
        raise BinomeErreur(f"{nom_de(empreinte)} : ce processus ne l'a pas chargée")
    membres = {f"{TEXTE}/{nom}": contenu for nom, contenu in fichiers_de_la_loi().items()}
    for dossier, fichiers in ((DISTRIBUTIONS, apports.distributions), (VALEURS, apports.valeurs)):
        # The rank keeps the order: a later file wins.
        membres |= {f"{dossier}/{rang:03d}-{PurePosixPath(f.nom).name}": f.contenu for rang, f in enumerate(fichiers)}
    if _empreinte(membres) != empreinte:
        raise BinomeErreur("les fichiers de la loi ont changé depuis le démarrage : redémarrez le site")
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in sorted(membres.items()):
            info = zipfile.ZipInfo(nom, _SANS_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, contenu)
    return flux.getvalue()


def controler(octets: bytes, empreinte: str) -> dict[str, bytes]:
    """The files of an archive, by their name. Raises BinomeErreur when it is not that of this fingerprint."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            membres = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError) as erreur:
        raise BinomeErreur(f"{nom_de(empreinte)} : archive illisible") from erreur
    if _empreinte(membres) != empreinte:
        raise BinomeErreur(f"{nom_de(empreinte)} : l'archive n'est plus celle qui a été gardée")
    return membres


def desarchiver(octets: bytes, empreinte: str) -> CountryTaxBenefitSystem:
    """The law of an archive, its parameters and additions under today's formulas.

    Raises BinomeErreur when the archive is not that of this fingerprint, or cannot be loaded under today's formulas.
    """
    membres = controler(octets, empreinte)
    parametres = {nom: contenu for nom, contenu in membres.items() if nom.startswith(f"{TEXTE}/parameters/")}
    with tempfile.TemporaryDirectory(prefix="binome-loi-") as temporaire:
        racine = Path(temporaire)
        for nom, contenu in parametres.items():
            chemin = PurePosixPath(nom)
            if chemin.is_absolute() or ".." in chemin.parts:
                raise BinomeErreur(f"{nom_de(empreinte)} : archive illisible (« {nom} »)")
            if chemin.suffix == ".yaml":
                # OpenFisca's own loader builds any object that a file names: ours are plain data, or they are refused.
                try:
                    yaml.load(contenu, Loader=yaml.CSafeLoader)
                except yaml.YAMLError as erreur:
                    raise BinomeErreur(f"{nom_de(empreinte)} : « {nom} » illisible") from erreur
            lieu = racine.joinpath(*chemin.parts)
            lieu.parent.mkdir(parents=True, exist_ok=True)
            lieu.write_bytes(contenu)
        try:
            return loi_du_dossier(racine / TEXTE, _apports(membres))
        except Exception as erreur:
            raise BinomeErreur(f"{nom_de(empreinte)} : ses paramètres ne se chargent plus ({erreur})") from erreur


def _apports(membres: Mapping[str, bytes]) -> Apports:
    def de(dossier: str) -> tuple[Fichier, ...]:
        noms = sorted(nom for nom in membres if nom.startswith(f"{dossier}/"))
        return tuple(Fichier(nom.partition("-")[2], membres[nom]) for nom in noms)

    return Apports(de(DISTRIBUTIONS), de(VALEURS))


def _empreinte(membres: Mapping[str, bytes]) -> str:
    texte = {nom.removeprefix(f"{TEXTE}/"): c for nom, c in membres.items() if nom.startswith(f"{TEXTE}/")}
    return empreinte_du_texte(texte, _apports(membres))
