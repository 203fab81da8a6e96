"""The tables, by subject."""

from binome.dossiers.models.acces import Affectation, Consultation, Utilisateur
from binome.dossiers.models.caisse import Assistant, Caisse, CompteBancaire, Medecin, Structure
from binome.dossiers.models.contrat import (
    Adhesion,
    Contrat,
    Echeance,
    Embauche,
    Engagement,
    Evaluation,
    Evenement,
    Piece,
    Purge,
)
from binome.dossiers.models.controle import EcartAnnonce, LoiConservee, Maillon
from binome.dossiers.models.courrier import Courriel, Courrier
from binome.dossiers.models.paiement import CalculConserve, Campagne, Ecriture, FichierBancaire, LigneVersement
from binome.dossiers.models.prospection import Reperage, Visite
from binome.dossiers.models.releve import ImportReleves, Releve

__all__ = [
    "Adhesion",
    "Affectation",
    "Assistant",
    "Caisse",
    "CalculConserve",
    "Campagne",
    "CompteBancaire",
    "Consultation",
    "Contrat",
    "Courriel",
    "Courrier",
    "EcartAnnonce",
    "Echeance",
    "Ecriture",
    "Embauche",
    "Engagement",
    "Evaluation",
    "Evenement",
    "FichierBancaire",
    "ImportReleves",
    "LigneVersement",
    "LoiConservee",
    "Maillon",
    "Medecin",
    "Piece",
    "Purge",
    "Releve",
    "Reperage",
    "Structure",
    "Utilisateur",
    "Visite",
]
