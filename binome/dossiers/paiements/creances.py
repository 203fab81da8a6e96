"""What a fund does about a claim: notify it, choose a set-off, grant instalments, hear an appeal, give it up.

Each act is an event; giving up is a line of the ledger too, granted by another agent above the fund's amount. Nothing
is undone: another choice replaces the one before, and a line is reversed (`grand_livre.contre_passer`).
"""

from __future__ import annotations

import datetime
from typing import NewType

from django.db import transaction
from django.utils import timezone

from binome import argent, francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Ecriture, Evenement, Piece
from binome.dossiers.nomenclatures import Abandon, Compte, Genre, IssueDuRecours, ModeDeRetenue, Nature, Role
from binome.dossiers.paiements.grand_livre import ENCAISSENT
from binome.dossiers.paiements.recouvrement import Recouvrement, echeancier, recouvrement_de

#: An amount of money, in cents: a form asks it in euros.
Centimes = NewType("Centimes", int)
#: Instalments that a schedule may have: twenty years of months.
MENSUALITES_MAXIMUM = 240
#: The line of the ledger that giving up writes.
NATURES = {Abandon.REMISE: Nature.REMISE, Abandon.NON_VALEUR: Nature.NON_VALEUR}


def _ouvrir(
    contrat_id: int, acteur: Acteur, quoi: str, roles: tuple[Role, ...] = GESTION
) -> tuple[Contrat, Recouvrement]:
    contrat = verrouiller(contrat_id)
    reserver(acteur, contrat.caisse_id, roles, quoi)
    tenu = recouvrement_de(contrat)
    if not tenu.du:
        raise Refus(f"{quoi} : rien n'est dû à la caisse sur ce dossier")
    return contrat, tenu


def _passee(date: datetime.date, champ: str, quand: datetime.datetime | None) -> None:
    if date > timezone.localdate(quand):
        raise Refus(f"{champ} « {francais.date_courte(date)} » : date passée attendue")


def _motive(motif: str, quoi: str) -> str:
    if not motif.strip():
        raise Refus(f"motif : attendu ({quoi})")
    return motif.strip()


@transaction.atomic
def notifier(
    contrat_id: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record that the doctor was notified of what is owed: only then is it recovered. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "notification")
    _passee(date, "notifié le", quand)
    if not tenu.a_notifier:
        raise Refus("notification : tout ce qui est dû a déjà été notifié")
    donnees = {"montant": tenu.a_notifier, "constate": tenu.constate}
    return consigner(contrat, Genre.INDU_NOTIFIE, acteur, date_effet=date, donnees=donnees, piece=piece, quand=quand)


@transaction.atomic
def choisir_la_retenue(
    contrat_id: int,
    acteur: Acteur,
    *,
    mode: str,
    plafond: Centimes | None = None,
    motif: str = "",
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Choose what the transfers to come keep back of a claim; another choice replaces it. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "retenue")
    choisi = ModeDeRetenue(mode)
    if not tenu.notifie:
        raise Refus("retenue : le trop-perçu se notifie d'abord")
    if (choisi == ModeDeRetenue.PLAFONNEE) != bool(plafond):
        raise Refus("au plus par versement : un montant est attendu pour une retenue plafonnée, et pour elle seule")
    return consigner(
        contrat,
        Genre.RETENUE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"mode": choisi.value, "plafond": plafond},
        motif=motif.strip(),
        quand=quand,
    )


@transaction.atomic
def accorder_un_echeancier(
    contrat_id: int,
    acteur: Acteur,
    *,
    premiere: datetime.date,
    nombre: int,
    motif: str = "",
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Grant monthly instalments that add up to what is owed; another schedule replaces it. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "échéancier")
    total, jour = tenu.notifie, timezone.localdate(quand)
    if not total:
        raise Refus("échéancier : le trop-perçu se notifie d'abord")
    if premiere < jour:
        raise Refus(f"première mensualité « {francais.date_courte(premiere)} » : un jour à venir est attendu")
    maximum = min(MENSUALITES_MAXIMUM, total)
    if not 1 <= nombre <= maximum:
        raise Refus(f"nombre de mensualités « {nombre} » : entre 1 et {maximum} attendu")
    mensualites = echeancier(total, nombre, premiere)
    return consigner(
        contrat,
        Genre.ECHEANCIER,
        acteur,
        date_effet=premiere,
        donnees={
            "montant": total,
            "recouvre": tenu.recouvre,
            "abandonne": tenu.abandonne,
            "mensualites": [[mensualite.date.isoformat(), mensualite.centimes] for mensualite in mensualites],
        },
        motif=motif.strip(),
        piece=piece,
        quand=quand,
    )


@transaction.atomic
def enregistrer_un_recours(
    contrat_id: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    motif: str,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record an appeal against a claim: nothing is kept back nor late until it is settled. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "recours")
    _passee(date, "reçu le", quand)
    if not tenu.notifie:
        raise Refus("recours : le trop-perçu se notifie d'abord")
    if tenu.recours_du is not None:
        raise Refus(f"recours : un recours est déjà en cours, reçu le {francais.date_courte(tenu.recours_du)}")
    motif = _motive(motif, "ce que le médecin conteste")
    return consigner(contrat, Genre.RECOURS, acteur, date_effet=date, motif=motif, piece=piece, quand=quand)


@transaction.atomic
def trancher_le_recours(
    contrat_id: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    issue: str,
    motif: str,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record what came of an appeal: recovery goes on, on what is still owed. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "recours")
    _passee(date, "tranché le", quand)
    if tenu.recours_du is None:
        raise Refus("recours : aucun n'est en cours")
    if date < tenu.recours_du:
        recu = francais.date_courte(tenu.recours_du)
        raise Refus(f"tranché le « {francais.date_courte(date)} » : à partir du {recu} attendu, jour de sa réception")
    return consigner(
        contrat,
        Genre.RECOURS_TRANCHE,
        acteur,
        date_effet=date,
        donnees={"issue": IssueDuRecours(issue).value},
        motif=_motive(motif, "la décision"),
        piece=piece,
        quand=quand,
    )


@transaction.atomic
def demander_un_abandon(
    contrat_id: int,
    acteur: Acteur,
    *,
    abandon: str,
    montant: Centimes,
    motif: str,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Ask that a claim, or a part of it (cents), be given up. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "abandon de créance")
    if tenu.abandon is not None:
        raise Refus("abandon de créance : une demande attend déjà une décision")
    if not 0 < montant <= tenu.du:
        du = francais.euros(tenu.du)
        raise Refus(f"montant « {francais.euros(montant)} » : entre 0,01 € et la créance attendu ({du})")
    return consigner(
        contrat,
        Genre.ABANDON_DEMANDE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"abandon": Abandon(abandon).value, "montant": montant},
        motif=_motive(motif, "pourquoi la caisse renonce"),
        piece=piece,
        quand=quand,
    )


@transaction.atomic
def accorder_l_abandon(
    contrat_id: int, acteur: Acteur, *, motif: str = "", quand: datetime.datetime | None = None
) -> Evenement:
    """Give up what was asked: a line of the ledger. Another agent does, above the fund's amount. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "accorder l'abandon", ENCAISSENT)
    demande = tenu.abandon
    if demande is None:
        raise Refus("abandon de créance : rien n'est demandé")
    if demande.centimes > tenu.du:
        raise Refus(
            f"abandon de créance : {francais.euros(demande.centimes)} demandés, {francais.euros(tenu.du)} encore dus ; "
            "refusez cette demande, une autre peut suivre"
        )
    seuil = argent.en_centimes(contrat.caisse.seuil_abandon)
    meme = acteur.utilisateur is None or acteur.utilisateur.pk == demande.auteur_id
    if meme and demande.centimes > seuil:
        raise Refus(
            f"abandon de créance : au-delà de {francais.euros(seuil)}, qui le demande ne l'accorde pas : un autre agent"
        )
    jour, quand = timezone.localdate(quand), quand or timezone.now()
    evenement = consigner(
        contrat,
        Genre.ABANDON_ACCORDE,
        acteur,
        date_effet=jour,
        donnees={
            "demande": demande.numero, "abandon": demande.abandon.value, "montant": demande.centimes, "seuil": seuil,
        },
        motif=motif.strip(),
        quand=quand,
    )  # fmt: skip
    Ecriture.objects.create(
        contrat=contrat,
        compte=Compte.CREANCE,
        nature=NATURES[demande.abandon],
        montant=demande.centimes,
        date_effet=jour,
        date_valeur=jour,
        libelle=f"{NATURES[demande.abandon].label} : {demande.motif}"[:300],
        cle=f"abandon:{contrat.pk}:{evenement.numero}",
        consigne_le=quand,
        auteur=acteur.utilisateur,
    )
    return evenement


@transaction.atomic
def refuser_l_abandon(
    contrat_id: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None
) -> Evenement:
    """Refuse to give up what was asked. Raises Refus."""
    contrat, tenu = _ouvrir(contrat_id, acteur, "refuser l'abandon", ENCAISSENT)
    if tenu.abandon is None:
        raise Refus("abandon de créance : rien n'est demandé")
    return consigner(
        contrat,
        Genre.ABANDON_REFUSE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"demande": tenu.abandon.numero, "montant": tenu.abandon.centimes},
        motif=_motive(motif, "pourquoi la caisse ne renonce pas"),
        quand=quand,
    )
