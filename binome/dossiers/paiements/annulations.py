"""An order already issued, cancelled before its day: asked for by one agent, done by another, told by the ledger."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import LOT, consigner_ensemble, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Campagne, Contrat, Ecriture, LigneVersement
from binome.dossiers.nomenclatures import Compte, Genre, Nature, StatutCampagne, StatutLigne
from binome.dossiers.paiements.campagnes import PROPOSENT, VALIDENT, confirmer, jour_du_virement

DEMANDENT = (*PROPOSENT, *VALIDENT)


def jour_d_execution(campagne: Campagne) -> datetime.date:
    """The day on which the bank executes the order of a campaign that was issued."""
    return jour_du_virement(campagne, campagne.emise_le)


def annulable(campagne: Campagne, jour: datetime.date) -> bool:
    """True of an order that the bank has not executed."""
    return campagne.statut == StatutCampagne.EMISE and jour < jour_d_execution(campagne)


@transaction.atomic
def demander(campagne_id: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None) -> Campagne:
    """Ask for the cancellation of an order; another agent does it. Raises Refus."""
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne_id)
    reserver(acteur, campagne.caisse_id, DEMANDENT, "demander l'annulation d'un ordre")
    _controler(campagne, timezone.localdate(quand))
    if campagne.annulation_demandee_le is not None:
        raise Refus("l'annulation de cet ordre est déjà demandée")
    if not motif.strip():
        raise Refus("motif : attendu")
    if acteur.utilisateur is None:
        raise Refus("l'annulation d'un ordre est demandée par un agent")
    campagne.annulation_demandee_par = acteur.utilisateur
    campagne.annulation_demandee_le = quand or timezone.now()
    campagne.annulation_motif = motif.strip().rstrip(".")[:300]
    campagne.save(update_fields=["annulation_demandee_par", "annulation_demandee_le", "annulation_motif"])
    tracer(acteur, "demander_annulation", campagne, quand=quand)
    return campagne


@transaction.atomic
def annuler(
    campagne_id: int, acteur: Acteur, *, total: int | None = None, quand: datetime.datetime | None = None
) -> Campagne:
    """Cancel an order as another agent asked: its transfers are due again, on the same accounts. Raises Refus."""
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne_id)
    reserver(acteur, campagne.caisse_id, VALIDENT, "annuler un ordre")
    quand = quand or timezone.now()
    jour = timezone.localdate(quand)
    _controler(campagne, jour)
    if campagne.annulation_demandee_le is None:
        raise Refus("l'annulation d'un ordre est d'abord demandée, avec son motif")
    if acteur.utilisateur is None or acteur.utilisateur.pk == campagne.annulation_demandee_par_id:
        raise Refus("un ordre est annulé par un autre agent que celui qui l'a demandé")
    lignes = list(
        LigneVersement.objects.select_for_update(of=("self",))
        .filter(campagne=campagne, statut=StatutLigne.EMISE)
        .order_by("pk")
    )
    confirmer(lignes, total)
    contrats = Contrat.objects.select_for_update(of=("self",)).filter(pk__in=[ligne.contrat_id for ligne in lignes])
    contrats = contrats.order_by("pk")
    motif = f"ordre annulé avant son jour : {campagne.annulation_motif}"[:300]
    for ligne in lignes:
        ligne.statut, ligne.motif = StatutLigne.ANNULEE, motif
    # The contracts first, in one order: another campaign may be writing in the same ledgers.
    list(contrats)
    LigneVersement.objects.bulk_update(lignes, ["statut", "motif"], batch_size=LOT)
    fichier = campagne.fichiers.get(sens="emis")
    Ecriture.objects.bulk_create(
        [
            Ecriture(
                contrat_id=ligne.contrat_id,
                compte=Compte.AIDE,
                nature=Nature.ANNULATION,
                montant=ligne.montant,
                date_effet=jour,
                date_valeur=jour_d_execution(campagne),
                libelle=f"Virement {ligne.reference}, {motif}"[:300],
                cle=f"annulation:{ligne.pk}",
                ligne=ligne,
                fichier=fichier,
                consigne_le=quand,
                auteur=acteur.utilisateur,
            )
            for ligne in lignes
        ],
        batch_size=LOT,
    )
    consigner_ensemble(
        contrats,
        Genre.ANNULATION,
        acteur,
        date_effet=jour,
        donnees={li.contrat_id: {"montant": li.montant, "reference": li.reference, "motif": motif} for li in lignes},
        quand=quand,
    )
    campagne.statut, campagne.annulee_par, campagne.annulee_le = (
        StatutCampagne.ORDRE_ANNULE,
        acteur.utilisateur,
        quand,
    )
    campagne.save(update_fields=["statut", "annulee_par", "annulee_le"])
    tracer(acteur, "annuler_ordre", campagne, quand=quand)
    return campagne


def _controler(campagne: Campagne, jour: datetime.date) -> None:
    if campagne.statut != StatutCampagne.EMISE:
        raise Refus(f"campagne « {campagne.get_statut_display().lower()} » : « émise » attendue")
    execution = jour_d_execution(campagne)
    if jour >= execution:
        raise Refus(
            f"ordre exécuté le {francais.date_courte(execution)} : il s'annule avant ce jour ; ensuite, la banque "
            "seule dit ce qui revient"
        )
    if not campagne.lignes.filter(statut=StatutLigne.EMISE).exists():
        raise Refus("aucun virement à annuler")
