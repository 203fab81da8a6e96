"""The ledger handed over to accounting: by periods, numbered and closed, each line once, never changed.

A period takes every line of the ledger whose value date it reaches and that no other took: what is recorded after a
period was closed goes into the next one, on its first day. The union of the periods is the ledger.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from binome import francais
from binome.documents.comptable import LigneComptable, ecritures_csv, ecritures_xlsx
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import LOT, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Caisse, Ecriture, EcritureExportee, ExportComptable, PlanComptable
from binome.dossiers.nomenclatures import Compte, Nature, Role

CLOTURENT = (Role.VALIDEUR, Role.RESPONSABLE)
#: The account of the chart that faces the ledger's own; a claim and a set-off face each other.
CONTREPARTIES: dict[Nature, str] = {
    Nature.DROIT: "charge",
    Nature.VERSEMENT: "banque",
    Nature.RETOUR: "banque",
    Nature.ANNULATION: "banque",
    Nature.REMBOURSEMENT: "banque",
    Nature.REMISE: "remises",
    Nature.NON_VALEUR: "non_valeurs",
}
#: Where the chart keeps each account of the ledger.
COMPTES: dict[Compte, str] = {Compte.AIDE: "tiers", Compte.CREANCE: "indus"}


def plan_de(caisse: Caisse) -> PlanComptable:
    """The chart of the fund; the house's codes until it gives its own."""
    return PlanComptable.objects.filter(caisse=caisse).first() or PlanComptable(caisse=caisse)


def a_clore(caisse_id: int) -> QuerySet[Ecriture]:
    """The lines of the ledger that no closed period took."""
    return Ecriture.objects.filter(contrat__caisse=caisse_id, exportee__isnull=True)


def premier_jour(caisse_id: int) -> datetime.date | None:
    """The day on which the next period begins; None when there is nothing yet."""
    derniere: datetime.date | None = ExportComptable.objects.filter(caisse=caisse_id).aggregate(fin=Max("fin"))["fin"]
    if derniere is not None:
        return derniere + datetime.timedelta(days=1)
    premiere: datetime.date | None = a_clore(caisse_id).aggregate(debut=Min("date_valeur"))["debut"]
    return premiere


@transaction.atomic
def clore(
    caisse_id: int, fin: datetime.date, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> ExportComptable:
    """Close the period that ends on that day, for good. Raises Refus."""
    reserver(acteur, caisse_id, CLOTURENT, "clore une période comptable")
    # Two closings of one fund wait for each other.
    caisse = Caisse.objects.select_for_update(of=("self",)).get(pk=caisse_id)
    debut, quand = premier_jour(caisse_id), quand or timezone.now()
    if debut is None:
        raise Refus("le grand livre est vide : rien à clore")
    if fin < debut:
        raise Refus(f"dernier jour « {francais.date_courte(fin)} » : à partir du {francais.date_courte(debut)} attendu")
    if fin >= timezone.localdate(quand):
        raise Refus(f"dernier jour « {francais.date_courte(fin)} » : un jour passé est attendu")
    prises = a_clore(caisse_id).filter(date_valeur__lte=fin).select_related("contrat", "annule").order_by("pk")
    exportees = list(_exportees(prises, plan_de(caisse), debut, _dernier_numero(caisse_id)))
    octets = ecritures_csv(lignes(exportees))
    dernier = ExportComptable.objects.filter(caisse=caisse).aggregate(numero=Max("numero"))["numero"] or 0
    export = ExportComptable.objects.create(
        caisse=caisse,
        numero=dernier + 1,
        debut=debut,
        fin=fin,
        nombre=len(exportees),
        total=sum(ligne.debit for ligne in lignes(exportees)),
        octets=octets,
        sha256=hashlib.sha256(octets).hexdigest(),
        cree_le=quand,
        auteur=acteur.utilisateur,
    )
    for exportee in exportees:
        exportee.export = export
    EcritureExportee.objects.bulk_create(exportees, batch_size=LOT)
    tracer(acteur, "clore_comptabilite", export, quand=quand)
    return export


def _dernier_numero(caisse_id: int) -> int:
    numeros = EcritureExportee.objects.filter(export__caisse=caisse_id).aggregate(numero=Max("numero"))
    return int(numeros["numero"] or 0)


def _exportees(
    prises: Iterable[Ecriture], plan: PlanComptable, debut: datetime.date, dernier: int
) -> Iterator[EcritureExportee]:
    codes = {} if plan.pk is None else dict(plan.analytiques.values_list("option", "code"))
    numeros: dict[tuple[str, int], int] = {}
    for ecriture in prises:
        contrepartie = CONTREPARTIES.get(_nature(ecriture), "")
        # Both halves of a claim, or of a set-off, come of one line of a campaign: one entry.
        entree = ("", ecriture.pk) if contrepartie else (ecriture.nature, ecriture.ligne_id or 0)
        yield EcritureExportee(
            ecriture=ecriture,
            numero=numeros.setdefault(entree, dernier + len(numeros) + 1),
            journal=plan.journal,
            date=max(ecriture.date_valeur, debut),
            compte=getattr(plan, COMPTES[Compte(ecriture.compte)]),
            contrepartie=getattr(plan, contrepartie) if contrepartie else "",
            analytique=codes.get(ecriture.contrat.option, ""),
        )


def _nature(ecriture: Ecriture) -> Nature:
    """What a line moves: a reversing line moves back what it cancels."""
    origine = ecriture if ecriture.annule is None else ecriture.annule
    return Nature(origine.nature)


def lignes(exportees: Iterable[EcritureExportee]) -> list[LigneComptable]:
    """The accounting lines, by entry: the account of the ledger, then its counterpart."""
    rendues: list[LigneComptable] = []
    for exportee in sorted(exportees, key=lambda e: (e.numero, e.ecriture_id)):
        rendues += _lignes(exportee)
    return rendues


def _lignes(exportee: EcritureExportee) -> Iterator[LigneComptable]:
    ecriture = exportee.ecriture
    comptes = [(exportee.compte, ecriture.montant)]
    if exportee.contrepartie:
        comptes.append((exportee.contrepartie, -ecriture.montant))
    for compte, credit in comptes:
        yield LigneComptable(
            journal=exportee.journal,
            numero=exportee.numero,
            date=exportee.date,
            piece=str(ecriture.pk),
            compte=compte,
            libelle=f"{ecriture.get_nature_display()} — dossier {ecriture.contrat.numero}",
            debit=max(-credit, 0),
            credit=max(credit, 0),
            tiers=ecriture.contrat.numero,
            analytique=exportee.analytique,
            date_valeur=ecriture.date_valeur,
        )


def relire(export: ExportComptable) -> list[LigneComptable]:
    """The lines of a closed period, from its rows."""
    return lignes(export.ecritures.select_related("ecriture__contrat").order_by("numero", "ecriture"))


def en_classeur(export: ExportComptable) -> bytes:
    """The closed period as a workbook."""
    return ecritures_xlsx(relire(export))


@dataclass(frozen=True)
class FauteDeComptabilite:
    """What is not as it was closed."""

    export: ExportComptable
    quoi: str


def fautes(exports: Sequence[ExportComptable]) -> Iterator[FauteDeComptabilite]:
    """What is not as it was closed: bytes, rows, numbers, days. The exports of one fund, by number."""
    attendu, suite = 1, None
    for export in exports:
        octets = bytes(export.octets)
        if hashlib.sha256(octets).hexdigest() != export.sha256:
            yield FauteDeComptabilite(export, "son contenu a changé")
        elif ecritures_csv(relire(export)) != octets or export.ecritures.count() != export.nombre:
            yield FauteDeComptabilite(export, "son fichier n'est plus celui de ses écritures")
        if export.numero != attendu:
            yield FauteDeComptabilite(export, f"le numéro {attendu} est attendu")
        if suite is not None and export.debut != suite:
            yield FauteDeComptabilite(
                export, f"elle ne suit pas la précédente : du {francais.date_courte(suite)} attendu"
            )
        attendu, suite = export.numero + 1, export.fin + datetime.timedelta(days=1)
