"""What there is to do in a fund: one list by kind of thing, each line leading to the act that settles it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from binome.dossiers.acteur import Acteur
from binome.dossiers.echanges import comptes, impression
from binome.dossiers.echanges.courriels_en_echec import en_echec
from binome.dossiers.models import Campagne, Contrat, Echeance, Evaluation, LigneVersement, Piece
from binome.dossiers.nomenclatures import (
    ENGAGEANTS,
    Compte,
    EtatPiece,
    NaturePiece,
    Statut,
    StatutCampagne,
    StatutLigne,
)
from binome.dossiers.paiements.recouvrement import Recouvrement, recouvrements

#: How far ahead deadlines are shown, and contracts that end.
HORIZON, PREPARATION_DU_TERME = datetime.timedelta(days=30), datetime.timedelta(days=183)
#: Deadlines that nobody has to do anything about.
INFORMATIVES = ("releve_reference", "date_rne_la_plus_ancienne", "date_fin_carence")
OUVERTES = (StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE, StatutCampagne.VALIDEE)
TITULAIRES = ("contrat__medecin", "contrat__structure")


#: The rows of a list that an agent sees on a day.
Lignes = Callable[[Acteur, datetime.date], QuerySet[Any]]


@dataclass(frozen=True)
class ListeDeTravail:
    """A kind of thing to do."""

    nom: str
    titre: str
    #: The rows that an agent sees on a day.
    lignes: Lignes
    #: What is said where there is nothing; a list without a word is not shown then.
    vide: str = ""
    #: The way from a row to its file, to keep those of one agent; empty: it is everybody's.
    dossier: str = "contrat__"
    #: Its count stands on top of the page.
    en_tete: bool = False
    #: How its lines are drawn, when another list draws the same.
    gabarit: str = ""


def _echeances(acteur: Acteur) -> QuerySet[Echeance]:
    lignes = Echeance.objects.visibles(acteur).filter(faite_le=None, contrat__statut__in=ENGAGEANTS)
    return lignes.exclude(nom__in=INFORMATIVES).select_related(*TITULAIRES).order_by("date", "pk")


def _evaluations(acteur: Acteur, jour: datetime.date) -> QuerySet[Echeance]:
    return _echeances(acteur).filter(nom__startswith="date_evaluation.", date__lte=jour)


def _en_retard(acteur: Acteur, jour: datetime.date) -> QuerySet[Echeance]:
    return _echeances(acteur).exclude(nom__startswith="date_evaluation.").filter(date__lt=jour)


def _a_venir(acteur: Acteur, jour: datetime.date) -> QuerySet[Echeance]:
    autres = _echeances(acteur).exclude(nom__startswith="date_evaluation.")
    return autres.filter(date__gte=jour, date__lte=jour + HORIZON)


def _contestees(acteur: Acteur, jour: datetime.date) -> QuerySet[Evaluation]:
    """The last version of a year, contested: nobody decided again."""
    del jour
    suivante = Evaluation.objects.filter(
        contrat=OuterRef("contrat"), annee=OuterRef("annee"), version__gt=OuterRef("version")
    )
    contestees = Evaluation.objects.visibles(acteur).filter(~Exists(suivante), contestee_le__isnull=False)
    return contestees.select_related(*TITULAIRES).order_by("contestee_le", "pk")


def _contrats(acteur: Acteur) -> QuerySet[Contrat]:
    return Contrat.objects.visibles(acteur).select_related("medecin", "structure")


def _incomplets(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
    del jour
    accepte = Piece.objects.filter(contrat=OuterRef("pk"), etat=EtatPiece.ACCEPTEE)
    signes = _contrats(acteur).filter(statut__in=(Statut.A_SIGNER, Statut.SIGNE))
    signes = signes.annotate(
        signe=Exists(accepte.filter(nature=NaturePiece.CONTRAT_SIGNE)),
        travail=Exists(accepte.filter(nature=NaturePiece.CONTRAT_TRAVAIL)),
    )
    return signes.filter(Q(signe=False) | Q(travail=False)).order_by("date_signature", "pk")


def _suspendus(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
    del jour
    return _contrats(acteur).filter(statut=Statut.SUSPENDU).order_by("pk")


def _termes(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
    return _contrats(acteur).filter(statut__in=ENGAGEANTS, date_fin__lt=jour).order_by("date_fin", "pk")


def _bientot_finis(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
    """Those that end in six months, with no file that goes on."""
    fin = jour + PREPARATION_DU_TERME
    contrats = _contrats(acteur).filter(statut__in=ENGAGEANTS, date_fin__gte=jour, date_fin__lte=fin)
    return contrats.filter(suivant=None).order_by("date_fin", "pk")


def _creances(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
    """Those of whom money is owed, the largest sum first."""
    del jour
    du = Sum("ecritures__montant", filter=Q(ecritures__compte=Compte.CREANCE))
    return _contrats(acteur).annotate(creance=-du).filter(creance__gt=0).order_by("-creance", "pk")


def _a_recouvrer(condition: Callable[[Recouvrement, datetime.date], bool]) -> Lignes:
    """The claims of which the recovery is at a step, the largest sum first."""

    def lignes(acteur: Acteur, jour: datetime.date) -> QuerySet[Contrat]:
        dues = _creances(acteur, jour)
        tenus = recouvrements(dues.values_list("pk", flat=True))
        return dues.filter(pk__in=[cle for cle, tenu in tenus.items() if condition(tenu, jour)])

    return lignes


def _pieces(acteur: Acteur, jour: datetime.date) -> QuerySet[Piece]:
    del jour
    recues = Piece.objects.visibles(acteur).filter(etat=EtatPiece.RECUE)
    recues = recues.exclude(pk__in=comptes.ribs_a_examiner()).select_related("contrat", "medecin", "structure")
    return recues.order_by("deposee_le", "pk")


def _campagnes(acteur: Acteur, jour: datetime.date) -> QuerySet[Campagne]:
    del jour
    return Campagne.objects.visibles(acteur).filter(statut__in=OUVERTES)


def _bloques(acteur: Acteur, jour: datetime.date) -> QuerySet[LigneVersement]:
    """What the last campaign could not pay, and why."""
    del jour
    lignes = LigneVersement.objects.visibles(acteur)
    derniere = lignes.exclude(campagne__statut=StatutCampagne.ANNULEE).aggregate(pk=Max("campagne"))["pk"]
    bloquees = lignes.filter(campagne=derniere, statut=StatutLigne.BLOQUEE)
    return bloquees.select_related(*TITULAIRES).order_by("contrat__numero", "pk")


def _rejetes(acteur: Acteur, jour: datetime.date) -> QuerySet[LigneVersement]:
    """Transfers that came back, while no later line of the same file was issued."""
    del jour
    ensuite = LigneVersement.objects.filter(
        contrat=OuterRef("contrat"), pk__gt=OuterRef("pk"), statut__in=(StatutLigne.EMISE, StatutLigne.VALIDEE)
    )
    revenus = LigneVersement.objects.visibles(acteur).filter(
        ~Exists(ensuite), statut__in=(StatutLigne.RETOURNEE, StatutLigne.NON_EXECUTEE)
    )
    return revenus.select_related(*TITULAIRES).order_by("-pk")


LISTES: tuple[ListeDeTravail, ...] = (
    ListeDeTravail("comptes", "Comptes bancaires à valider", lambda a, _: comptes.a_valider(a), dossier=""),
    ListeDeTravail(
        "annonces", "Comptes dont le titulaire n’est pas averti", lambda a, _: comptes.a_annoncer(a), dossier=""
    ),
    ListeDeTravail("campagnes", "Versements", _campagnes, dossier=""),
    ListeDeTravail("rejetes", "Virements rejetés par la banque", _rejetes),
    ListeDeTravail("courriels", "Courriels qui ne partent pas", lambda a, _: en_echec(a)),
    ListeDeTravail("impression", "Lettres à imprimer", lambda a, _: impression.a_imprimer(a)),
    ListeDeTravail("recommandes", "Recommandés sans numéro", lambda a, _: impression.a_poster(a)),
    ListeDeTravail("evaluations", "Contrats à évaluer", _evaluations, "Aucune évaluation en attente.", en_tete=True),
    ListeDeTravail("contestees", "Évaluations contestées", _contestees),
    ListeDeTravail(
        "retards", "Échéances dépassées", _en_retard, "Aucune échéance dépassée.", en_tete=True, gabarit="echeances"
    ),
    ListeDeTravail("pieces", "Pièces à contrôler", _pieces, "Aucune pièce en attente.", en_tete=True),
    ListeDeTravail(
        "incomplets", "Dossiers incomplets", _incomplets, "Aucun dossier incomplet.", dossier="", en_tete=True
    ),
    ListeDeTravail("bloques", "Versements bloqués à la dernière campagne", _bloques),
    ListeDeTravail(
        "indus", "Trop-perçus à notifier", _a_recouvrer(lambda r, _: r.a_notifier > 0), dossier="", gabarit="creances"
    ),
    ListeDeTravail(
        "abandons",
        "Remises et non-valeurs à décider",
        _a_recouvrer(lambda r, _: r.abandon is not None),
        dossier="",
        gabarit="creances",
    ),
    ListeDeTravail(
        "recours",
        "Recours contre un trop-perçu",
        _a_recouvrer(lambda r, _: r.recours_du is not None),
        dossier="",
        gabarit="creances",
    ),
    ListeDeTravail(
        "mensualites",
        "Mensualités en retard",
        _a_recouvrer(lambda r, jour: r.en_retard(jour) > 0),
        dossier="",
        gabarit="creances",
    ),
    ListeDeTravail("creances", "Trop-perçus à recouvrer", _creances, dossier=""),
    ListeDeTravail("suspendus", "Contrats suspendus", _suspendus, dossier=""),
    ListeDeTravail("termes", "Contrats arrivés au terme", _termes, dossier=""),
    ListeDeTravail("bientot-finis", "Contrats qui finissent dans les six mois", _bientot_finis, dossier=""),
    ListeDeTravail(
        "a-venir", "Dans les trente jours", _a_venir, "Aucune échéance dans les trente jours.", gabarit="echeances"
    ),
)
PAR_NOM = {liste.nom: liste for liste in LISTES}
#: Lists whose rows are files themselves.
_DOSSIERS = frozenset(
    {"incomplets", "indus", "abandons", "recours", "mensualites", "creances", "suspendus", "termes", "bientot-finis"}
)


def lignes(liste: ListeDeTravail, acteur: Acteur, jour: datetime.date, *, les_miens: bool = False) -> QuerySet[Any]:
    """The rows of a list; those of the files that the actor keeps when asked, where a row has a file."""
    toutes = liste.lignes(acteur, jour)
    if not les_miens or (not liste.dossier and liste.nom not in _DOSSIERS):
        return toutes
    return toutes.filter(Q(**{f"{liste.dossier}gestionnaire": acteur.utilisateur}))
