"""Where doctors are paid: an account is proposed with its proof, validated by another agent, announced, then usable.

The holder is told at the address that the fund has, and at those left lately: who changes an account often changed the
address first. Nothing is sent to the account before the fund's delay has run from there.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import consigner, tracer, verrouiller
from binome.dossiers.echanges import pieces
from binome.dossiers.echanges.boite_d_envoi import faute_d_adresse, mettre_en_boite
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import CompteBancaire, Contrat, Medecin, Piece, Structure
from binome.dossiers.nomenclatures import EtatPiece, Genre, NaturePiece, Role, Statut

PROPOSENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
VALIDENT = (Role.VALIDEUR, Role.RESPONSABLE)
#: A file that is no longer anybody's business.
CLOS = (Statut.SANS_SUITE, Statut.RENOUVELE)


@transaction.atomic
def proposer(
    qui: Medecin | Structure,
    acteur: Acteur,
    *,
    titulaire: str,
    iban: str,
    bic: str = "",
    rib: tuple[str, bytes],
    quand: datetime.datetime | None = None,
) -> CompteBancaire:
    """Propose an account for a doctor or a society, with the bank's document (name, content). Raises BinomeErreur."""
    reserver(acteur, qui.caisse_id, PROPOSENT, "proposer un compte bancaire")
    quand = quand or timezone.now()
    piece = pieces.deposer(*rib, NaturePiece.RIB, acteur, quand=quand, **_detenteur(qui))
    try:
        with transaction.atomic():
            compte = CompteBancaire.objects.create(
                caisse_id=qui.caisse_id,
                titulaire=titulaire,
                iban=iban,
                bic=bic,
                rib=piece,
                depuis=quand,
                saisi_par=acteur.utilisateur,
                **_detenteur(qui),
            )
    except IntegrityError as erreur:
        raise Refus(f"un compte de {qui} attend déjà d'être validé : validez-le ou refusez-le d'abord") from erreur
    _consigner(compte, acteur, "proposé", quand)
    return compte


@transaction.atomic
def valider(compte_id: int, acteur: Acteur, *, quand: datetime.datetime | None = None) -> CompteBancaire:
    """Accept a proposed account and its proof: it replaces the one before, and its holder is told. Raises Refus."""
    compte = _a_examiner(compte_id, acteur, "valider")
    quand = quand or timezone.now()
    _accepter_le_rib(compte.rib, acteur, quand)
    CompteBancaire.objects.filter(actif=True, **_detenteur(compte.de_qui)).update(actif=False)
    compte.valide_le, compte.valide_par, compte.actif = quand, acteur.utilisateur, True
    adresses = [adresse for adresse in compte.de_qui.courriels if not faute_d_adresse(adresse)]
    if adresses:
        _annonce(compte, f"courriel à {francais.enumeration(adresses)}", quand)
    compte.save()
    for adresse in adresses:
        mettre_en_boite(
            _dossiers(compte).last(),
            adresse,
            "Votre compte bancaire change",
            _lettre(compte),
            f"compte:{compte.pk}:{adresse}",
            caisse_id=compte.caisse_id,
            quand=quand,
        )
    _consigner(compte, acteur, "validé", quand)
    return compte


@transaction.atomic
def refuser(compte_id: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None) -> CompteBancaire:
    """Refuse a proposed account, with a reason; the one before stays. Raises Refus."""
    compte = _a_examiner(compte_id, acteur, "refuser")
    if not motif.strip():
        raise Refus("motif : attendu pour refuser un compte")
    quand = quand or timezone.now()
    compte.refuse_le, compte.refuse_par, compte.motif_refus = quand, acteur.utilisateur, motif[:300]
    compte.save()
    if compte.rib is not None and compte.rib.etat == EtatPiece.RECUE:
        pieces.controler(compte.rib.pk, acteur, acceptee=False, motif=motif, quand=quand)
    _consigner(compte, acteur, "refusé", quand, motif=motif)
    return compte


@transaction.atomic
def annoncer(compte_id: int, acteur: Acteur, *, moyen: str, quand: datetime.datetime | None = None) -> CompteBancaire:
    """Record how a holder who has no e-mail was told of their account: the delay runs from there. Raises Refus."""
    compte = CompteBancaire.objects.select_for_update(of=("self",)).select_related("caisse").get(pk=compte_id)
    reserver(acteur, compte.caisse_id, (*PROPOSENT, *VALIDENT), "annoncer un compte bancaire")
    if not compte.actif or compte.annonce_le is not None:
        raise Refus("ce compte n'attend pas d'annonce")
    if not moyen.strip():
        raise Refus("moyen : attendu (lettre du…, appel au numéro déjà connu…)")
    quand = quand or timezone.now()
    _annonce(compte, moyen.strip(), quand)
    compte.save()
    _consigner(compte, acteur, "annoncé", quand, motif=moyen)
    return compte


def a_valider(acteur: Acteur) -> Any:
    """The accounts of the fund that wait for another agent."""
    return (
        CompteBancaire.objects.visibles(acteur)
        .filter(valide_le=None, refuse_le=None)
        .select_related("medecin", "structure", "saisi_par")
        .order_by("depuis", "pk")
    )


def a_annoncer(acteur: Acteur) -> Any:
    """The accounts whose holder was not told, for want of an e-mail."""
    comptes = CompteBancaire.objects.visibles(acteur).filter(actif=True, annonce_le=None, utilisable_le=None)
    return comptes.select_related("medecin", "structure").order_by("valide_le", "pk")


def ribs_a_examiner() -> Any:
    """Keys of the documents that are looked at with the account that they prove."""
    comptes = CompteBancaire.objects.filter(valide_le=None, refuse_le=None, rib__isnull=False)
    return comptes.values("rib")


def _detenteur(qui: Medecin | Structure) -> dict[str, Any]:
    return {"medecin": qui} if isinstance(qui, Medecin) else {"structure": qui}


def _a_examiner(compte_id: int, acteur: Acteur, quoi: str) -> CompteBancaire:
    comptes = CompteBancaire.objects.select_for_update(of=("self",))
    compte = comptes.select_related("caisse", "medecin", "structure", "rib").get(pk=compte_id)
    reserver(acteur, compte.caisse_id, VALIDENT, f"{quoi} un compte bancaire")
    if not compte.propose:
        raise Refus(f"compte {compte.etat} : « proposé » attendu")
    if acteur.utilisateur is None or acteur.utilisateur.pk == compte.saisi_par_id:
        raise Refus("un compte est examiné par un autre agent que celui qui l'a proposé")
    return compte


def _accepter_le_rib(rib: Piece | None, acteur: Acteur, quand: datetime.datetime) -> None:
    if rib is None:
        raise Refus("RIB : attendu")
    if rib.etat == EtatPiece.REFUSEE:
        raise Refus("RIB : refusé ; un nouveau compte est à proposer, avec le bon document")
    if rib.etat == EtatPiece.RECUE:
        pieces.controler(rib.pk, acteur, acceptee=True, quand=quand)


def _annonce(compte: CompteBancaire, moyen: str, quand: datetime.datetime) -> None:
    compte.annonce_le, compte.moyen_annonce = quand, moyen[:200]
    compte.utilisable_le = timezone.localdate(quand) + datetime.timedelta(days=compte.caisse.delai_compte)


def _lettre(compte: CompteBancaire) -> str:
    caisse = compte.caisse
    assert compte.utilisable_le is not None  # noqa: S101 - it is announced
    joindre = " ou ".join(filter(None, (caisse.telephone, caisse.courriel))) or "par les moyens que vous lui connaissez"
    return (
        f"Bonjour,\n\nUn compte bancaire au nom de « {compte.titulaire} », dont le numéro finit par "
        f"{compte.iban[-4:]}, a été enregistré pour le versement de l'aide à l'emploi d'un assistant médical de "
        f"{compte.de_qui}. Il servira à partir du {francais.date_courte(compte.utilisable_le)}.\n\n"
        f"Si vous n'avez pas demandé ce changement, prévenez {caisse} sans attendre : {joindre}.\n\n{caisse}\n"
    )


def _dossiers(compte: CompteBancaire) -> Any:
    """The files that the account pays."""
    contrats: Any = Contrat.objects.exclude(statut__in=CLOS)
    return contrats.filter(**_detenteur(compte.de_qui)).order_by("pk")


def _consigner(compte: CompteBancaire, acteur: Acteur, etat: str, quand: datetime.datetime, *, motif: str = "") -> None:
    """What happened to an account stands in the journal of each file that it pays, and in the register."""
    for contrat in _dossiers(compte):
        consigner(
            verrouiller(contrat.pk),
            Genre.COMPTE,
            acteur,
            date_effet=timezone.localdate(quand),
            # By its key: what names its holder stands in its row alone, and is erased there.
            donnees={"etat": etat, "compte": compte.pk},
            motif=motif,
            quand=quand,
        )
    tracer(acteur, "compte_bancaire", compte, quand=quand)
