"""The law, loaded once per process for each set of what an operator added to it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.moteur.distributions_ecrites import canonique
from openfisca_assistants_medicaux import DOSSIER, CountryTaxBenefitSystem
from openfisca_assistants_medicaux.apports import AUCUN, Apports, de_l_environnement
from openfisca_assistants_medicaux.distributions import DistributionInvalide
from openfisca_assistants_medicaux.valeurs.fichier import ValeursInvalides

#: What the rules are made of.
_EXTENSIONS = {".py", ".yaml", ".csv"}

#: What was added to each law that this process loaded, by the fingerprint that results carry.
_CONNUS: dict[str, Apports] = {}


@lru_cache(maxsize=8)
def systeme(apports: Apports) -> CountryTaxBenefitSystem:
    """The law with what an operator added to it. Nothing is added that `apports` does not say.

    Raises BinomeErreur, naming every fault, when what was added cannot be read.
    """
    try:
        loi = CountryTaxBenefitSystem(apports=AUCUN) if apports == AUCUN else systeme(AUCUN).avec(apports)
    except (DistributionInvalide, ValeursInvalides) as erreur:
        raise BinomeErreur(str(erreur)) from erreur
    _CONNUS[empreinte_de_la_loi(apports)] = apports
    return loi


def apports_du_processus() -> Apports:
    """What this process adds to the law: the one place that decides it. Only the edges ask (a test holds them to it).

    The files are looked at each time and read again once they have changed. Raises BinomeErreur when one cannot be.
    """
    try:
        lus = de_l_environnement()
        return replace(lus, distributions=tuple(map(canonique, lus.distributions)))
    except OSError as erreur:
        raise BinomeErreur(
            f"BINOME_DISTRIBUTIONS, BINOME_VALEURS : « {erreur.filename} » illisible ou absent"
        ) from erreur


def apports_avec(distributions: Iterable[str | Path]) -> Apports:
    """What this process adds to the law, then these files of percentiles. Raises BinomeErreur, or OSError."""
    lus = AUCUN.avec(distributions)
    processus = apports_du_processus()
    return replace(processus, distributions=(*processus.distributions, *map(canonique, lus.distributions)))


def loi_du_processus() -> CountryTaxBenefitSystem:
    """The law under which this process computes, for what is only shown of it."""
    return systeme(apports_du_processus())


def loi_du_resultat(empreinte: str) -> CountryTaxBenefitSystem | None:
    """The law that gave a result of this process; None when the result comes from elsewhere."""
    apports = _CONNUS.get(empreinte)
    return None if apports is None else systeme(apports)


def loi_du_dossier(dossier: Path, apports: Apports) -> CountryTaxBenefitSystem:
    """The law of the parameters of a folder, those of another time, with what was added to them then."""
    return CountryTaxBenefitSystem(apports=apports, dossier=dossier)


def apports_connus(empreinte: str) -> Apports | None:
    """What was added to a law that this process loaded, by the fingerprint of its results."""
    return _CONNUS.get(empreinte)


@lru_cache(maxsize=64)
def empreinte_de_la_loi(apports: Apports) -> str:
    """SHA-256 of formulas, parameters and of all that was added to them: two equal ones give the same cents."""
    somme = hashlib.sha256(_empreinte_du_paquet().encode())
    somme.update(apports.empreinte.encode())
    return somme.hexdigest()


def empreinte_du_texte(fichiers: Mapping[str, bytes], apports: Apports) -> str:
    """The same, of a law whose files are given by their path."""
    somme = hashlib.sha256(_somme(fichiers).encode())
    somme.update(apports.empreinte.encode())
    return somme.hexdigest()


def fichiers_de_la_loi() -> dict[str, bytes]:
    """The files of the law package that make its fingerprint, as they are on the disk, by their path."""
    racine = Path(DOSSIER)
    fichiers = {}
    for fichier in racine.rglob("*"):
        relatif = fichier.relative_to(racine).as_posix()
        if fichier.suffix in _EXTENSIONS and not relatif.startswith("tests/") and "__pycache__" not in relatif:
            fichiers[relatif] = fichier.read_bytes()
    return fichiers


@lru_cache
def _empreinte_du_paquet() -> str:
    """SHA-256 of the law package as it ships."""
    return _somme(fichiers_de_la_loi())


def _somme(fichiers: Mapping[str, bytes]) -> str:
    somme = hashlib.sha256()
    for relatif, contenu in sorted(fichiers.items()):
        somme.update(f"{relatif}\0".encode() + contenu + b"\0")
    return somme.hexdigest()


@lru_cache
def annees_du_contrat(loi: Any) -> int:
    """Number of contract years to compute: the longest duration that the law gives to a contract."""
    durees = (loi.parameters.vie_du_contrat.duree, loi.parameters.aide_collective.duree)
    return int(max(valeur.value for duree in durees for valeur in duree.values_list if valeur.value is not None))


@lru_cache
def version_de(paquet: str) -> str:
    """Installed version of a package, or « inconnue »."""
    try:
        return version(paquet)
    except PackageNotFoundError:
        return "inconnue"


def ouverture_collective(loi: Any) -> datetime.date:
    """First day on which a collective contract could be signed."""
    ouvertures = loi.parameters.regimes.aide_collective_ouverte.values_list
    return datetime.date.fromisoformat(min(valeur.instant_str for valeur in ouvertures))


def premiere_signature(loi: Any) -> datetime.date:
    """First day on which a contract could be signed: the first date of effect of the first regime."""
    regimes = loi.parameters.regimes.regime.values_list
    return datetime.date.fromisoformat(min(valeur.instant_str for valeur in regimes))
