"""The fund's steering: contracts, patients gained, money committed, paid and coming."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from binome import argent
from binome.dossiers.models import Contrat, Ecriture, LigneVersement, Releve
from binome.dossiers.nomenclatures import DE_LA_BANQUE, ENGAGEANTS, SIGNES, Nature, Statut, StatutLigne
from binome.dossiers.paiements import suivi
from binome.dossiers.paiements.suivi import Sommes
from binome.simulation import INDICATEURS, LIBELLES


@dataclass
class Argent(Sommes):
    """Money of a calendar year, in cents: what is due in it, and what left the bank in it."""

    #: Transfers made in the year, less those that came back: of this year's dues or of others'.
    vire: int = 0


@dataclass
class TableauDeBord:
    """What a fund sees of its contracts."""

    par_statut: list[tuple[str, int]]
    par_option: list[tuple[str, int]]
    par_specialite: list[tuple[str, int]]
    par_zone: list[tuple[str, int]]
    par_regime: list[tuple[str, int]]
    #: Patients gained since signature, against objectives, by indicator.
    patients: dict[str, dict[str, int]] = field(default_factory=dict)
    argent: dict[int, Argent] = field(default_factory=dict)
    #: What is due and blocked, by reason.
    bloques: dict[str, list[suivi.Bloque]] = field(default_factory=dict)
    #: What an open campaign already proposes, of what may be paid.
    en_campagne: int = 0
    #: Contracts whose coming amounts are not known.
    indetermines: int = 0


def dresser(contrats: QuerySet[Contrat], jour: datetime.date) -> TableauDeBord:
    """The steering table of these contracts on a day."""
    signes = contrats.filter(statut__in=SIGNES)
    en_vie = contrats.filter(statut__in=ENGAGEANTS)
    trouve = TableauDeBord(
        par_statut=_compter(contrats, "statut", dict(Statut.choices)),
        par_option=_compter(en_vie, "option", LIBELLES["NomOption"], "collectif"),
        par_specialite=_compter(en_vie, "medecin__specialite", LIBELLES["NomSpecialite"], "groupe"),
        par_zone=_compter(en_vie, "medecin__zone", LIBELLES["NomZone"], "zone non renseignée"),
        par_regime=_compter(en_vie, "regime", {}, "—"),
    )
    trouve.patients = patients_gagnes(en_vie.filter(medecin__isnull=False))
    _argent(trouve, signes, jour)
    return trouve


def _compter(
    contrats: QuerySet[Contrat], champ: str, libelles: dict[str, str], absent: str = ""
) -> list[tuple[str, int]]:
    lignes = contrats.order_by().values_list(champ).annotate(nombre=Count("pk"))
    comptes = [(libelles.get(code, code) or absent if code else absent, nombre) for code, nombre in lignes]
    return sorted(comptes, key=lambda ligne: (-ligne[1], ligne[0]))


def patients_gagnes(contrats: QuerySet[Contrat]) -> dict[str, dict[str, int]]:
    """Patients gained since signature and to gain, by indicator, over the contracts that have a later statement."""
    somme = {i: {"gagnes": 0, "objectif": 0, "contrats": 0} for i in INDICATEURS}
    lignes = list(contrats.only("medecin_id", "date_signature", "etat"))
    derniers: dict[int, Releve] = {}
    for releve in Releve.objects.filter(medecin__in=[c.medecin_id for c in lignes]).order_by("date"):
        derniers[releve.medecin_id] = releve
    for contrat in lignes:
        assert contrat.medecin_id is not None  # noqa: S101 - individual contracts only
        dernier = derniers.get(contrat.medecin_id)
        if dernier is None or contrat.date_signature is None or dernier.date <= contrat.date_signature:
            continue
        for objectif in contrat.etat["verdict"].get("objectifs", []):
            adultes = contrat.etat["verdict"].get("adultes_seuls", False)
            constate, base = dernier.nombre(objectif["indicateur"], adultes_seuls=adultes), objectif["base"]
            if constate is None or base is None or objectif["gain"] is None:
                continue
            ligne = somme[objectif["indicateur"]]
            ligne["gagnes"] += constate - base
            ligne["objectif"] += objectif["gain"]
            ligne["contrats"] += 1
    return somme


def _argent(trouve: TableauDeBord, signes: QuerySet[Contrat], jour: datetime.date) -> None:
    argent: dict[int, Argent] = defaultdict(Argent)
    position = suivi.etablir(list(signes.select_related("medecin", "structure").order_by("pk")), jour)
    for an, sommes in position.annees.items():
        argent[an] = Argent(**vars(sommes))
    vires = (
        Ecriture.objects.filter(contrat__in=signes.values("pk"), nature__in=DE_LA_BANQUE)
        .annotate(an=ExtractYear("date_valeur"))
        .values_list("an")
        .annotate(somme=Sum("montant"))
    )
    for an, somme in vires:
        argent[an].vire = -somme
    trouve.argent, trouve.indetermines = dict(sorted(argent.items())), position.indetermines
    for bloque in position.bloques:
        trouve.bloques.setdefault(bloque.motif, []).append(bloque)
    trouve.en_campagne = sum(
        LigneVersement.objects.filter(
            contrat__in=signes.values("pk"), statut__in=(StatutLigne.PROPOSEE, StatutLigne.VALIDEE)
        ).values_list("montant", flat=True)
    )


def lignes_export(contrats: QuerySet[Contrat]) -> tuple[list[str], list[list[Any]]]:
    """One row for each contract, in their order: titles and cells, for a spreadsheet."""
    titres = [
        "dossier", "état", "titulaire", "RPPS", "spécialité", "zone", "option", "règles", "signé le", "dernier jour",
        "éligibilité", "dû (€)", "payé (€)", "reste à payer (€)", "créance (€)",
    ]  # fmt: skip
    lignes = list(contrats.select_related("medecin", "structure"))
    sommes: dict[int, Counter[str]] = defaultdict(Counter)
    comptes = Ecriture.objects.filter(contrat__in=contrats.order_by().values("pk")).values(
        "contrat", "compte", "nature"
    )
    for ligne in comptes.annotate(somme=Sum("montant")):
        sommes[ligne["contrat"]][ligne["nature"]] += ligne["somme"] if ligne["compte"] == "aide" else 0
        sommes[ligne["contrat"]][ligne["compte"]] += ligne["somme"]
    rangees = []
    for contrat in lignes:
        somme, medecin = sommes[contrat.pk], contrat.medecin
        rangees.append(
            [
                contrat.numero,
                contrat.get_statut_display(),
                contrat.titulaire,
                "" if medecin is None else medecin.rpps,
                "" if medecin is None else medecin.get_specialite_display(),
                "" if medecin is None else medecin.get_zone_display(),
                contrat.get_option_display() or "Collectif",
                contrat.regime,
                contrat.date_signature,
                contrat.date_fin,
                contrat.eligible,
                argent.en_euros(somme[Nature.DROIT]),
                argent.en_euros(-sum(somme[nature] for nature in DE_LA_BANQUE)),
                argent.en_euros(somme["aide"]),
                argent.en_euros(-somme["creance"]),
            ]
        )
    return titres, rangees
