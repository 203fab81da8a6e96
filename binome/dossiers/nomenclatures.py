"""The lists of the fund's files: codes in the database, French labels on the pages."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What a user may be, in a fund or above it."""

    MEDECIN = "medecin", "Médecin"
    DELEGUE = "delegue", "Délégué"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    VALIDEUR = "valideur", "Valideur"
    RESPONSABLE = "responsable", "Responsable de caisse"
    PILOTAGE = "pilotage", "Pilotage national"
    ADMINISTRATEUR = "administrateur", "Administrateur"


#: Roles of the people who work on the files of one fund.
AGENTS = (Role.GESTIONNAIRE, Role.VALIDEUR, Role.RESPONSABLE)
#: Roles that belong to one fund.
DE_LA_CAISSE = (*AGENTS, Role.DELEGUE)


class Statut(TextChoices):
    """State of a contract; `cycle.TRANSITIONS` says how one leads to another."""

    BROUILLON = "brouillon", "Brouillon"
    A_SIGNER = "a_signer", "À signer"
    SIGNE = "signe", "Signé"
    EN_COURS = "en_cours", "En cours"
    SUSPENDU = "suspendu", "Suspendu"
    ECHU = "echu", "Échu"
    RENOUVELE = "renouvele", "Renouvelé"
    RESILIE = "resilie", "Résilié"
    SANS_SUITE = "sans_suite", "Classé sans suite"


#: A contract that binds the doctor: one at a time for each doctor.
ENGAGEANTS = (Statut.SIGNE, Statut.EN_COURS, Statut.SUSPENDU)
#: A contract that was signed, whatever became of it: it may be owed money.
SIGNES = (*ENGAGEANTS, Statut.ECHU, Statut.RENOUVELE, Statut.RESILIE)


class Dispositif(TextChoices):
    """Individual or collective."""

    INDIVIDUEL = "individuel", "Individuel"
    COLLECTIF = "collectif", "Collectif"


class Genre(TextChoices):
    """What an event of a contract says."""

    OUVERTURE = "ouverture", "Ouverture du dossier"
    MODIFICATION = "modification", "Modification du brouillon"
    PREPARATION = "preparation", "Contrat envoyé à la signature"
    REPRISE_BROUILLON = "reprise_brouillon", "Contrat repris avant signature"
    SIGNATURE = "signature", "Signature"
    EMBAUCHE = "embauche", "Embauche de l'assistant"
    DEMARRAGE = "demarrage", "Contrat en cours"
    ABSENCE = "absence", "Absence de l'assistant"
    DEPART = "depart", "Départ de l'assistant"
    FORMATION = "formation", "Formation de l'assistant"
    SECRETAIRE = "secretaire", "Remplacement de la secrétaire"
    SUSPENSION = "suspension", "Suspension"
    REPRISE = "reprise", "Reprise"
    AVENANT = "avenant", "Avenant"
    BASCULE = "bascule", "Passage aux règles nouvelles"
    ADHESION = "adhesion", "Entrée d'un adhérent"
    RETRAIT = "retrait", "Sortie d'un adhérent"
    EVALUATION = "evaluation", "Évaluation annuelle"
    CONTESTATION = "contestation", "Évaluation contestée"
    LECTURE = "lecture", "Point ouvert tranché"
    RELEVE = "releve", "Relevé corrigé"
    PIECE = "piece", "Pièce reçue"
    PIECE_REFUSEE = "piece_refusee", "Pièce refusée"
    COURRIER = "courrier", "Courrier"
    COMPTE = "compte", "Compte bancaire"
    VERSEMENT = "versement", "Versement"
    RETOUR = "retour", "Virement rejeté"
    ANNULATION = "annulation", "Virement annulé"
    REMBOURSEMENT = "remboursement", "Remboursement reçu"
    INDU_NOTIFIE = "indu_notifie", "Trop-perçu notifié"
    RETENUE = "retenue", "Retenue sur les versements"
    ECHEANCIER = "echeancier", "Échéancier accordé"
    RECOURS = "recours", "Recours contre un trop-perçu"
    RECOURS_TRANCHE = "recours_tranche", "Recours tranché"
    ABANDON_DEMANDE = "abandon_demande", "Abandon de créance demandé"
    ABANDON_ACCORDE = "abandon_accorde", "Abandon de créance accordé"
    ABANDON_REFUSE = "abandon_refuse", "Abandon de créance refusé"
    ECHEANCE = "echeance", "Échéance faite"
    NOTE = "note", "Note"
    CORRECTION = "correction", "Acte corrigé"
    ACTE_ANNULE = "acte_annule", "Acte annulé"
    TERME = "terme", "Terme du contrat"
    RESILIATION_ANNONCEE = "resiliation_annoncee", "Résiliation à venir"
    RESILIATION_RETIREE = "resiliation_retiree", "Résiliation retirée"
    RESILIATION = "resiliation", "Résiliation"
    RENOUVELLEMENT = "renouvellement", "Renouvellement"
    CLASSEMENT = "classement", "Classement sans suite"


#: What a fund does to recover what was paid in excess. Nothing of it changes what the law says due.
DU_RECOUVREMENT = (
    Genre.INDU_NOTIFIE,
    Genre.RETENUE,
    Genre.ECHEANCIER,
    Genre.RECOURS,
    Genre.RECOURS_TRANCHE,
    Genre.ABANDON_DEMANDE,
    Genre.ABANDON_ACCORDE,
    Genre.ABANDON_REFUSE,
)


class CauseDeSortie(TextChoices):
    """Why a member leaves a group: by choice on an anniversary only, by what happens to them on any day."""

    CHOIX = "choix", "Sortie demandée, à un anniversaire du contrat"
    DECES = "deces", "Décès"
    SPECIALITE = "specialite", "Changement de spécialité"
    CESSATION = "cessation", "Cessation d'activité, ou départ vers un autre lieu"


class NaturePiece(TextChoices):
    """What a document is."""

    CONTRAT_SIGNE = "contrat_signe", "Contrat signé"
    CONTRAT_TRAVAIL = "contrat_travail", "Contrat de travail de l'assistant"
    RIB = "rib", "Relevé d'identité bancaire"
    DIPLOME = "diplome", "Diplôme ou titre de l'assistant"
    FORMATION = "formation", "Attestation de formation"
    BULLETIN_PAIE = "bulletin_paie", "Bulletin de salaire"
    AVENANT = "avenant", "Avenant signé"
    BULLETIN_ADHESION = "bulletin_adhesion", "Bulletin d'adhésion"
    STATUTS = "statuts", "Statuts de la société"
    RNE = "rne", "Extrait du registre national des entreprises"
    AGREMENT = "agrement", "Agrément (docteur junior)"
    REMPLACEMENT_SECRETAIRE = "remplacement_secretaire", "Remplacement de la secrétaire"
    COURRIER = "courrier", "Courrier reçu"
    AUTRE = "autre", "Autre pièce"


#: Documents that open payments: whoever brings one does not accept it.
PIECES_CONTROLEES_A_DEUX = (
    NaturePiece.CONTRAT_SIGNE,
    NaturePiece.CONTRAT_TRAVAIL,
    NaturePiece.RIB,
    NaturePiece.DIPLOME,
    NaturePiece.RNE,
    NaturePiece.STATUTS,
    NaturePiece.AGREMENT,
)


class EtatPiece(TextChoices):
    """What the fund said of a document."""

    RECUE = "recue", "Reçue, à contrôler"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"


class Compte(TextChoices):
    """The two accounts of a contract in the ledger."""

    AIDE = "aide", "Aide"
    CREANCE = "creance", "Créance"


class Nature(TextChoices):
    """What a line of the ledger records; `grand_livre` says the sign of each."""

    DROIT = "droit", "Aide due"
    VERSEMENT = "versement", "Virement émis"
    RETOUR = "retour", "Virement rejeté"
    ANNULATION = "annulation", "Virement annulé avant son jour"
    INDU = "indu", "Trop-perçu constaté"
    COMPENSATION = "compensation", "Trop-perçu retenu sur un versement"
    REMBOURSEMENT = "remboursement", "Trop-perçu remboursé"
    REMISE = "remise", "Trop-perçu remis"
    NON_VALEUR = "non_valeur", "Trop-perçu admis en non-valeur"
    CONTRE_PASSATION = "contre_passation", "Écriture annulée"


#: What the bank moves, or did not.
DE_LA_BANQUE = (Nature.VERSEMENT, Nature.RETOUR, Nature.ANNULATION)


class StatutCampagne(TextChoices):
    """State of a payment campaign."""

    PREPARATION = "preparation", "En préparation"
    PROPOSEE = "proposee", "Proposée"
    VALIDEE = "validee", "Validée"
    EMISE = "emise", "Émise"
    ANNULEE = "annulee", "Annulée"
    ORDRE_ANNULE = "ordre_annule", "Ordre annulé"


class StatutLigne(TextChoices):
    """State of a campaign's line."""

    PROPOSEE = "proposee", "Proposée"
    BLOQUEE = "bloquee", "Bloquée"
    ECARTEE = "ecartee", "Écartée"
    VALIDEE = "validee", "Validée"
    EMISE = "emise", "Émise"
    #: The account is at fault: another one is awaited.
    RETOURNEE = "retournee", "Rejetée par la banque"
    #: The order, or the bank, is at fault: the next campaign pays on the same account.
    NON_EXECUTEE = "non_executee", "Non exécutée par la banque"
    #: Its order was cancelled before its day, by two agents: the next campaign pays on the same account.
    ANNULEE = "annulee", "Annulée avant son jour"
    SANS_VIREMENT = "sans_virement", "Comptabilisée sans virement"


class EffetReponse(TextChoices):
    """What was done with what the bank said."""

    INSCRIT = "inscrit", "Inscrit au grand livre"
    DEJA = "deja", "Déjà inscrit"
    ECART = "ecart", "Autre montant : rien n'est inscrit"
    INCONNU = "inconnu", "Référence inconnue de la caisse"
    ACCEPTE = "accepte", "Accepté par la banque"
    EN_ATTENTE = "en_attente", "En attente à la banque"


class ModeDeRetenue(TextChoices):
    """How much of a claim is kept back on the transfers to come."""

    TOTALE = "totale", "Tout ce qui est dû, sur les versements à venir"
    PLAFONNEE = "plafonnee", "Au plus une somme par versement"
    AUCUNE = "aucune", "Rien : le médecin rembourse"


class IssueDuRecours(TextChoices):
    """What came of an appeal against a claim."""

    REJETE = "rejete", "Rejeté : le trop-perçu est dû"
    ACCUEILLI = "accueilli", "Accueilli : la décision d'origine est à corriger, ou la somme à remettre"
    RETIRE = "retire", "Retiré par le médecin"


class Abandon(TextChoices):
    """Why a claim is given up."""

    REMISE = "remise", "Remise, accordée au médecin"
    NON_VALEUR = "non_valeur", "Admission en non-valeur : la somme ne peut être recouvrée"


class IssueVisite(TextChoices):
    """What came of a delegate's visit."""

    PREVUE = "prevue", "Prévue"
    INTERESSE = "interesse", "Intéressé"
    A_REVOIR = "a_revoir", "À revoir"
    REFUS = "refus", "Refus"
    SIMULATION = "simulation", "Simulation faite"
    DOSSIER = "dossier", "Dossier ouvert"
    ABSENT = "absent", "Absent"
