"""The tables, by subject."""

from binome.dossiers.models.acces import Affectation, Consultation, Utilisateur
from binome.dossiers.models.caisse import Assistant, Caisse, CompteBancaire, Medecin, Structure
from binome.dossiers.models.comptabilite import CodeAnalytique, EcritureExportee, ExportComptable, PlanComptable
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
from binome.dossiers.models.courrier import SUR_PAPIER, Canal, Courriel, Courrier, Impression, Signataire
from binome.dossiers.models.paiement import (
    CalculConserve,
    Campagne,
    Ecriture,
    FichierBancaire,
    LigneVersement,
    ReponseBancaire,
)
from binome.dossiers.models.prospection import Reperage, Visite
from binome.dossiers.models.releve import AncienReleve, ImportReleves, Releve

__all__ = [
    "SUR_PAPIER",
    "Adhesion",
    "Affectation",
    "AncienReleve",
    "Assistant",
    "Caisse",
    "CalculConserve",
    "Campagne",
    "Canal",
    "CodeAnalytique",
    "CompteBancaire",
    "Consultation",
    "Contrat",
    "Courriel",
    "Courrier",
    "EcartAnnonce",
    "Echeance",
    "Ecriture",
    "EcritureExportee",
    "Embauche",
    "Engagement",
    "Evaluation",
    "Evenement",
    "ExportComptable",
    "FichierBancaire",
    "ImportReleves",
    "Impression",
    "LigneVersement",
    "LoiConservee",
    "Maillon",
    "Medecin",
    "Piece",
    "PlanComptable",
    "Purge",
    "Releve",
    "Reperage",
    "ReponseBancaire",
    "Signataire",
    "Structure",
    "Utilisateur",
    "Visite",
]
