"""The numbers of a simulation beside those of the fund's own statements: where they differ, the agent chooses, with a
reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from binome import francais
from binome.dossiers.contrats.ouverture import donnees_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import NOMBRES
from binome.dossiers.models import Medecin, Releve
from binome.simulation import Membre, Situation, lire_situation

#: Whose numbers a file takes.
Choix = Literal["", "caisse", "simulation"]


@dataclass(frozen=True)
class EcartDeReleve:
    """A number that a simulation and the fund's statement do not give the same."""

    medecin: Medecin
    releve: Releve
    champ: str
    simulation: int
    caisse: int
    #: Rank of the member in a group; None in an individual contract.
    rang: int | None = None

    def __str__(self) -> str:
        champ: Any = Releve._meta.get_field(self.champ)
        return (
            f"{self.medecin}, {champ.verbose_name} : {francais.nombre(self.simulation)} dans la simulation, "
            f"{francais.nombre(self.caisse)} au relevé du {francais.date_courte(self.releve.date)}"
        )


def ecarts(situation: Situation, medecin: Medecin | None, membres: Sequence[Medecin]) -> list[EcartDeReleve]:
    """Where a simulation contradicts the statements of the fund: at the date that it tells, or the last one before."""
    return list(_ecarts(situation, medecin, membres))


def _ecarts(situation: Situation, medecin: Medecin | None, membres: Sequence[Medecin]) -> Iterator[EcartDeReleve]:
    if situation.groupe is not None:
        for rang, (membre, dit) in enumerate(zip(membres, situation.groupe.membres, strict=False)):
            releve = _releve(membre, None, situation.date_signature)
            nombres = [nom for nom in NOMBRES if nom in Membre.model_fields]
            yield from _compares(dit, nombres, membre, releve, rang)
    elif medecin is not None and situation.patientele is not None:
        releve = _releve(medecin, situation.patientele.date_releve, situation.date_signature)
        yield from _compares(situation.patientele, list(NOMBRES), medecin, releve, None)


def _releve(medecin: Medecin, date: datetime.date | None, signature: datetime.date) -> Releve | None:
    if date is not None:
        return medecin.releves.filter(date=date).first()
    return medecin.releves.filter(date__lt=signature).order_by("-date").first()


def _compares(
    dit: Any, nombres: Sequence[str], medecin: Medecin, releve: Releve | None, rang: int | None
) -> Iterator[EcartDeReleve]:
    if releve is None:
        return
    for nom in nombres:
        simulation, caisse = getattr(dit, nom), getattr(releve, nom)
        if simulation is not None and caisse is not None and simulation != caisse:
            yield EcartDeReleve(medecin, releve, nom, simulation, caisse, rang)


def accorder(situation: Situation, trouves: Sequence[EcartDeReleve], choix: Choix, motif: str) -> tuple[Situation, str]:
    """The situation with the numbers chosen, and what the file keeps of the choice. Raises Refus, SituationInvalide."""
    if not trouves:
        return situation, ""
    dits = [str(ecart) for ecart in trouves]
    if not choix:
        raise Refus("les nombres de la simulation ne sont pas ceux de la caisse : choisissez lesquels retenir", *dits)
    if not motif.strip():
        raise Refus("motif du choix : attendu (pourquoi ces nombres et non les autres)", *dits)
    retenus = "ceux de la caisse" if choix == "caisse" else "ceux de la simulation"
    phrase = f"Nombres retenus : {retenus} ({' ; '.join(dits)}). {motif.strip()}"
    if choix == "simulation":
        return situation, phrase
    donnees = donnees_de(situation)
    for ecart in trouves:
        if ecart.rang is None:
            donnees["patientele"] |= {nom: getattr(ecart.releve, nom) for nom in NOMBRES}
            donnees["patientele"]["date_releve"] = ecart.releve.date.isoformat()
            donnees["patientele"] = {nom: dite for nom, dite in donnees["patientele"].items() if dite is not None}
        else:
            donnees["groupe"]["membres"][ecart.rang][ecart.champ] = ecart.caisse
    return lire_situation(donnees), phrase
