"""From the address of a result to the result, for every view that opens one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from binome.simulation import NomOption, Resultat, Simulation, Situation, SituationInvalide
from binome.site.simulateur import adresse, conversation
from binome.site.simulateur.parcours import CONTRAT, GROUPE, NOUVEAU, Parcours

#: The option shown in detail when none was chosen, if it is open: the one that the scheme is first about.
PREFEREE = "un_etp"


class AdresseRefusee(Exception):
    """An address whose situation cannot be simulated: what was answered, and every fault."""

    def __init__(self, reponses: Mapping[str, str], refus: SituationInvalide) -> None:
        super().__init__(str(refus))
        self.reponses = reponses
        self.refus = refus

    @property
    def parcours(self) -> Parcours:
        """The way through the simulator where the faults can be mended."""
        if any(nom.startswith("groupe.") for nom in self.reponses):
            return GROUPE
        signature = str(adresse.lire(self.reponses).donnees.get("contrat", {}).get("date_signature", ""))
        return CONTRAT if signature and signature < timezone.localdate().isoformat() else NOUVEAU


@dataclass
class Ouverte:
    """An opened address: the situation asked about, and its simulation with an option to show in detail."""

    situation: Situation
    simulation: Simulation
    #: The simulation of what was asked, nothing chosen in its place: another one when nobody chose the option shown.
    demandee: Simulation

    @property
    def option_proposee(self) -> bool:
        """True when nobody chose the option shown."""
        return self.demandee is not self.simulation

    @cached_property
    def resultat(self) -> Resultat:
        """The result, computed once."""
        return self.simulation.resultat()

    @property
    def resultat_demande(self) -> Resultat:
        """The result of what was asked, and nothing chosen in its place."""
        return self.demandee.resultat() if self.option_proposee else self.resultat

    @property
    def adresse(self) -> str:
        """The parameters of the address, as asked."""
        return adresse.ecrire(self.situation)

    @property
    def adresse_detaillee(self) -> str:
        """The same with the option shown: what figures, charts and documents are about."""
        return adresse.ecrire(self.simulation.situation)


def ouvrir(requete: HttpRequest) -> Ouverte:
    """The result that an address asks for. Raises AdresseRefusee."""
    reponses = adresse.reponses_de(requete.GET.dict())
    try:
        situation = conversation.situation_de(reponses)  # faults already under their written names
        if situation.date_appreciation is None:
            situation = situation.model_copy(update={"date_appreciation": timezone.localdate()})
        return _ouverte(situation, reponses)
    except SituationInvalide as refus:
        raise AdresseRefusee(reponses, refus) from refus


def _ouverte(situation: Situation, reponses: Mapping[str, str]) -> Ouverte:
    simulation = conversation.simuler(situation, reponses)
    if situation.contrat is None or situation.contrat.option is not None:
        return Ouverte(situation, simulation, simulation)
    ouvertes = simulation.options_non_refusees()
    if not ouvertes:
        return Ouverte(situation, simulation, simulation)
    option = PREFEREE if PREFEREE in ouvertes else ouvertes[0]
    return Ouverte(situation, simulation.avec_option(NomOption(option)), simulation)
