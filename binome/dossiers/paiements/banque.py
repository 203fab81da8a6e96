"""The bank: what is sent, kept byte for byte, and what comes back."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from binome import isolement
from binome.documents.sepa.ordre import Donneur, Ordre, Virement, emettre
from binome.documents.sepa.retour import ACCEPTE, EN_ATTENTE, LECTEUR, MOTIF_ABSENT, REJETE, Retour
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import LOT, consigner_ensemble, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Campagne, Contrat, Ecriture, FichierBancaire, LigneVersement, ReponseBancaire
from binome.dossiers.nomenclatures import Compte, EffetReponse, Genre, Nature, StatutCampagne, StatutLigne
from binome.dossiers.paiements.campagnes import VALIDENT, confirmer, ecarter_les_perimees, jour_du_virement
from binome.dossiers.quotas import prendre_place


@transaction.atomic
def emettre_campagne(
    campagne_id: int, acteur: Acteur, *, total: int | None = None, quand: datetime.datetime | None = None
) -> FichierBancaire | None:
    """Issue the transfers of a validated campaign, once: the file and its ledger lines are one transaction.

    What changed since the validation is not paid: a contract suspended, terminated or decided anew, an account
    replaced. None when the campaign transfers nothing. `total` (cents) is what the agent was shown and confirmed.
    Raises Refus.
    """
    campagne = Campagne.objects.select_for_update(of=("self",)).select_related("caisse").get(pk=campagne_id)
    reserver(acteur, campagne.caisse_id, VALIDENT, "émettre les virements")
    if campagne.statut != StatutCampagne.VALIDEE:
        raise Refus(f"campagne « {campagne.get_statut_display().lower()} » : « validée » attendue")
    quand = quand or timezone.now()
    lignes = list(
        campagne.lignes.filter(statut=StatutLigne.VALIDEE)
        .select_related("compte_bancaire", "contrat__medecin", "contrat__structure")
        .order_by("pk")
    )
    confirmer(lignes, total)
    lignes = ecarter_les_perimees(_sans_les_comptes_remplaces(lignes))
    fichier = _fichier(campagne, lignes, acteur, quand) if lignes else None
    if fichier is not None:
        for ligne in lignes:
            ligne.statut, ligne.reference = StatutLigne.EMISE, reference_de(ligne)
        LigneVersement.objects.bulk_update(lignes, ["statut", "reference"], batch_size=LOT)
        Ecriture.objects.bulk_create(
            [
                Ecriture(
                    contrat_id=ligne.contrat_id,
                    compte=Compte.AIDE,
                    nature=Nature.VERSEMENT,
                    montant=-ligne.montant,
                    date_effet=campagne.date,
                    date_valeur=jour_du_virement(campagne, quand),
                    libelle=f"Virement {ligne.reference}",
                    cle=f"versement:{ligne.pk}",
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
            _contrats_de(lignes),
            Genre.VERSEMENT,
            acteur,
            date_effet=jour_du_virement(campagne, quand),
            donnees={
                ligne.contrat_id: {"montant": ligne.montant, "reference": ligne.reference, "campagne": campagne.pk}
                for ligne in lignes
            },
            quand=quand,
        )
    campagne.statut, campagne.emise_par, campagne.emise_le = StatutCampagne.EMISE, acteur.utilisateur, quand
    campagne.save(update_fields=["statut", "emise_par", "emise_le"])
    tracer(acteur, "emettre_campagne", campagne, quand=quand)
    return fichier


def _sans_les_comptes_remplaces(lignes: list[LigneVersement]) -> list[LigneVersement]:
    """Nothing goes to an account that was replaced since: the sum stays due, and the next campaign pays it."""
    remplaces = [ligne for ligne in lignes if ligne.compte_bancaire is None or not ligne.compte_bancaire.actif]
    for ligne in remplaces:
        ligne.statut, ligne.motif = StatutLigne.ECARTEE, COMPTE_REMPLACE
    LigneVersement.objects.bulk_update(remplaces, ["statut", "motif"], batch_size=LOT)
    return [ligne for ligne in lignes if ligne not in remplaces]


COMPTE_REMPLACE = "le compte bancaire a été remplacé depuis : la campagne suivante paiera sur le nouveau"


def reference_de(ligne: LigneVersement) -> str:
    """End-to-end reference of a transfer: the same line always has the same."""
    return f"BINOME{ligne.pk:010d}"


def numero_d_ordre(campagne_id: int) -> str:
    """Number of the order of a campaign: its message and its only batch bear it."""
    return f"{PREFIXE_D_ORDRE}{campagne_id:08d}"


def _campagne_de(numero: str) -> int | None:
    """The campaign whose order bears that number; None when it is not written as ours are."""
    chiffres = numero.removeprefix(PREFIXE_D_ORDRE)
    return int(chiffres) if chiffres != numero and chiffres.isascii() and chiffres.isdecimal() else None


PREFIXE_D_ORDRE = "BINOME"


def _fichier(
    campagne: Campagne, lignes: Sequence[LigneVersement], acteur: Acteur, quand: datetime.datetime
) -> FichierBancaire:
    caisse = campagne.caisse
    if not caisse.iban:
        raise Refus(f"{caisse} : IBAN de la caisse attendu")
    numero = numero_d_ordre(campagne.pk)
    ordre = Ordre(
        numero=numero,
        cree_le=timezone.localtime(quand),
        execution=jour_du_virement(campagne, quand),
        donneur=Donneur(nom=caisse.nom, iban=caisse.iban, bic=caisse.bic or None),
        virements=tuple(_virement(ligne) for ligne in lignes),
    )
    octets = emettre(ordre)
    return FichierBancaire.objects.create(
        caisse=caisse,
        campagne=campagne,
        sens=FichierBancaire.Sens.EMIS,
        nom=f"{numero}.xml",
        octets=octets,
        sha256=hashlib.sha256(octets).hexdigest(),
        cree_le=quand,
        auteur=acteur.utilisateur,
    )


def _virement(ligne: LigneVersement) -> Virement:
    compte = ligne.compte_bancaire
    assert compte is not None  # noqa: S101 - a line without account is never validated
    return Virement(
        reference=reference_de(ligne),
        beneficiaire=compte.titulaire,
        iban=compte.iban,
        bic=compte.bic or None,
        montant=ligne.montant,
        libelle=f"Aide assistant medical, dossier {ligne.contrat.numero}",
    )


@dataclass(frozen=True)
class BilanRetours:
    """What a file from the bank changed."""

    fichier: FichierBancaire
    retournes: int
    centimes: int
    #: References, or orders, that are none of the fund's; transfers that had already come back.
    inconnues: tuple[str, ...]
    deja: tuple[str, ...]
    #: Orders rejected as a whole, and transfers or orders that the bank says it took.
    ordres_rejetes: tuple[str, ...] = ()
    acceptes: int = 0
    #: Transfers or orders of which the bank has not decided yet.
    en_attente: int = 0
    #: Transfers that came back with another amount: told, and left as they are until somebody looks.
    ecarts: tuple[EcartDeMontant, ...] = ()


@dataclass(frozen=True)
class EcartDeMontant:
    """A transfer that came back with an amount that is not its own (cents)."""

    reference: str
    vire: int
    rendu: int


def recevoir(
    caisse_id: int, nom: str, octets: bytes, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> BilanRetours:
    """Take in a status report or a statement of returns; the file is kept as it came. Raises Refus, BinomeErreur."""
    reserver(acteur, caisse_id, VALIDENT, "enregistrer un retour de la banque")
    # Read before anything is locked, in a process of its own.
    lus = isolement.lire(LECTEUR, octets, BORNES)
    return _inscrire(caisse_id, nom, octets, [Retour(**lu) for lu in lus], acteur, quand or timezone.now())


def reponses_de(campagne: Campagne) -> list[ReponseBancaire]:
    """What the bank says of the order of a campaign and of its transfers, the last first."""
    siennes = Q(ligne__campagne=campagne) | Q(reference="", ordre=numero_d_ordre(campagne.pk))
    reponses = ReponseBancaire.objects.filter(siennes, fichier__caisse=campagne.caisse_id)
    return list(
        reponses.select_related("fichier", "ligne__contrat").defer("fichier__octets").order_by("-pk")[:MONTREES]
    )


#: Answers that the page of a campaign shows.
MONTREES = 100
#: What reading a bank's file may cost: one of the largest size holds tens of thousands of transfers.
BORNES = isolement.Bornes(memoire=400_000_000, processeur=20, attente=60, reponse=60_000_000)


@transaction.atomic
def _inscrire(
    caisse_id: int, nom: str, octets: bytes, retours: Sequence[Retour], acteur: Acteur, quand: datetime.datetime
) -> BilanRetours:
    prendre_place(caisse_id, acteur, len(octets))
    try:
        with transaction.atomic():
            fichier = FichierBancaire.objects.create(
                caisse_id=caisse_id,
                sens=FichierBancaire.Sens.RECU,
                nom=nom[:80],
                octets=octets,
                sha256=hashlib.sha256(octets).hexdigest(),
                cree_le=quand,
                auteur=acteur.utilisateur,
            )
    except IntegrityError as erreur:
        raise Refus(f"fichier « {nom} » : déjà reçu") from erreur
    rejets = [retour for retour in retours if retour.statut == REJETE and retour.reference]
    ordres = {retour.ordre: retour for retour in retours if not retour.reference}
    du_fichier = _lignes_du_fichier(caisse_id, [retour.reference for retour in retours if retour.reference], ordres)
    lignes = {ligne.reference: ligne for ligne in du_fichier}
    a_retourner = {r.reference: r for r in rejets if r.reference in lignes} | {
        reference: ordres[numero]
        for reference, numero in _rejetes_avec_leur_ordre(lignes, ordres, {r.reference for r in retours}).items()
    }
    ecarts = tuple(
        EcartDeMontant(reference, lignes[reference].montant, retour.montant)
        for reference, retour in a_retourner.items()
        if retour.montant is not None and retour.montant != lignes[reference].montant
    )
    differents = {ecart.reference for ecart in ecarts}
    emises = [lignes[r] for r in a_retourner if lignes[r].statut == StatutLigne.EMISE]
    nouvelles = [ligne for ligne in emises if ligne.reference not in differents]
    # Their contracts are locked in one order: another campaign may be writing in the same ledgers.
    list(_contrats_de(nouvelles))
    for ligne in nouvelles:
        _retourner(ligne, a_retourner[ligne.reference], fichier, acteur, quand)
    if nouvelles:
        consigner_ensemble(
            _contrats_de(nouvelles),
            Genre.RETOUR,
            acteur,
            date_effet=timezone.localdate(quand),
            donnees={
                li.contrat_id: {
                    "montant": li.montant,
                    "reference": li.reference,
                    "motif": a_retourner[li.reference].motif,
                }
                for li in nouvelles
            },
            quand=quand,
        )
    inscrites = {ligne.reference for ligne in nouvelles}
    ReponseBancaire.objects.bulk_create(
        [
            ReponseBancaire(
                fichier=fichier,
                ligne=lignes.get(retour.reference) if retour.reference else None,
                reference=retour.reference[:80],
                ordre=retour.ordre[:80],
                statut=retour.iso[:8],
                code=retour.code[:40],
                motif="" if retour.statut != REJETE and retour.motif == MOTIF_ABSENT else retour.motif[:300],
                montant=retour.montant,
                effet=_effet(retour, lignes, inscrites, differents),
            )
            for retour in retours
        ],
        batch_size=LOT,
    )
    tracer(acteur, "recevoir_retours", fichier, quand=quand)
    return BilanRetours(
        fichier,
        len(nouvelles),
        sum(ligne.montant for ligne in nouvelles),
        tuple(
            dict.fromkeys([*(r.reference for r in rejets if r.reference not in lignes), *_etrangers(ordres, lignes)])
        ),
        tuple(r for r in a_retourner if lignes[r] not in emises),
        tuple(n for n, ordre in ordres.items() if ordre.statut == REJETE and n in _numeros(lignes)),
        sum(retour.statut == ACCEPTE for retour in [*ordres.values(), *(r for r in retours if r.reference)]),
        sum(retour.statut == EN_ATTENTE for retour in retours),
        ecarts,
    )


def _effet(
    retour: Retour, lignes: Mapping[str, LigneVersement], inscrites: set[str], differents: set[str]
) -> EffetReponse:
    """What was done with what the bank says."""
    if retour.statut != REJETE:
        return EffetReponse.ACCEPTE if retour.statut == ACCEPTE else EffetReponse.EN_ATTENTE
    if not retour.reference:
        siennes = {ligne.reference for ligne in lignes.values() if numero_d_ordre(ligne.campagne_id) == retour.ordre}
        if not siennes:
            return EffetReponse.INCONNU
        return EffetReponse.INSCRIT if siennes & inscrites else EffetReponse.DEJA
    if retour.reference not in lignes:
        return EffetReponse.INCONNU
    if retour.reference in inscrites:
        return EffetReponse.INSCRIT
    return EffetReponse.ECART if retour.reference in differents else EffetReponse.DEJA


def _contrats_de(lignes: Iterable[LigneVersement]) -> QuerySet[Contrat]:
    """The contracts of these lines, locked in one order."""
    contrats = Contrat.objects.select_for_update(of=("self",)).filter(pk__in=[ligne.contrat_id for ligne in lignes])
    return contrats.order_by("pk")


def _lignes_du_fichier(caisse_id: int, references: list[str], ordres: Mapping[str, Retour]) -> list[LigneVersement]:
    """The transfers of the fund that a file names, one by one or by their order, locked."""
    lignes = LigneVersement.objects.select_for_update(of=("self",)).select_related("campagne")
    nommees = Q(reference__in=references) | Q(
        campagne__in=[pk for numero in ordres if (pk := _campagne_de(numero)) is not None], reference__gt=""
    )
    return list(lignes.filter(nommees, campagne__caisse_id=caisse_id).order_by("pk"))


def _numeros(lignes: Mapping[str, LigneVersement]) -> set[str]:
    return {numero_d_ordre(ligne.campagne_id) for ligne in lignes.values()}


def _etrangers(ordres: Mapping[str, Retour], lignes: Mapping[str, LigneVersement]) -> list[str]:
    """Rejected orders that are none of the fund's."""
    return [numero for numero, retour in ordres.items() if retour.statut == REJETE and numero not in _numeros(lignes)]


def _rejetes_avec_leur_ordre(
    lignes: Mapping[str, LigneVersement], ordres: Mapping[str, Retour], nommes: set[str]
) -> dict[str, str]:
    """The transfers of a rejected order that the file does not name one by one, with the number of that order."""
    numeros = {reference: numero_d_ordre(ligne.campagne_id) for reference, ligne in lignes.items()}
    return {
        reference: numero
        for reference, numero in numeros.items()
        if reference not in nommes and numero in ordres and ordres[numero].statut == REJETE
    }


def _retourner(
    ligne: LigneVersement, retour: Retour, fichier: FichierBancaire, acteur: Acteur, quand: datetime.datetime
) -> None:
    ligne.statut = StatutLigne.RETOURNEE if retour.compte_en_cause else StatutLigne.NON_EXECUTEE
    ligne.motif = (f"{retour.code} : {retour.motif}" if retour.code else retour.motif)[:300]
    ligne.save(update_fields=["statut", "motif"])
    jour = timezone.localdate(quand)
    Ecriture.objects.create(
        contrat_id=ligne.contrat_id,
        compte=Compte.AIDE,
        nature=Nature.RETOUR,
        montant=ligne.montant,
        date_effet=jour,
        date_valeur=jour,
        libelle=f"Virement {ligne.reference} rejeté ({ligne.motif})"[:300],
        cle=f"retour:{ligne.pk}",
        ligne=ligne,
        fichier=fichier,
        consigne_le=quand,
        auteur=acteur.utilisateur,
    )
