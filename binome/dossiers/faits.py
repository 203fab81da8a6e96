"""What the fund knows of a doctor, as the simulation asks it: the one correspondence between the two.

`MEDECIN` and `RELEVE` give, for each field of the fund's models, its path in a `Situation`; `PRIVES` and
`PRIVES_DU_RELEVE` the fields that no rule reads. A test refuses a field that is in neither. Forms, imports, screening,
new files and renewals read these tables: a new fact is a line here, and a field of the model.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from binome.dossiers.models import Medecin, Releve
from binome.simulation import Membre, Situation, lire_situation

#: Field of the doctor's sheet → path in a situation.
MEDECIN = {
    "specialite": "medecin.specialite",
    "secteur": "medecin.secteur",
    "mode_exercice_particulier": "medecin.mode_exercice_particulier",
    "zone": "medecin.zone",
    "date_zonage": "medecin.date_zonage",
    "date_installation": "medecin.date_installation",
}

#: Field of a half-yearly statement → path in a situation.
RELEVE = {
    "patientele_mt": "patientele.patientele_mt",
    "patientele_mt_adultes": "patientele.patientele_mt_adultes",
    "patientele_mt_enfants": "patientele.patientele_mt_enfants",
    "file_active": "patientele.file_active",
    "date": "patientele.date_releve",
}

#: Who the doctor is, where, and who sees them: no rule reads it.
PRIVES = frozenset(
    {
        "id", "caisse", "rpps", "numero_am", "nom", "prenom", "adresse", "courriel", "anciens_courriels", "telephone",
        "structure", "secteur_dam", "anonymise_le",
    }
)  # fmt: skip
PRIVES_DU_RELEVE = frozenset({"id", "medecin", "importe", "saisi_par", "saisi_le"})

#: Numbers of a statement, in patients.
NOMBRES = tuple(champ for champ in RELEVE if champ != "date")


def situation_de(medecin: Medecin, releve: Releve | None, signature: datetime.date, option: str) -> Situation:
    """The situation of a doctor who would sign on a day, from what the fund knows. Raises SituationInvalide."""
    parties: dict[str, dict[str, Any]] = {"contrat": {"date_signature": signature.isoformat(), "option": option}}
    _poser(parties, medecin, MEDECIN)
    if releve is not None:
        _poser(parties, releve, RELEVE)
    return lire_situation(parties)


def patientele_de(releve: Releve) -> dict[str, Any]:
    """The initial patient list that a statement gives, as a situation holds it."""
    parties: dict[str, dict[str, Any]] = {"patientele": {}}
    _poser(parties, releve, RELEVE)
    return parties["patientele"]


def membre_de(medecin: Medecin, releve: Releve, adhesion: datetime.date) -> dict[str, Any]:
    """A doctor who joins a group on a day, as a situation holds its members."""
    connus = {**_connus(medecin, MEDECIN), **_connus(releve, RELEVE), "date_adhesion": adhesion.isoformat()}
    return {nom: valeur for nom, valeur in connus.items() if nom in Membre.model_fields}


def _connus(source: Medecin | Releve, chemins: dict[str, str]) -> dict[str, Any]:
    """What is known of a record, by the names of a situation's fields."""
    parties: dict[str, dict[str, Any]] = {}
    _poser(parties, source, chemins)
    return {nom: valeur for champs in parties.values() for nom, valeur in champs.items()}


def _poser(parties: dict[str, dict[str, Any]], source: Medecin | Releve, chemins: dict[str, str]) -> None:
    """Write what is known of a record at its paths."""
    for champ, chemin in chemins.items():
        partie, _, nom = chemin.partition(".")
        valeur = _connue(source, champ)
        if valeur is not None:
            parties.setdefault(partie, {})[nom] = valeur.isoformat() if isinstance(valeur, datetime.date) else valeur


def _connue(source: Medecin | Releve | None, champ: str) -> Any:
    """A field's value; None when it is not filled in."""
    valeur = None if source is None else getattr(source, champ)
    return None if valeur == "" else valeur


def colonnes_de(
    medecins: Sequence[Medecin], releves: Sequence[Releve | None], signature: datetime.date
) -> dict[str, pl.Series]:
    """The same for many doctors at once, as the typed columns of `binome.simulation.tables.table`."""
    genres: dict[str, Any] = {"mode_exercice_particulier": pl.Boolean}
    genres |= dict.fromkeys(("date_zonage", "date_installation", "date"), pl.Date)
    genres |= dict.fromkeys(NOMBRES, pl.Int64)
    colonnes = {"date_signature": pl.repeat(signature, len(medecins), dtype=pl.Date, eager=True)}
    for sources, chemins in ((medecins, MEDECIN), (releves, RELEVE)):
        for champ, chemin in chemins.items():
            valeurs = [_connue(source, champ) for source in sources]
            nom = chemin.rpartition(".")[2]
            colonnes[nom] = pl.Series(nom, valeurs, dtype=genres.get(champ, pl.String))
    return colonnes
