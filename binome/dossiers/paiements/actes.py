"""The acts of recovery, declared as those of a contract are (`contrats.actes.declarations`): pages come from here."""

from __future__ import annotations

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.declarations import Acte, Donnee
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import SIGNES, Abandon, Genre, IssueDuRecours, ModeDeRetenue
from binome.dossiers.paiements import creances
from binome.dossiers.paiements.grand_livre import ENCAISSENT
from binome.dossiers.paiements.recouvrement import recouvrement_de


def _pieces(contrat: Contrat) -> object:
    return contrat.pieces.all()


def _a_notifier(contrat: Contrat) -> bool:
    return recouvrement_de(contrat).a_notifier > 0


def _notifie(contrat: Contrat) -> bool:
    return recouvrement_de(contrat).notifie > 0


def _sans_recours(contrat: Contrat) -> bool:
    tenu = recouvrement_de(contrat)
    return tenu.notifie > 0 and tenu.recours_du is None


def _en_recours(contrat: Contrat) -> bool:
    tenu = recouvrement_de(contrat)
    return tenu.du > 0 and tenu.recours_du is not None


def _sans_demande(contrat: Contrat) -> bool:
    tenu = recouvrement_de(contrat)
    return tenu.du > 0 and tenu.abandon is None


def _demande(contrat: Contrat) -> bool:
    tenu = recouvrement_de(contrat)
    return tenu.du > 0 and tenu.abandon is not None


_TOUS = (
    Acte(
        "indu-notifie",
        "Notifier le trop-perçu",
        creances.notifier,
        Genre.INDU_NOTIFIE,
        SIGNES,
        aide="Rien n'est retenu, échelonné ni contesté avant que le médecin en soit avisé.",
        courrier="indu",
        si=_a_notifier,
        donnees={"date": Donnee("Notifié le"), "piece": Donnee("Lettre (pièce)", lignes=_pieces)},
    ),
    Acte(
        "retenue",
        "Choisir la retenue",
        creances.choisir_la_retenue,
        Genre.RETENUE,
        SIGNES,
        aide="Sans choix, rien n'est retenu. Un autre choix remplace celui-ci dès la campagne suivante.",
        si=_notifie,
        donnees={
            "mode": Donnee("Retenir", liste=ModeDeRetenue),
            "plafond": Donnee("Au plus par versement", "Pour une retenue plafonnée"),
            "motif": Donnee("Motif"),
        },
    ),
    Acte(
        "echeancier",
        "Accorder un échéancier",
        creances.accorder_un_echeancier,
        Genre.ECHEANCIER,
        SIGNES,
        aide="Des mensualités égales au centime près, dont la somme est ce qui est dû. Il remplace le précédent.",
        si=_notifie,
        donnees={
            "premiere": Donnee("Première mensualité le"),
            "nombre": Donnee("Nombre de mensualités"),
            "motif": Donnee("Motif"),
            "piece": Donnee("Demande du médecin (pièce)", lignes=_pieces),
        },
    ),
    Acte(
        "recours",
        "Enregistrer un recours",
        creances.enregistrer_un_recours,
        Genre.RECOURS,
        SIGNES,
        aide="Jusqu'à ce qu'il soit tranché, rien n'est retenu et aucune mensualité n'est en retard.",
        si=_sans_recours,
        donnees={
            "date": Donnee("Reçu le"),
            "motif": Donnee("Ce que le médecin conteste"),
            "piece": Donnee("Recours (pièce)", lignes=_pieces),
        },
    ),
    Acte(
        "recours-tranche",
        "Trancher le recours",
        creances.trancher_le_recours,
        Genre.RECOURS_TRANCHE,
        SIGNES,
        aide="Accueilli, il ne change pas la somme : décidez de nouveau l'évaluation, ou remettez la somme.",
        si=_en_recours,
        donnees={
            "date": Donnee("Tranché le"),
            "issue": Donnee("Issue", liste=IssueDuRecours),
            "motif": Donnee("Décision, en mots"),
            "piece": Donnee("Décision (pièce)", lignes=_pieces),
        },
    ),
    Acte(
        "abandon",
        "Demander une remise ou une non-valeur",
        creances.demander_un_abandon,
        Genre.ABANDON_DEMANDE,
        SIGNES,
        aide="Un valideur ou le responsable l'accorde ; au-delà du montant de la caisse, un autre agent que vous.",
        si=_sans_demande,
        donnees={
            "abandon": Donnee("Ce que la caisse ferait", liste=Abandon),
            "montant": Donnee("Montant"),
            "motif": Donnee("Motif"),
            "piece": Donnee("Justificatif (pièce)", lignes=_pieces),
        },
    ),
    Acte(
        "abandon-accorde",
        "Accorder l'abandon",
        creances.accorder_l_abandon,
        Genre.ABANDON_ACCORDE,
        SIGNES,
        roles=ENCAISSENT,
        aide="La somme demandée n'est plus due : elle s'inscrit au grand livre.",
        si=_demande,
        donnees={"motif": Donnee("Décision, en mots")},
    ),
    Acte(
        "abandon-refuse",
        "Refuser l'abandon",
        creances.refuser_l_abandon,
        Genre.ABANDON_REFUSE,
        SIGNES,
        roles=ENCAISSENT,
        si=_demande,
        donnees={"motif": Donnee("Motif")},
    ),
)

#: Every act of recovery by its name, in the order in which pages offer them.
ACTES = {acte.nom: acte for acte in _TOUS}


def possibles(contrat: Contrat, acteur: Acteur) -> list[Acte]:
    """The acts of recovery that this actor may record on a file; none where nothing is owed."""
    if contrat.statut not in SIGNES or not recouvrement_de(contrat).du:
        return []
    return [acte for acte in ACTES.values() if acte.est_possible(contrat, acteur)]
