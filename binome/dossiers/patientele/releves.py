"""One statement, entered or corrected by hand: what it said before is kept, the evaluations that rest on it reopen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import NOMBRES
from binome.dossiers.models import AncienReleve, Medecin, Releve
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele.import_releves import lire_date, lire_nombres, releves_de_la_loi
from binome.dossiers.patientele.signalement import signaler
from binome.tableaux.refus import FauteDeLigne

TIENNENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
#: Columns of a statement that a correction replaces, and that its former version keeps.
REMPLACEES = (*NOMBRES, "importe_id", "saisi_par_id", "saisi_le")


@transaction.atomic
def saisir(
    medecin: Medecin, acteur: Acteur, *, date: str, nombres: Mapping[str, str], quand: datetime.datetime | None = None
) -> Releve:
    """A statement that no file brought, read as a line of an import. Raises Refus."""
    reserver(acteur, medecin.caisse_id, TIENNENT, "saisie d'un relevé")
    fautes: list[FauteDeLigne] = []
    jour = lire_date(0, {"date": date}, releves_de_la_loi(), fautes)
    lus = lire_nombres(0, dict(nombres), fautes)
    if fautes or jour is None:
        raise _refus(fautes)
    if medecin.releves.filter(date=jour).exists():
        raise Refus(f"relevé du {francais.date_courte(jour)} : déjà connu ; il se corrige, avec un motif")
    quand = quand or timezone.now()
    releve = Releve.objects.create(medecin=medecin, date=jour, saisi_par=acteur.utilisateur, saisi_le=quand, **lus)
    tracer(acteur, "saisir_releve", releve, quand=quand)
    signaler([releve], acteur, motif=f"Relevé du {francais.date_courte(jour)} saisi.", quand=quand)
    return releve


@transaction.atomic
def corriger(
    releve_id: int,
    acteur: Acteur,
    *,
    nombres: Mapping[str, str],
    motif: str,
    quand: datetime.datetime | None = None,
) -> Releve:
    """A new version of a statement; the old one is kept, what rests on it is to be evaluated again. Raises Refus."""
    releve = Releve.objects.select_for_update(of=("self",)).select_related("medecin").get(pk=releve_id)
    reserver(acteur, releve.medecin.caisse_id, TIENNENT, "correction d'un relevé")
    if not motif.strip():
        raise Refus("motif : attendu (ce qui était faux)")
    fautes: list[FauteDeLigne] = []
    lus = lire_nombres(0, dict(nombres), fautes)
    if fautes:
        raise _refus(fautes)
    changes = [nom for nom in NOMBRES if getattr(releve, nom) != lus[nom]]
    if not changes:
        raise Refus("relevé : les mêmes nombres ; rien à corriger")
    quand = quand or timezone.now()
    AncienReleve.objects.create(
        releve=releve,
        version=releve.anciens.count() + 1,
        remplace_par=acteur.utilisateur,
        remplace_le=quand,
        motif=motif.strip(),
        **{nom: getattr(releve, nom) for nom in REMPLACEES},
    )
    dits = ", ".join(f"{libelle(nom)} {_dit(getattr(releve, nom))} → {_dit(lus[nom])}" for nom in changes)
    for nom in NOMBRES:
        setattr(releve, nom, lus[nom])
    releve.importe, releve.saisi_par, releve.saisi_le = None, acteur.utilisateur, quand
    releve.save()
    tracer(acteur, "corriger_releve", releve, quand=quand)
    phrase = f"Relevé du {francais.date_courte(releve.date)} corrigé : {dits}. {motif.strip()}"
    signaler([releve], acteur, motif=phrase, quand=quand)
    return releve


def _refus(fautes: list[FauteDeLigne]) -> Refus:
    return Refus(*(f"{libelle(faute.champ)} « {faute.valeur} » : {faute.message}" for faute in fautes))


def libelle(nom: str) -> str:
    """What a number of a statement is called."""
    champ: Any = Releve._meta.get_field(nom)
    return str(champ.verbose_name)


def _dit(valeur: int | None) -> str:
    return "—" if valeur is None else francais.nombre(valeur)
