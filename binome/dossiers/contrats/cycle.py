"""The life of a contract, in one table: from where to where, who may, what is checked, what follows.

`appliquer` is the only function that changes a contract's state; pages, commands and the administration call it. It
takes the contract's lock, checks, appends the event and does what follows, all or nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from binome import francais
from binome.dossiers import garde_fous
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.etat import NOTIFIABLES, Etat, modifier
from binome.dossiers.contrats.journal import consigner, dernier_tenu, etat_de, suivi_de, verrouiller
from binome.dossiers.contrats.ouverture import figer
from binome.dossiers.contrats.poste import CENTIEMES, poste
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Adhesion, CompteBancaire, Contrat, Engagement, Evenement, Piece
from binome.dossiers.nomenclatures import (
    ENGAGEANTS,
    SIGNES,
    Dispositif,
    EtatPiece,
    Genre,
    NaturePiece,
    Role,
    Statut,
)
from binome.simulation import lire_situation

GESTION = (Role.GESTIONNAIRE, Role.RESPONSABLE)


@dataclass
class Demande:
    """A transition asked for."""

    contrat: Contrat
    etat: Etat
    acteur: Acteur
    date_effet: datetime.date
    #: The day on which it is asked.
    jour: datetime.date
    motif: str = ""
    piece: Piece | None = None
    donnees: dict[str, Any] = field(default_factory=dict)

    @property
    def par_derogation(self) -> bool:
        """The fund's head departs from the rules, and writes why."""
        return self.acteur.role == Role.RESPONSABLE and bool(self.motif.strip())


Controle = Callable[[Demande], Iterable[str]]
Suite = Callable[[Demande], None]


def _rien(demande: Demande) -> None:
    del demande


@dataclass(frozen=True)
class Transition:
    """A line of the table."""

    nom: str
    libelle: str
    de: tuple[Statut, ...]
    vers: Statut
    roles: tuple[Role, ...]
    genre: Genre
    #: Kind of the event when its day is still to come: what it does waits for that day.
    genre_a_venir: Genre | None = None
    controles: tuple[Controle, ...] = ()
    #: What is added to the event before it is written (the answer of the law, frozen).
    preparer: Callable[[Demande], None] = _rien
    suites: tuple[Suite, ...] = ()
    #: What the date of effect is called; empty when it is the day itself.
    date: str = ""
    motif_attendu: bool = False
    #: Letter to propose afterwards.
    courrier: str = ""


# -- what is checked ---------------------------------------------------------------------------------------------


def _option_choisie(demande: Demande) -> Iterator[str]:
    contrat = demande.etat.lire().contrat
    if contrat is not None and contrat.option is None:
        yield "option : attendue avant la signature"


def _eligible(demande: Demande) -> Iterator[str]:
    """The fund may sign what the rules refuse or do not settle: its head decides, and writes why."""
    verdict = demande.etat.verdict
    if verdict.get("eligible") == "oui" or demande.par_derogation or demande.etat.decision_caisse:
        return
    manquent = [c["libelle"] for c in verdict.get("conditions", []) if c["verdict"] in {"non_remplie", "indeterminee"}]
    yield (
        f"{verdict.get('phrase', 'Éligibilité inconnue')} ({', '.join(manquent)}) : "
        "le responsable de caisse peut décider, par un motif écrit"
    )


def _motif(demande: Demande) -> Iterator[str]:
    if not demande.motif.strip():
        yield "motif : attendu"


def _passee(demande: Demande) -> Iterator[str]:
    if demande.date_effet > demande.jour:
        yield f"date « {demande.date_effet} » : date passée attendue (au plus le {demande.jour})"


def _apres_la_signature(demande: Demande) -> Iterator[str]:
    signature = demande.etat.date_signature
    if demande.date_effet < signature:
        yield f"date « {demande.date_effet} » : date égale ou postérieure à la signature attendue ({signature})"


def _avant_le_terme(demande: Demande) -> Iterator[str]:
    fin = demande.contrat.date_fin
    if fin is not None and demande.date_effet > fin:
        yield f"date « {demande.date_effet} » : date du contrat attendue (au plus le {fin})"


def _apres_le_renouvele(demande: Demande) -> Iterator[str]:
    precedent = demande.contrat.precedent
    if precedent is None:
        return
    if precedent.statut not in (*ENGAGEANTS, Statut.ECHU):
        yield f"le contrat {precedent.numero} est {precedent.get_statut_display().lower()} : il ne se renouvelle pas"
    if precedent.date_fin is not None and demande.date_effet <= precedent.date_fin:
        yield (
            f"date de signature « {demande.date_effet} » : postérieure au terme du contrat renouvelé attendue "
            f"({precedent.date_fin})"
        )


def _adherents(demande: Demande) -> Iterator[str]:
    groupe = demande.etat.lire().groupe
    if groupe is None:
        return
    adhesions = list(demande.contrat.adhesions.select_related("bulletin"))
    if len(adhesions) != len(groupe.membres):
        yield (
            f"adhérents : {len(groupe.membres)} dans la situation, {len(adhesions)} dans le dossier ; "
            "un médecin de la caisse par adhérent est attendu"
        )
    sans = [str(a.medecin) for a in adhesions if a.bulletin is None or a.bulletin.etat != EtatPiece.ACCEPTEE]
    if sans:
        yield f"bulletin d'adhésion accepté attendu : {', '.join(sans)}"


def pieces_du_demarrage(contrat: Contrat) -> tuple[NaturePiece, ...]:
    """Documents without which a contract does not start."""
    if contrat.dispositif == Dispositif.INDIVIDUEL:
        return DU_DEMARRAGE
    agrement = (NaturePiece.AGREMENT,) if contrat.adhesions.filter(pamsu_docteur_junior=True, fin=None).exists() else ()
    return (*DU_DEMARRAGE, *DE_LA_SOCIETE, *agrement)


#: What every contract shows before it starts, and what a society shows besides (droit, aide collective : pièces).
DU_DEMARRAGE = (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL)
DE_LA_SOCIETE = (NaturePiece.STATUTS, NaturePiece.RNE)


def _pieces(demande: Demande) -> Iterator[str]:
    natures = pieces_du_demarrage(demande.contrat)
    acceptees = demande.contrat.pieces.filter(etat=EtatPiece.ACCEPTEE, nature__in=natures)
    presentes = set(acceptees.values_list("nature", flat=True))
    manquantes = [nature.label for nature in natures if nature not in presentes]
    if manquantes:
        yield f"pièce acceptée attendue : {', '.join(manquantes)}"


def _heures(demande: Demande) -> Iterator[str]:
    """The hours hired are those of the option; the head of the fund may start with fewer, and writes why."""
    tenu = poste(demande.contrat.embauches.all(), demande.etat, demande.jour)
    if tenu.attendues is None or not tenu.manque or demande.par_derogation:
        return
    yield (
        f"heures d'embauche : {tenu.embauchees / CENTIEMES:g} h par semaine pour {tenu.attendues / CENTIEMES:g} h "
        "attendues par l'option ; le responsable de caisse peut décider, par un motif écrit"
    )


def _compte_bancaire(demande: Demande) -> Iterator[str]:
    if compte_de(demande.contrat) is None:
        yield "compte bancaire : attendu (RIB)"


def _embauche(demande: Demande) -> Iterator[str]:
    if not demande.contrat.embauches.exists():
        yield "embauche : attendue (assistant, contrat de travail)"


def _absence_longue(demande: Demande) -> Iterator[str]:
    """The rules say from when an absence suspends; before, the head of the fund decides, and writes why.

    They are asked on the day of the act: a long absence suspends from its first day, or from the day it was told.
    """
    suite = suivi_de(demande.etat, demande.jour).suite_absence
    debut = demande.etat.lire().assistant.date_debut_absence
    if suite == "suspension" and debut is not None and demande.date_effet < debut:
        yield f"date « {demande.date_effet} » : au plus tôt le premier jour d'absence ({debut})"
    parti = not demande.contrat.embauches.filter(date_fin=None).exists()
    if suite != "suspension" and not parti and not demande.par_derogation:
        yield (
            "suspension : les règles l'ouvrent après une longue absence non remplacée ou un départ ; "
            "le responsable de caisse peut décider, par un motif écrit"
        )


def _reprise_apres_suspension(demande: Demande) -> Iterator[str]:
    debut = demande.etat.suspensions[-1].debut
    if demande.date_effet < debut:
        yield f"date « {demande.date_effet} » : date égale ou postérieure à la suspension attendue ({debut})"


def _poste_pourvu(demande: Demande) -> Iterator[str]:
    if not demande.contrat.embauches.filter(date_fin=None).exists():
        yield "reprise : l'assistant est parti, une nouvelle embauche est attendue"


def _preavis(demande: Demande) -> Iterator[str]:
    """The notice is the law's, counted from the reception of the letter; the fund may accept a shorter one."""
    if demande.donnees.get("par") != "medecin":
        return
    ecrite = demande.donnees.get("recue_le")
    recue = demande.jour if ecrite is None else datetime.date.fromisoformat(ecrite)
    if recue > demande.jour:
        yield f"lettre reçue le « {recue} » : date passée attendue"
    effet = suivi_de(demande.etat, recue).date_effet_resiliation
    if effet is not None and demande.date_effet < effet and not demande.par_derogation:
        yield (
            f"date « {demande.date_effet} » : avec le préavis, {effet} au plus tôt ; "
            "le responsable de caisse peut accepter une date plus proche, par un motif écrit"
        )


def _pas_deja_annoncee(demande: Demande) -> Iterator[str]:
    if demande.etat.fin_annoncee is not None:
        yield f"résiliation : déjà annoncée au {francais.date_courte(demande.etat.fin_annoncee)} ; retirez-la d'abord"


def _annonce_passee(demande: Demande) -> Iterator[str]:
    fin = demande.etat.fin_annoncee
    if fin is None or fin >= demande.jour:
        yield (
            f"résiliation : le contrat vit jusqu'au {francais.date_courte(fin)}"
            if fin
            else "résiliation : non annoncée"
        )


def _sans_annonce(demande: Demande) -> Iterator[str]:
    if demande.etat.fin_annoncee is not None:
        yield "terme : une résiliation a été annoncée ; constatez-la, ou retirez-la"


def _commence(demande: Demande) -> Iterator[str]:
    debut = demande.etat.date_signature
    if debut > demande.jour:
        yield f"mise en cours : le contrat renouvelé s'ouvre le {francais.date_courte(debut)}"


def _signature_passee(demande: Demande) -> Iterator[str]:
    """A renewal may be signed before it begins: only its first day is to come."""
    ecrite = demande.donnees.get("signe_le")
    signe = demande.jour if ecrite is None else datetime.date.fromisoformat(ecrite)
    if signe > demande.jour:
        yield f"signé le « {signe} » : date passée attendue (au plus le {demande.jour})"
    if demande.contrat.precedent is None:
        yield from _passee(demande)


def _terme_passe(demande: Demande) -> Iterator[str]:
    fin = demande.contrat.date_fin
    if fin is None or fin >= demande.jour:
        yield f"terme : le contrat court jusqu'au {fin}"


# -- what is prepared and what follows ---------------------------------------------------------------------------


def _figer_a_la_signature(demande: Demande) -> None:
    """The situation takes the date really signed and what the fund notified; the law answers again."""
    partie = "groupe" if demande.etat.collectif else "contrat"
    donnees = {**demande.etat.situation, partie: {**demande.etat.situation[partie]}}
    donnees[partie]["date_signature"] = demande.date_effet.isoformat()
    if demande.etat.collectif:
        # All those who sign join that day, whatever was planned: it is the date that the file keeps (`_engager`).
        donnees[partie]["membres"] = [
            {nom: dite for nom, dite in membre.items() if nom != "date_adhesion"}
            for membre in donnees[partie]["membres"]
        ]
    notifies: dict[str, Any] = demande.donnees.get("notifies", {})
    inconnus = [chemin for chemin in notifies if chemin not in NOTIFIABLES]
    if inconnus:
        raise Refus(f"signature : {', '.join(inconnus)} ne se notifie pas")
    for chemin, valeur in notifies.items():
        donnees = modifier(donnees, chemin, valeur)
    fige = figer(lire_situation(donnees), max(demande.jour, demande.date_effet))
    demande.etat = demande.etat.model_copy(update={"situation": fige["situation"], "verdict": fige["verdict"]})
    demande.donnees |= fige
    if demande.par_derogation:
        demande.donnees["decision_caisse"] = demande.motif


def _engager(demande: Demande) -> None:
    """The doctors are bound, from the signature to the term: the database refuses two contracts at once."""
    contrat = demande.contrat
    assert contrat.date_signature is not None  # noqa: S101 - the contract has just been signed
    assert contrat.date_fin is not None  # noqa: S101
    if contrat.dispositif == Dispositif.INDIVIDUEL:
        medecins = [contrat.medecin]
    else:
        adhesions = list(contrat.adhesions.select_related("medecin"))
        Adhesion.objects.filter(contrat=contrat).update(debut=contrat.date_signature)
        medecins = [adhesion.medecin for adhesion in adhesions]
    for medecin in medecins:
        assert medecin is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
        Engagement.objects.create(
            contrat=contrat, medecin=medecin, rpps=medecin.rpps, debut=contrat.date_signature, fin=contrat.date_fin
        )


def _clore_le_precedent(demande: Demande) -> None:
    """A renewal that is signed makes the former contract a renewed one, once its term has passed."""
    precedent = demande.contrat.precedent
    if precedent is None or precedent.statut == Statut.RENOUVELE:
        return
    if precedent.date_fin is not None and precedent.date_fin >= demande.jour:
        # Signed ahead: it runs until its term.
        return
    if precedent.statut == Statut.ECHU:
        appliquer(precedent.pk, "renouveler", demande.acteur, jour=demande.jour)
    else:
        appliquer(precedent.pk, "constater_terme", demande.acteur, jour=demande.jour)
        precedent.refresh_from_db()
        if precedent.statut == Statut.ECHU:
            appliquer(precedent.pk, "renouveler", demande.acteur, jour=demande.jour)


def _renouvele_s_il_est_suivi(demande: Demande) -> None:
    """At its term, a contract whose renewal is signed is a renewed one."""
    if Contrat.objects.filter(precedent=demande.contrat, statut__in=SIGNES).exists():
        appliquer(demande.contrat.pk, "renouveler", demande.acteur, jour=demande.jour)


def _reprendre_l_annonce(demande: Demande) -> None:
    """A termination that takes effect says what was announced: its last day, and who asked for it."""
    annonce = dernier_tenu(demande.contrat, Genre.RESILIATION_ANNONCEE)
    if annonce is not None:
        demande.date_effet = annonce.date_effet
        demande.donnees |= annonce.donnees
        demande.motif = demande.motif or annonce.motif


def _liberer(demande: Demande) -> None:
    """The doctors are free from the day after the last one."""
    fin = demande.contrat.date_fin
    assert fin is not None  # noqa: S101 - a terminated contract has a last day
    demande.contrat.engagements.filter(debut__gt=fin).delete()
    demande.contrat.engagements.filter(fin__gt=fin).update(fin=fin)
    demande.contrat.adhesions.filter(fin=None, debut__lte=fin).update(fin=fin)


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        nom="preparer",
        libelle="Envoyer à la signature",
        de=(Statut.BROUILLON,),
        vers=Statut.A_SIGNER,
        roles=GESTION,
        genre=Genre.PREPARATION,
        controles=(_option_choisie, _eligible),
        courrier="contrat-a-signer",
    ),
    Transition(
        nom="reprendre_brouillon",
        libelle="Revenir au brouillon",
        de=(Statut.A_SIGNER,),
        vers=Statut.BROUILLON,
        roles=GESTION,
        genre=Genre.REPRISE_BROUILLON,
    ),
    Transition(
        nom="signer",
        libelle="Enregistrer la signature",
        de=(Statut.A_SIGNER,),
        vers=Statut.SIGNE,
        roles=GESTION,
        genre=Genre.SIGNATURE,
        controles=(_signature_passee, _eligible, _apres_le_renouvele, _adherents),
        preparer=_figer_a_la_signature,
        suites=(_clore_le_precedent, _engager),
        date="Date de signature",
        courrier="contrat-signe",
    ),
    Transition(
        nom="demarrer",
        libelle="Mettre en cours",
        de=(Statut.SIGNE,),
        vers=Statut.EN_COURS,
        roles=GESTION,
        genre=Genre.DEMARRAGE,
        controles=(_commence, _embauche, _heures, _pieces, _compte_bancaire),
        # Before it runs: one contract of a doctor runs at a time.
        preparer=_clore_le_precedent,
    ),
    Transition(
        nom="suspendre",
        libelle="Suspendre",
        de=(Statut.EN_COURS,),
        vers=Statut.SUSPENDU,
        roles=GESTION,
        genre=Genre.SUSPENSION,
        controles=(_motif, _passee, _apres_la_signature, _avant_le_terme, _absence_longue),
        date="Premier jour de suspension",
        motif_attendu=True,
        courrier="suspension",
    ),
    Transition(
        nom="reprendre",
        libelle="Reprendre",
        de=(Statut.SUSPENDU,),
        vers=Statut.EN_COURS,
        roles=GESTION,
        genre=Genre.REPRISE,
        controles=(_passee, _avant_le_terme, _reprise_apres_suspension, _poste_pourvu),
        date="Jour de la reprise",
        courrier="reprise",
    ),
    Transition(
        nom="constater_terme",
        libelle="Constater le terme",
        de=ENGAGEANTS,
        vers=Statut.ECHU,
        roles=GESTION,
        genre=Genre.TERME,
        controles=(_sans_annonce, _terme_passe),
        suites=(_renouvele_s_il_est_suivi,),
        courrier="fin-contrat",
    ),
    Transition(
        nom="renouveler",
        libelle="Constater le renouvellement",
        de=(Statut.ECHU,),
        vers=Statut.RENOUVELE,
        roles=GESTION,
        genre=Genre.RENOUVELLEMENT,
    ),
    Transition(
        nom="resilier",
        libelle="Résilier",
        de=ENGAGEANTS,
        vers=Statut.RESILIE,
        roles=GESTION,
        genre=Genre.RESILIATION,
        genre_a_venir=Genre.RESILIATION_ANNONCEE,
        controles=(_motif, _pas_deja_annoncee, _apres_la_signature, _avant_le_terme, _preavis),
        suites=(_liberer,),
        date="Dernier jour du contrat",
        motif_attendu=True,
        courrier="resiliation-caisse",
    ),
    Transition(
        nom="constater_resiliation",
        libelle="Constater la résiliation",
        de=ENGAGEANTS,
        vers=Statut.RESILIE,
        roles=GESTION,
        genre=Genre.RESILIATION,
        controles=(_annonce_passee,),
        preparer=_reprendre_l_annonce,
        suites=(_liberer,),
    ),
    Transition(
        nom="classer",
        libelle="Classer sans suite",
        de=(Statut.BROUILLON, Statut.A_SIGNER),
        vers=Statut.SANS_SUITE,
        roles=GESTION,
        genre=Genre.CLASSEMENT,
        controles=(_motif,),
        motif_attendu=True,
    ),
)
PAR_NOM = {transition.nom: transition for transition in TRANSITIONS}
#: What is only done by another transition.
INTERNES = {"renouveler"}


def possibles(contrat: Contrat, acteur: Acteur) -> list[Transition]:
    """The transitions that this actor may ask for from the contract's state."""
    court = contrat.date_fin is None or contrat.date_fin >= timezone.localdate()
    annoncee = contrat.etat.get("fin_annoncee") is not None
    return [
        transition
        for transition in TRANSITIONS
        if contrat.statut in transition.de
        and acteur.role in transition.roles
        and transition.nom not in INTERNES
        and not (transition.nom == "constater_terme" and (court or annoncee))
        and not (transition.nom == "constater_resiliation" and (court or not annoncee))
        and not (transition.nom == "resilier" and annoncee)
    ]


def appliquer(
    contrat_id: int,
    nom: str,
    acteur: Acteur,
    *,
    date_effet: datetime.date | None = None,
    motif: str = "",
    donnees: dict[str, Any] | None = None,
    piece: Piece | None = None,
    jour: datetime.date | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Apply a transition to a contract. Raises Refus with every reason; nothing is changed then.

    `jour` is the day on which it is asked (default: today, or that of `quand`).
    """
    transition = PAR_NOM[nom]
    jour = jour or timezone.localdate(quand)
    try:
        with transaction.atomic():
            contrat = verrouiller(contrat_id)
            demande = Demande(
                contrat=contrat,
                etat=etat_de(contrat),
                acteur=acteur,
                date_effet=date_effet or jour,
                jour=jour,
                motif=motif,
                piece=piece,
                donnees=dict(donnees or {}),
            )
            _controler(transition, demande)
            a_venir = transition.genre_a_venir is not None and demande.date_effet > jour
            evenement = consigner(
                contrat,
                transition.genre_a_venir if a_venir and transition.genre_a_venir else transition.genre,
                acteur,
                date_effet=demande.date_effet,
                donnees=demande.donnees,
                motif=demande.motif,
                piece=piece,
                quand=quand,
            )
            for suite in transition.suites:
                suite(demande)
            return evenement
    except (IntegrityError, DatabaseError) as erreur:
        raise _en_refus(erreur) from erreur


def _controler(transition: Transition, demande: Demande) -> None:
    contrat, acteur = demande.contrat, demande.acteur
    if contrat.statut not in transition.de:
        depuis = francais.enumeration([f"« {Statut(s).label} »" for s in transition.de], mot="ou")
        raise Refus(
            f"{transition.libelle} : dossier {contrat.numero} « {contrat.get_statut_display()} » ; {depuis} attendu"
        )
    if acteur.role not in transition.roles or acteur.caisse_id != contrat.caisse_id:
        roles = francais.enumeration([role.label.lower() for role in transition.roles], mot="ou")
        raise Refus(f"{transition.libelle} : réservé à {roles} de la caisse")
    if demande.date_effet > demande.jour and not transition.date:
        raise Refus(f"date « {demande.date_effet} » : date du jour attendue")
    transition.preparer(demande)
    raisons = [raison for controle in transition.controles for raison in controle(demande)]
    if raisons:
        raise Refus(*raisons)


def _en_refus(erreur: DatabaseError) -> Exception:
    """What the database refused, in French; any other failure stays what it is."""
    texte = str(erreur)
    deja = (garde_fous.CHEVAUCHEMENT, "contrat_en_cours_unique", "dossiers_contrat.medecin_id")
    if any(marque in texte for marque in deja):
        return Refus("ce médecin est déjà engagé par un autre contrat à ces dates")
    return erreur


def comptes_de(contrat: Contrat) -> QuerySet[CompteBancaire]:
    """The accounts, past and present, of whoever is paid for a contract: the doctor, or the society."""
    proprietaire = contrat.structure if contrat.dispositif == Dispositif.COLLECTIF else contrat.medecin
    assert proprietaire is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
    return proprietaire.comptes_bancaires.all()


def compte_de(contrat: Contrat) -> CompteBancaire | None:
    """Where the aid of a contract is paid: the doctor's account, or the society's."""
    return comptes_de(contrat).filter(actif=True).first()
