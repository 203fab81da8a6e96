"""The ledger: signed integer cents, two accounts for each contract, lines added and never changed.

What each nature does (cents):

=================  =======================  =========================================
nature             « aide » account          « creance » account
=================  =======================  =========================================
droit              ± what is due            —
versement          − transfer issued        —
retour             + transfer that came back —
annulation         + transfer cancelled     —
indu               + (the debt leaves)      − (the doctor owes it)
compensation       − kept back              + (the claim shrinks)
remboursement      —                        + (the claim shrinks)
remise             —                        + (the fund gives it up)
non-valeur         —                        + (the fund cannot recover it)
contre-passation   the opposite of the line that it cancels, on its account
=================  =======================  =========================================

The « aide » balance is what remains to pay, never negative once a campaign is validated; the « creance » balance is
minus what is owed, never positive.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import CalculConserve, Contrat, Ecriture, Piece
from binome.dossiers.nomenclatures import Compte, Genre, Nature, Role
from binome.simulation import Annee, ContratSuivi, valeurs, version_de


@dataclass(frozen=True)
class Solde:
    """Where a contract stands, in cents."""

    #: Remaining to pay.
    aide: int = 0
    #: Owed by the doctor.
    du_par_le_medecin: int = 0
    #: Last line of the ledger: anything computed from it is out of date once it changes.
    derniere: int = 0


def soldes(contrats: Iterable[int]) -> dict[int, Solde]:
    """Balances of many contracts, in one query."""
    sommes: dict[int, dict[str, int]] = defaultdict(dict)
    dernieres: dict[int, int] = defaultdict(int)
    lignes = (
        Ecriture.objects.filter(contrat__in=list(contrats))
        .values("contrat", "compte")
        .annotate(somme=Sum("montant"), derniere=Max("pk"))
    )
    for ligne in lignes:
        sommes[ligne["contrat"]][ligne["compte"]] = ligne["somme"]
        dernieres[ligne["contrat"]] = max(dernieres[ligne["contrat"]], ligne["derniere"])
    return {
        contrat: Solde(s.get(Compte.AIDE, 0), -s.get(Compte.CREANCE, 0), dernieres[contrat])
        for contrat, s in sommes.items()
    }


def solde(contrat: Contrat) -> Solde:
    """Balance of one contract."""
    return soldes([contrat.pk]).get(contrat.pk, Solde())


def droits_inscrits(contrats: Iterable[int]) -> dict[int, dict[tuple[int, int], int]]:
    """What the ledger already holds as due, by contract, then by (contract year, instalment), in cents."""
    inscrits: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    lignes = (
        # A cancelled right is no right: its reversing line keeps its year and instalment.
        Ecriture.objects.filter(contrat__in=list(contrats), compte=Compte.AIDE, annee__isnull=False)
        .filter(nature__in=(Nature.DROIT, Nature.CONTRE_PASSATION))
        .values("contrat", "annee", "echeance")
        .annotate(somme=Sum("montant"))
    )
    for ligne in lignes:
        annee, echeance = ligne["annee"], ligne["echeance"]
        assert annee is not None  # noqa: S101 - filtered above
        assert echeance is not None  # noqa: S101 - a right has its instalment (« ecriture_droit_explique »)
        inscrits[ligne["contrat"]][annee, echeance] = ligne["somme"]
    return inscrits


def derniers_jours(contrats: Iterable[int]) -> dict[int, datetime.date]:
    """The last day at which what is due was recorded, by contract."""
    lignes = Ecriture.objects.filter(contrat__in=list(contrats), nature=Nature.DROIT)
    return dict(lignes.values_list("contrat").annotate(dernier=Max("date_valeur")).values_list("contrat", "dernier"))


def empreinte_du_calcul(entrees: Any, resultat: Any, date: datetime.date, loi: str) -> str:
    """SHA-256 of the question, the answer, the date d'appréciation and the rules."""
    texte = json.dumps([entrees, resultat, date.isoformat(), loi], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texte.encode()).hexdigest()


def conserver(suivi: ContratSuivi, annee: Annee, date: datetime.date, loi: str) -> CalculConserve:
    """Keep what the law was asked and what it answered for a contract year; the same computation is kept once.

    `loi` is the fingerprint of the law that answered, with what was added to it.
    """
    ajoutees = [{"nom": fichier.nom, "empreinte": fichier.empreinte} for fichier in valeurs.employees(loi)]
    entrees = suivi.model_dump(mode="json", exclude_unset=True)
    resultat = annee.model_dump(mode="json")
    return CalculConserve(
        empreinte=empreinte_du_calcul(entrees, resultat, date, loi),
        date_appreciation=date,
        version_loi=version_de("binome"),
        empreinte_loi=loi,
        valeurs=ajoutees,
        entrees=entrees,
        resultat=resultat,
    )


@transaction.atomic
def rembourser(
    contrat_id: int,
    montant: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    motif: str,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Ecriture:
    """Record what a doctor paid back on a claim (cents). Raises Refus."""
    contrat = verrouiller(contrat_id)
    reserver(acteur, contrat.caisse_id, ENCAISSENT, "créance")
    du = solde(contrat).du_par_le_medecin
    if not 0 < montant <= du:
        raise Refus(
            f"montant « {francais.euros(montant)} » : entre 0,01 € et la créance attendu ({francais.euros(du)})"
        )
    if date > timezone.localdate(quand):
        raise Refus(f"date « {date} » : date passée attendue")
    evenement = consigner(
        contrat,
        Genre.REMBOURSEMENT,
        acteur,
        date_effet=date,
        donnees={"montant": montant},
        motif=motif,
        piece=piece,
        quand=quand,
    )
    return Ecriture.objects.create(
        contrat=contrat,
        compte=Compte.CREANCE,
        nature=Nature.REMBOURSEMENT,
        montant=montant,
        date_effet=date,
        date_valeur=date,
        libelle=f"Remboursement reçu le {francais.date_courte(date)}" + (f" : {motif}" if motif else ""),
        cle=f"remboursement:{contrat.pk}:{evenement.numero}",
        piece=piece,
        consigne_le=quand or timezone.now(),
        auteur=acteur.utilisateur,
    )


#: Who records what a doctor pays back.
ENCAISSENT = (Role.VALIDEUR, Role.RESPONSABLE)
#: What may be reversed by hand: the rest is corrected by the campaign, the bank or the evaluation.
REVERSIBLES = (Nature.REMBOURSEMENT, Nature.REMISE, Nature.NON_VALEUR)


@transaction.atomic
def contre_passer(ecriture_id: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None) -> Ecriture:
    """Cancel a line by the opposite one. Raises Refus when it cannot be, or already was."""
    origine = Ecriture.objects.select_related("contrat").get(pk=ecriture_id)
    contrat = verrouiller(origine.contrat_id)
    reserver(acteur, contrat.caisse_id, ENCAISSENT, "créance")
    if not motif.strip():
        raise Refus("motif : attendu")
    if origine.nature not in REVERSIBLES:
        raise Refus(
            f"« {origine.get_nature_display()} » ne s'annule pas à la main : "
            "la campagne suivante, la banque ou l'évaluation le corrigent"
        )
    quand = quand or timezone.now()
    jour = timezone.localdate(quand)
    try:
        with transaction.atomic():
            return Ecriture.objects.create(
                contrat=contrat,
                compte=origine.compte,
                nature=Nature.CONTRE_PASSATION,
                annee=origine.annee,
                echeance=origine.echeance,
                montant=-origine.montant,
                date_effet=jour,
                date_valeur=jour,
                libelle=f"Annulation de l'écriture {origine.pk} : {motif}",
                cle=f"contre-passation:{origine.pk}",
                annule=origine,
                consigne_le=quand,
                auteur=acteur.utilisateur,
            )
    except IntegrityError as erreur:
        raise Refus(f"l'écriture {origine.pk} est déjà annulée") from erreur


def balance(ecritures: Any = None) -> dict[str, int]:
    """Sum of the lines by account and nature, in cents: what a backup and its restoration must agree on."""
    lignes = (Ecriture.objects.all() if ecritures is None else ecritures).values("compte", "nature")
    return {
        f"{ligne['compte']}.{ligne['nature']}": ligne["somme"]
        for ligne in lignes.annotate(somme=Sum("montant")).order_by("compte", "nature")
    }
