"""Payment campaigns: what is due at a date and not yet recorded, proposed by one agent, validated by another.

The campaign compares what the law says is due with what the ledger holds, contract by contract: late years,
corrected evaluations, terminations and suspensions all come out as differences, positive or negative. Nothing is
written in the ledger before validation; a preparation that is killed goes on where it stopped.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.contrats.journal import LOT, SANS_EFFET_SUR_LA_LOI, etat_de, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import (
    CalculConserve,
    Campagne,
    CompteBancaire,
    Contrat,
    Ecriture,
    Evenement,
    LigneVersement,
)
from binome.dossiers.nomenclatures import (
    DU_RECOUVREMENT,
    ENGAGEANTS,
    SIGNES,
    Compte,
    Nature,
    Role,
    Statut,
    StatutCampagne,
    StatutLigne,
)
from binome.dossiers.paiements.dus import Droits, droits
from binome.dossiers.paiements.grand_livre import (
    Solde,
    conserver,
    derniers_jours,
    droits_inscrits,
    soldes,
)
from binome.dossiers.paiements.recouvrement import Recouvrement, recouvrements
from binome.dossiers.paiements.rejeux import garder_les_lois

PROPOSENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
VALIDENT = (Role.VALIDEUR, Role.RESPONSABLE)
#: Contracts prepared in one transaction.
PAQUET = 500


def ouvrir(caisse_id: int, date: datetime.date, acteur: Acteur, *, quand: datetime.datetime | None = None) -> Campagne:
    """A new campaign, to be prepared. Raises Refus when one is already open."""
    reserver(acteur, caisse_id, PROPOSENT, "proposer une campagne")
    quand = quand or timezone.now()
    if date > timezone.localdate(quand) + datetime.timedelta(days=DELAI_MAXIMAL):
        raise Refus(f"date « {date} » : au plus {DELAI_MAXIMAL} jours à l'avance")
    try:
        with transaction.atomic():
            campagne = Campagne.objects.create(
                caisse_id=caisse_id, date=date, proposee_par=acteur.utilisateur, cree_le=quand
            )
            tracer(acteur, "ouvrir_campagne", campagne, quand=quand)
            return campagne
    except IntegrityError as erreur:
        raise Refus("une campagne est déjà ouverte : terminez-la ou annulez-la d'abord") from erreur


#: How far ahead payments may be prepared, in days: they are paid on the date, the transfer is dated then.
DELAI_MAXIMAL = 31


def preparer(campagne_id: int, *, quand: datetime.datetime | None = None) -> Campagne:
    """Compute the lines, some hundred contracts to a transaction. Killed, it goes on from there."""
    while True:
        with transaction.atomic():
            campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne_id)
            if campagne.statut != StatutCampagne.PREPARATION:
                return campagne
            contrats = list(
                Contrat.objects.filter(caisse_id=campagne.caisse_id, statut__in=SIGNES, pk__gt=campagne.curseur)
                .select_related("medecin", "structure")
                .order_by("pk")[:PAQUET]
            )
            if not contrats:
                campagne.statut, campagne.proposee_le = StatutCampagne.PROPOSEE, quand or timezone.now()
                campagne.save(update_fields=["statut", "proposee_le"])
                return campagne
            _proposer(campagne, contrats, jour_du_virement(campagne, quand))
            campagne.curseur = contrats[-1].pk
            campagne.save(update_fields=["curseur"])


def jour_du_virement(campagne: Campagne, quand: datetime.datetime | None) -> datetime.date:
    """The day on which a campaign's transfers are executed: never before they are issued."""
    return max(campagne.date, timezone.localdate(quand))


@dataclass
class _Proposition:
    """What a campaign would do for one contract, before it is written."""

    ligne: LigneVersement
    calculs: dict[tuple[int, int], CalculConserve]


def _proposer(campagne: Campagne, contrats: Sequence[Contrat], jour: datetime.date) -> None:
    cles = [contrat.pk for contrat in contrats]
    inscrits, etats = droits_inscrits(cles), [etat_de(contrat) for contrat in contrats]
    positions, creances = soldes(cles), recouvrements(cles)
    comptes = _comptes(contrats)
    rejetes = _comptes_rejetes(cles)
    derniers = _derniers_evenements(cles)
    propositions = []
    for contrat, etat, lu in zip(contrats, etats, droits_lus(contrats, etats, campagne.date), strict=True):
        inscrit, position = inscrits.get(contrat.pk, {}), positions.get(contrat.pk, Solde())
        retenable = creances.get(contrat.pk, Recouvrement()).retenable
        proposition = _ligne(campagne, contrat, etat, lu, inscrit, position, retenable)
        if proposition is None:
            continue
        ligne = proposition.ligne
        ligne.dernier_evenement = derniers[contrat.pk]
        if ligne.statut == StatutLigne.PROPOSEE and ligne.montant > 0:
            _choisir_le_compte(ligne, comptes.get(contrat.pk), rejetes.get(contrat.pk), jour)
        propositions.append(proposition)
    calculs = _conserver(c for p in propositions for c in p.calculs.values())
    for proposition in propositions:
        for detail in proposition.ligne.details:
            cle = (detail["annee"], detail["echeance"])
            detail["calcul"] = calculs[proposition.calculs[cle].empreinte]
    LigneVersement.objects.bulk_create([p.ligne for p in propositions], batch_size=LOT)


@dataclass(frozen=True)
class DroitsLus:
    """What is due on a contract, read on a day: never before the one on which the ledger was last fed."""

    jour: datetime.date
    droits: Droits


def droits_lus(contrats: Sequence[Contrat], etats: Sequence[Etat], date: datetime.date) -> Iterator[DroitsLus]:
    """What is due on each contract at a date, in order. What a later campaign recorded was due on its day and still is,
    whatever the order of the dates: it is compared with what is due on that day."""
    derniers = derniers_jours([contrat.pk for contrat in contrats])
    jours = [max(date, derniers.get(contrat.pk, date)) for contrat in contrats]
    lues: dict[int, DroitsLus] = {}
    for jour in dict.fromkeys(jours):
        rangs = [rang for rang, sien in enumerate(jours) if sien == jour]
        for rang, du in zip(rangs, droits([etats[rang] for rang in rangs], jour), strict=True):
            lues[rang] = DroitsLus(jour, du)
    yield from (lues[rang] for rang in range(len(jours)))


def _ligne(
    campagne: Campagne,
    contrat: Contrat,
    etat: Etat,
    lu: DroitsLus,
    inscrit: dict[tuple[int, int], int],
    position: Solde,
    retenable: int,
) -> _Proposition | None:
    """The line of one contract; None when there is nothing to do nor to say. `retenable`: what the fund chose to keep
    back at most of what it is owed, in cents."""
    if sans_rien_de_du(contrat, etat, campagne.date):
        return None
    details: list[dict[str, Any]] = []
    calculs: dict[tuple[int, int], CalculConserve] = {}
    retenue, du = _retenue(contrat, etat), lu.droits
    dus = {
        cle: droit
        for droit in du.dus
        if (cle := (droit.annee.rang, droit.echeance)) in inscrit or droit.date <= campagne.date
    }
    connues = {annee.rang for annee in du.annees if annee.montant_du is not None} - du.en_suspens
    for cle in sorted({*dus, *(c for c in inscrit if c[0] in connues)}):
        droit, deja = dus.get(cle), inscrit.get(cle, 0)
        montant = 0 if droit is None else droit.centimes
        if montant == deja:
            continue
        # An instalment that is no longer due at all is explained by its year.
        source = droit or next((d for d in du.dus if d.annee.rang == cle[0]), None)
        if source is None:
            # Nothing of the year is due yet: what was paid stands until it is.
            continue
        calculs[cle] = conserver(source.suivi, source.annee, lu.jour, source.empreinte_loi)
        details.append(
            {
                "annee": cle[0],
                "echeance": cle[1],
                "date": source.date.isoformat(),
                "libelle": source.libelle if droit is not None else "régularisation",
                "du": montant,
                "deja": deja,
                "ecart": montant - deja,
                "explication": source.annee.explication,
            }
        )
    commencees = {annee.rang for annee in du.annees if annee.debut <= campagne.date}
    attente = "; ".join(pourquoi for rang, pourquoi in du.en_attente.items() if rang in commencees)
    ligne = LigneVersement(
        campagne=campagne, contrat=contrat, derniere_ecriture=position.derniere, details=details, motif=attente
    )
    if retenue and (details or position.aide or attente):
        ligne.statut, ligne.motif = StatutLigne.BLOQUEE, retenue
        return _Proposition(ligne, calculs)
    ligne.ecart = sum(detail["ecart"] for detail in details)
    ligne.reste_anterieur = position.aide
    brut = ligne.ecart + ligne.reste_anterieur
    if details or brut:
        ligne.compensation = min(max(brut, 0), retenable)
        ligne.indu = max(-brut, 0)
        ligne.montant = max(brut, 0) - ligne.compensation
        return _Proposition(ligne, calculs)
    if attente:
        ligne.statut = StatutLigne.BLOQUEE
        return _Proposition(ligne, calculs)
    return None


def _retenue(contrat: Contrat, etat: Etat) -> str:
    """Why nothing is paid nor taken back for now; empty when nothing prevents it."""
    if contrat.statut == Statut.SUSPENDU:
        return "contrat suspendu : rien n'est versé ni repris jusqu'à la reprise"
    if not etat.demarre:
        return "contrat signé mais pas mis en cours : embauche ou pièces attendues"
    return ""


def _choisir_le_compte(
    ligne: LigneVersement, compte: CompteBancaire | None, rejete: int | None, jour: datetime.date
) -> None:
    if motif := _sans_compte(compte, rejete, jour):
        _bloquer(ligne, motif)
    else:
        ligne.compte_bancaire = compte


def _sans_compte(compte: CompteBancaire | None, rejete: int | None, jour: datetime.date) -> str:
    """Why no account can be paid on a day; empty when one can."""
    if compte is None:
        return "compte bancaire validé attendu (RIB)"
    if compte.pk == rejete:
        return "virement rejeté par la banque : un nouveau RIB est attendu"
    return attente_du_compte(compte, jour)


def obstacles(contrats: Sequence[Contrat], etats: Sequence[Etat], jour: datetime.date) -> dict[int, str]:
    """Why a campaign of that day would pay nothing of what is due on these contracts; those that it would pay are
    absent."""
    comptes, rejetes = _comptes(contrats), _comptes_rejetes([contrat.pk for contrat in contrats])
    dits = {
        contrat.pk: _retenue(contrat, etat) or _sans_compte(comptes.get(contrat.pk), rejetes.get(contrat.pk), jour)
        for contrat, etat in zip(contrats, etats, strict=True)
    }
    return {cle: motif for cle, motif in dits.items() if motif}


def sans_rien_de_du(contrat: Contrat, etat: Etat, jour: datetime.date) -> bool:
    """True of a contract that ended before it started: nobody was hired, nothing is due."""
    finie = etat.fin_annoncee is not None and etat.fin_annoncee < jour
    return not etat.demarre and (finie or contrat.statut not in ENGAGEANTS)


def attente_du_compte(compte: CompteBancaire, jour: datetime.date) -> str:
    """Why an account may not be paid yet on a day; empty when it may."""
    if compte.utilisable_le is None:
        return "compte nouveau : son titulaire doit d'abord en être averti"
    if compte.utilisable_le > jour:
        return f"compte nouveau : utilisable à partir du {francais.date_courte(compte.utilisable_le)}"
    return ""


def _bloquer(ligne: LigneVersement, motif: str) -> None:
    ligne.statut, ligne.motif = StatutLigne.BLOQUEE, motif


def _comptes(contrats: Sequence[Contrat]) -> dict[int, CompteBancaire]:
    """Active bank account of each contract: the doctor's, or the society's."""
    actifs = CompteBancaire.objects.filter(actif=True)
    medecins = {c.medecin_id: c for c in actifs.filter(medecin__in=[c.medecin_id for c in contrats if c.medecin_id])}
    societes = {
        c.structure_id: c for c in actifs.filter(structure__in=[c.structure_id for c in contrats if c.structure_id])
    }
    comptes = {}
    for contrat in contrats:
        compte = medecins.get(contrat.medecin_id) if contrat.medecin_id else societes.get(contrat.structure_id)
        if compte is not None:
            comptes[contrat.pk] = compte
    return comptes


def _comptes_rejetes(cles: Sequence[int]) -> dict[int, int]:
    """Account of the last rejected transfer of each contract."""
    lignes = LigneVersement.objects.filter(contrat__in=cles, statut=StatutLigne.RETOURNEE).order_by("pk")
    return {contrat: compte for contrat, compte in lignes.values_list("contrat", "compte_bancaire") if compte}


#: What changes nothing of what is due; nor of what is kept back of it.
_SANS_EFFET_SUR_LE_DU = [genre.value for genre in SANS_EFFET_SUR_LA_LOI]
_SANS_EFFET_SUR_LE_PAYE = [genre.value for genre in SANS_EFFET_SUR_LA_LOI if genre not in DU_RECOUVREMENT]


def _derniers_evenements(cles: Sequence[int], sans_effet: Sequence[str] = _SANS_EFFET_SUR_LE_PAYE) -> dict[int, int]:
    """Number of the last event that may change what is paid."""
    utiles = Evenement.objects.filter(contrat__in=cles).exclude(genre__in=sans_effet)
    return dict(utiles.values_list("contrat").annotate(dernier=Max("numero")).values_list("contrat", "dernier"))


def _conserver(calculs: Iterable[CalculConserve]) -> dict[str, int]:
    """Write the computations not kept yet; their keys by fingerprint."""
    par_empreinte = {calcul.empreinte: calcul for calcul in calculs}
    deja = _conserves(par_empreinte)
    nouveaux = [calcul for empreinte, calcul in par_empreinte.items() if empreinte not in deja]
    garder_les_lois({calcul.empreinte_loi for calcul in nouveaux})
    # Two campaigns at once may keep the same one (PostgreSQL): the first does.
    CalculConserve.objects.bulk_create(nouveaux, ignore_conflicts=True, batch_size=LOT)
    return _conserves(par_empreinte)


def _conserves(empreintes: Iterable[str]) -> dict[str, int]:
    cles: dict[str, int] = {}
    toutes = list(empreintes)
    for debut in range(0, len(toutes), LOT):
        lot = CalculConserve.objects.filter(empreinte__in=toutes[debut : debut + LOT])
        cles |= dict(lot.values_list("empreinte", "pk"))
    return cles


@transaction.atomic
def valider(
    campagne_id: int, acteur: Acteur, *, total: int | None = None, quand: datetime.datetime | None = None
) -> Campagne:
    """Record in the ledger what a campaign proposes. Raises Refus.

    Another agent than the one who proposed; a line whose contract changed since is set aside for the next campaign.
    `total` (cents) is what the agent was shown and confirmed.
    """
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne_id)
    reserver(acteur, campagne.caisse_id, VALIDENT, "valider une campagne")
    if campagne.statut != StatutCampagne.PROPOSEE:
        raise Refus(f"campagne « {campagne.get_statut_display().lower()} » : « proposée » attendue")
    if acteur.utilisateur is None or acteur.utilisateur.pk == campagne.proposee_par_id:
        raise Refus("une campagne est validée par un autre agent que celui qui l'a proposée")
    quand = quand or timezone.now()
    lignes = list(campagne.lignes.filter(statut=StatutLigne.PROPOSEE).order_by("pk"))
    confirmer(lignes, total)
    lignes = ecarter_les_perimees(lignes)
    ecritures = [ecriture for ligne in lignes for ecriture in _ecritures(campagne, ligne, acteur, quand)]
    Ecriture.objects.bulk_create(ecritures, batch_size=LOT)
    for ligne in lignes:
        ligne.statut = StatutLigne.VALIDEE if ligne.montant > 0 else StatutLigne.SANS_VIREMENT
    LigneVersement.objects.bulk_update(lignes, ["statut"], batch_size=LOT)
    campagne.statut, campagne.validee_par, campagne.validee_le = StatutCampagne.VALIDEE, acteur.utilisateur, quand
    campagne.save(update_fields=["statut", "validee_par", "validee_le"])
    tracer(acteur, "valider_campagne", campagne, quand=quand)
    return campagne


def confirmer(lignes: Sequence[LigneVersement], total: int | None) -> None:
    """What was confirmed is what is there. Raises Refus."""
    reel = sum(ligne.montant for ligne in lignes)
    if total is not None and total != reel:
        raise Refus(
            f"total confirmé « {francais.euros(total)} » : la campagne en compte maintenant {francais.euros(reel)} ; "
            "relisez-la"
        )


def ecarter_les_perimees(lignes: list[LigneVersement]) -> list[LigneVersement]:
    """The lines whose contract is as it was when they were computed, locked; the others are set aside."""
    cles = [ligne.contrat_id for ligne in lignes]
    # Whoever else changes one of these contracts waits, or has already changed it.
    list(Contrat.objects.select_for_update(of=("self",)).filter(pk__in=cles).order_by("pk").values_list("pk"))
    positions, derniers = soldes(cles), _derniers_evenements(cles)
    derniers_du_du = _derniers_evenements(cles, _SANS_EFFET_SUR_LE_DU)
    bonnes: list[LigneVersement] = []
    perimees: list[LigneVersement] = []
    for ligne in lignes:
        # Once validated, a line has itself written in the ledger, and what is kept back is.
        if ligne.statut == StatutLigne.VALIDEE:
            a_jour = derniers_du_du[ligne.contrat_id] <= ligne.dernier_evenement
        else:
            derniere = positions.get(ligne.contrat_id, Solde()).derniere
            a_jour = (derniers[ligne.contrat_id], derniere) == (ligne.dernier_evenement, ligne.derniere_ecriture)
        (bonnes if a_jour else perimees).append(ligne)
    for ligne in perimees:
        ligne.statut = StatutLigne.ECARTEE
        ligne.motif = "le dossier a changé depuis la proposition : à reprendre dans la campagne suivante"
    LigneVersement.objects.bulk_update(perimees, ["statut", "motif"], batch_size=LOT)
    return bonnes


def _ecritures(
    campagne: Campagne, ligne: LigneVersement, acteur: Acteur, quand: datetime.datetime
) -> Iterable[Ecriture]:
    commun = {
        "contrat_id": ligne.contrat_id,
        "date_valeur": campagne.date,
        "ligne": ligne,
        "consigne_le": quand,
        "auteur": acteur.utilisateur,
    }
    for detail in ligne.details:
        annee, echeance = detail["annee"], detail["echeance"]
        yield Ecriture(
            **commun,
            compte=Compte.AIDE,
            nature=Nature.DROIT,
            annee=annee,
            echeance=echeance,
            montant=detail["ecart"],
            date_effet=datetime.date.fromisoformat(detail["date"]),
            libelle=f"Année {annee}, {detail['libelle']} : {detail['explication']}"[:300],
            calcul_id=detail["calcul"],
            cle=f"droit:{ligne.pk}:{annee}:{echeance}",
        )
    for nature, montant, libelle in (
        (Nature.COMPENSATION, -ligne.compensation, "Retenue d'un trop-perçu"),
        (Nature.INDU, ligne.indu, "Trop-perçu constaté"),
    ):
        for compte, signe in ((Compte.AIDE, 1), (Compte.CREANCE, -1)) if montant else ():
            yield Ecriture(
                **commun,
                compte=compte,
                nature=nature,
                montant=signe * montant,
                date_effet=campagne.date,
                libelle=libelle,
                cle=f"{nature.value}:{ligne.pk}:{compte.value}",
            )


@transaction.atomic
def annuler(campagne_id: int, acteur: Acteur, *, motif: str) -> Campagne:
    """Drop a campaign that was not validated; its lines stay, set aside. Raises Refus."""
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=campagne_id)
    reserver(acteur, campagne.caisse_id, (*PROPOSENT, *VALIDENT), "annuler une campagne")
    if campagne.statut not in (StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE):
        raise Refus(f"campagne « {campagne.get_statut_display().lower()} » : elle ne s'annule plus")
    if not motif.strip():
        raise Refus("motif : attendu")
    campagne.lignes.filter(statut__in=(StatutLigne.PROPOSEE, StatutLigne.BLOQUEE)).update(
        statut=StatutLigne.ECARTEE, motif=f"campagne annulée : {motif}"[:300]
    )
    campagne.statut = StatutCampagne.ANNULEE
    campagne.save(update_fields=["statut"])
    tracer(acteur, "annuler_campagne", campagne)
    return campagne


@transaction.atomic
def ecarter(ligne_id: int, acteur: Acteur, *, motif: str) -> LigneVersement:
    """Set a proposed line aside, with a written reason; the next campaign proposes it again. Raises Refus."""
    ligne = LigneVersement.objects.select_related("campagne").get(pk=ligne_id)
    campagne = Campagne.objects.select_for_update(of=("self",)).get(pk=ligne.campagne_id)
    ligne.refresh_from_db()
    reserver(acteur, campagne.caisse_id, (*PROPOSENT, *VALIDENT), "écarter une ligne")
    if campagne.statut != StatutCampagne.PROPOSEE or ligne.statut != StatutLigne.PROPOSEE:
        raise Refus(f"ligne « {ligne.get_statut_display().lower()} » : « proposée » attendue")
    if not motif.strip():
        raise Refus("motif : attendu")
    ligne.statut, ligne.motif = StatutLigne.ECARTEE, motif[:300]
    ligne.save(update_fields=["statut", "motif"])
    tracer(acteur, "ecarter_ligne", ligne)
    return ligne
