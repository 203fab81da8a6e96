"""What the rest of the house may ask of the simulation (docs/maison.md, « Doors of the simulation »).

Written here alone: types are checked on it, and `__init__.py` finds each name by it when it is first asked for.
"""

from .contrats_suivis import (
    ContratSuivi,
    Periode,
    Suivi,
    TauxDecide,
    ancre_des_annees,
    bornes_des_annees,
    points_du_contrat,
    suivre,
    suivre_sous,
)
from .cout.chiffrage import AIDE_IMPOSABLE
from .jour import aujourd_hui
from .modele.chemins import RANG_QUELCONQUE, variable_de
from .modele.coherence import ecarts_de_la_patientele
from .modele.cout import HEURES_MAXIMUM, MONTANT_MAXIMUM, Cout, CoutAnnuel, CoutOption, Euros, Heures, OptionPartielle
from .modele.erreurs import Faute, FigureInconnue, SituationInvalide, raison, refusee, traduire
from .modele.nomenclatures import (
    INDICATEURS,
    INDICATEURS_COURTS,
    LIBELLES,
    NomFormeJuridique,
    NomLecture,
    NomOption,
    NomProfil,
    NomRemplacement,
    NomSecteur,
    NomSpecialite,
    NomTeletravail,
    NomZone,
)
from .modele.resultat import (
    Annee,
    Condition,
    Explication,
    Hypothese,
    Objectif,
    Option,
    PointOuvert,
    Reference,
    Resultat,
    Versement,
    Version,
)
from .modele.saisies import PART_ENTIERE
from .modele.situation import (
    MEMBRES_MAXIMUM,
    PATIENTS_MAXIMUM,
    Date,
    Membre,
    MontantsNotifies,
    ResultatAnnuel,
    Situation,
    lire_situation,
)
from .moteur.distributions_ecrites import canonique
from .moteur.explications import certitude_en_mots, libelle_de
from .moteur.systeme import (
    annees_du_contrat,
    apports_avec,
    apports_du_processus,
    loi_du_processus,
    ouverture_collective,
    systeme,
    version_de,
)
from .moteur.version import EMPREINTE_COURTE, phrase_de_la_version, version_du_calcul
from .reponse.conditions import CONDITION_DU_SEUIL
from .reponse.percentiles import PercentileNational, percentiles
from .reponse.simuler import Simulation, simuler

__all__ = [
    "AIDE_IMPOSABLE",
    "CONDITION_DU_SEUIL",
    "EMPREINTE_COURTE",
    "HEURES_MAXIMUM",
    "INDICATEURS",
    "INDICATEURS_COURTS",
    "LIBELLES",
    "MEMBRES_MAXIMUM",
    "MONTANT_MAXIMUM",
    "PART_ENTIERE",
    "PATIENTS_MAXIMUM",
    "RANG_QUELCONQUE",
    "Annee",
    "Condition",
    "ContratSuivi",
    "Cout",
    "CoutAnnuel",
    "CoutOption",
    "Date",
    "Euros",
    "Explication",
    "Faute",
    "FigureInconnue",
    "Heures",
    "Hypothese",
    "Membre",
    "MontantsNotifies",
    "NomFormeJuridique",
    "NomLecture",
    "NomOption",
    "NomProfil",
    "NomRemplacement",
    "NomSecteur",
    "NomSpecialite",
    "NomTeletravail",
    "NomZone",
    "Objectif",
    "Option",
    "OptionPartielle",
    "PercentileNational",
    "Periode",
    "PointOuvert",
    "Reference",
    "Resultat",
    "ResultatAnnuel",
    "Simulation",
    "Situation",
    "SituationInvalide",
    "Suivi",
    "TauxDecide",
    "Versement",
    "Version",
    "ancre_des_annees",
    "annees_du_contrat",
    "apports_avec",
    "apports_du_processus",
    "aujourd_hui",
    "bornes_des_annees",
    "canonique",
    "certitude_en_mots",
    "ecarts_de_la_patientele",
    "libelle_de",
    "lire_situation",
    "loi_du_processus",
    "ouverture_collective",
    "percentiles",
    "phrase_de_la_version",
    "points_du_contrat",
    "raison",
    "refusee",
    "simuler",
    "suivre",
    "suivre_sous",
    "systeme",
    "traduire",
    "variable_de",
    "version_de",
    "version_du_calcul",
]
