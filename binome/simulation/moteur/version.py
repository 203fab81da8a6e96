"""On what a result was computed, as every result says it."""

from __future__ import annotations

from functools import lru_cache

from binome.simulation.modele.resultat import FichierAjoute, Version
from binome.simulation.moteur.systeme import empreinte_de_la_loi, version_de
from openfisca_assistants_medicaux.apports import Apports
from openfisca_assistants_medicaux.fichiers import Fichier

#: Signs of a fingerprint shown to a reader: enough to tell two laws apart.
EMPREINTE_COURTE = 12


@lru_cache(maxsize=64)
def version_du_calcul(apports: Apports) -> Version:
    """What computes under a law: the programs, and the law by its content."""
    return Version(
        binome=version_de("binome"),
        openfisca_core=version_de("openfisca-core"),
        empreinte_loi=empreinte_de_la_loi(apports),
        distributions=tuple(map(_ajoute, apports.distributions)),
        valeurs=tuple(map(_ajoute, apports.valeurs)),
    )


def _ajoute(fichier: Fichier) -> FichierAjoute:
    return FichierAjoute(nom=fichier.nom, empreinte=fichier.empreinte)


def phrase_de_la_version(version: Version) -> str:
    """The same for a reader: programs, law, and what was added to it, each by its name and fingerprint."""
    dites = [
        f"Binôme {version.binome}",
        f"OpenFisca-Core {version.openfisca_core}",
        f"loi {version.empreinte_loi[:EMPREINTE_COURTE]}",
    ]
    if version.distributions:
        dites.append(f"percentiles ajoutés : {_enumerer(version.distributions)}")
    if version.valeurs:
        dites.append(f"valeurs de la caisse : {_enumerer(version.valeurs)}")
    return " · ".join(dites)


def _enumerer(fichiers: tuple[FichierAjoute, ...]) -> str:
    return ", ".join(f"{fichier.nom} ({fichier.empreinte[:EMPREINTE_COURTE]})" for fichier in fichiers)
