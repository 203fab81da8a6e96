"""Tables of doctors: a situation as a line, a file of lines, a batch run on it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl

from binome.simulation.tables import lot
from tests.simulation.situations import AUJOURD_HUI


def en_ligne(situation: dict[str, Any]) -> dict[str, Any]:
    """A situation as a line of a table."""
    ligne = {**situation["medecin"], **situation["patientele"], **situation["contrat"], **situation["assistant"]}
    for point, lecture in ligne.pop("lectures", {}).items():
        ligne[f"lecture_{point}"] = lecture
    for indicateur, objectif in situation.get("objectifs_notifies", {}).items():
        ligne[f"cible_notifiee_{indicateur}"] = objectif["cible"]
    for annee, montant in situation.get("montants_notifies", {}).items():
        ligne[f"montant_notifie_{annee}"] = montant
    for resultat in situation.get("resultats", []):
        for indicateur in ("patientele_mt", "file_active"):
            ligne[f"resultat_{resultat['annee']}_{indicateur}"] = resultat[indicateur]
    return {nom: {True: "oui", False: "non"}.get(valeur, valeur) if isinstance(valeur, bool) else valeur
            for nom, valeur in ligne.items()}  # fmt: skip


def ecrire(fichier: Path, lignes: list[dict[str, Any]], separateur: str = ",") -> Path:
    """A CSV of these lines, one column for each name that any of them has."""
    titres = list(dict.fromkeys(nom for ligne in lignes for nom in ligne))
    with fichier.open("w", newline="", encoding="utf-8") as flux:
        ecrivain = csv.DictWriter(flux, titres, delimiter=separateur)
        ecrivain.writeheader()
        ecrivain.writerows(lignes)
    return fichier


def traiter(dossier: Path, lignes: list[dict[str, Any]]) -> tuple[lot.BilanDuLot, pl.DataFrame]:
    """The batch run on these lines, in a folder: what it says of them, and its answers."""
    entree = ecrire(dossier / "medecins.csv", lignes)
    bilan = lot.traiter(entree, dossier / "r.parquet", dossier / "r.rejets.csv", AUJOURD_HUI)
    return bilan, pl.read_parquet(dossier / "r.parquet")
