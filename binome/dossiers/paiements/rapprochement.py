"""Ledger, bank, accounting: the same cents, campaign by campaign, and what differs, named."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Sum

from binome import francais
from binome.documents.sepa.ordre import Virement, differences, total_de
from binome.dossiers.models import Campagne, Ecriture, LigneVersement, ReponseBancaire
from binome.dossiers.nomenclatures import (
    DE_LA_BANQUE,
    EffetReponse,
    Nature,
    StatutCampagne,
    StatutLigne,
)
from binome.dossiers.paiements.comptabilite import a_clore
from binome.erreurs import BinomeErreur

ISSUES = (StatutCampagne.EMISE, StatutCampagne.ORDRE_ANNULE)


@dataclass(frozen=True)
class Rapprochement:
    """One movement of the bank seen three times, in cents: what leaves is negative."""

    libelle: str
    grand_livre: int
    #: None when no file of the bank that the product reads tells it.
    banque: int | None
    #: In closed periods, and not yet.
    clos: int
    a_clore: int
    campagne: Campagne | None = None

    @property
    def comptabilite(self) -> int:
        """What accounting has, or will have."""
        return self.clos + self.a_clore

    @property
    def juste(self) -> bool:
        """True when the three agree, to the cent."""
        return self.grand_livre == self.comptabilite and self.banque in {None, self.grand_livre}


@dataclass
class Bilan:
    """The reconciliation of a year."""

    annee: int
    lignes: list[Rapprochement] = field(default_factory=list)
    #: What differs, in French.
    ecarts: list[str] = field(default_factory=list)
    #: Lines of the ledger that no period took, and their sum of debits.
    a_clore: int = 0

    @property
    def juste(self) -> bool:
        """True when nothing differs."""
        return not self.ecarts


def annees(caisse_id: int) -> list[int]:
    """The years in which something was paid, the last one first."""
    dates = Ecriture.objects.filter(contrat__caisse=caisse_id).dates("date_valeur", "year", order="DESC")
    return [date.year for date in dates]


def rapprocher(caisse_id: int, annee: int) -> Bilan:
    """Compare what the ledger, the bank's files and accounting say of the campaigns and repayments of a year."""
    bilan = Bilan(annee)
    campagnes = list(
        Campagne.objects.filter(caisse=caisse_id, statut__in=ISSUES, date__year=annee)
        .prefetch_related("fichiers")
        .order_by("date", "pk")
    )
    rendus = _rendus(campagnes)
    sommes = _sommes(Ecriture.objects.filter(ligne__campagne__in=campagnes, nature__in=DE_LA_BANQUE))
    lignes = _virements(campagnes)
    for campagne in campagnes:
        clos, ouverts = sommes.get(campagne.pk, (0, 0))
        banque, fautes = _de_la_banque(campagne, lignes.get(campagne.pk, []), rendus.get(campagne.pk, 0))
        bilan.ecarts += fautes
        bilan.lignes.append(Rapprochement(str(campagne), clos + ouverts, banque, clos, ouverts, campagne))
    recus = Ecriture.objects.filter(
        Q(nature=Nature.REMBOURSEMENT) | Q(annule__nature=Nature.REMBOURSEMENT),
        contrat__caisse=caisse_id,
        date_valeur__year=annee,
    )
    clos, ouverts = _somme(recus.filter(exportee__isnull=False)), _somme(recus.filter(exportee__isnull=True))
    if clos or ouverts:
        bilan.lignes.append(Rapprochement("Remboursements reçus des médecins", clos + ouverts, None, clos, ouverts))
    bilan.ecarts += [
        f"{ligne.libelle} : {francais.euros(ligne.grand_livre)} au grand livre, "
        f"{'non lu' if ligne.banque is None else francais.euros(ligne.banque)} à la banque"
        for ligne in bilan.lignes
        if not ligne.juste
    ]
    bilan.ecarts += _non_inscrites(caisse_id, annee)
    bilan.a_clore = a_clore(caisse_id).filter(date_valeur__lt=datetime.date(annee + 1, 1, 1)).count()
    return bilan


def _somme(ecritures: Iterable[Ecriture]) -> int:
    return sum(ecriture.montant for ecriture in ecritures)


def _sommes(ecritures: QuerySet[Ecriture]) -> dict[int, tuple[int, int]]:
    """What the ledger holds of each campaign: in closed periods, and not yet."""
    lignes = ecritures.values("ligne__campagne").annotate(
        clos=Sum("montant", filter=Q(exportee__isnull=False)), ouverts=Sum("montant", filter=Q(exportee__isnull=True))
    )
    return {ligne["ligne__campagne"]: (ligne["clos"] or 0, ligne["ouverts"] or 0) for ligne in lignes.order_by()}


def _virements(campagnes: Sequence[Campagne]) -> Mapping[int, list[LigneVersement]]:
    """The lines that an order held, by campaign."""
    par_campagne: dict[int, list[LigneVersement]] = defaultdict(list)
    lignes = LigneVersement.objects.filter(campagne__in=campagnes, reference__gt="").select_related("compte_bancaire")
    for ligne in lignes.order_by("pk"):
        par_campagne[ligne.campagne_id].append(ligne)
    return par_campagne


def _de_la_banque(campagne: Campagne, lignes: Sequence[LigneVersement], rendu: int) -> tuple[int | None, list[str]]:
    """What the order sent less what came back, and what the order does not say of its lines."""
    fichier = next((f for f in campagne.fichiers.all() if f.sens == "emis"), None)
    if fichier is None:
        return (0 if not lignes else None), ([f"{campagne} : l'ordre envoyé manque"] if lignes else [])
    octets = bytes(fichier.octets)
    virements = [
        Virement(ligne.reference, "", "" if ligne.compte_bancaire is None else ligne.compte_bancaire.iban,
                 ligne.montant, "")
        for ligne in lignes
    ]  # fmt: skip
    try:
        fautes = [f"{campagne} : {difference}" for difference in differences(octets, virements)]
        return rendu - total_de(octets), fautes
    except BinomeErreur as erreur:
        return None, [f"{campagne} : {erreur}"]


def _rendus(campagnes: Sequence[Campagne]) -> dict[int, int]:
    """What the bank says came back, and what was cancelled before it left, by campaign."""
    rendus: dict[int, int] = defaultdict(int)
    # A transfer is told once as returned: by itself, or with its order; the line keeps the amount of both.
    lignes = LigneVersement.objects.filter(campagne__in=campagnes).filter(
        Q(statut=StatutLigne.ANNULEE)
        | Q(statut__in=(StatutLigne.RETOURNEE, StatutLigne.NON_EXECUTEE), ecritures__nature=Nature.RETOUR,
            ecritures__fichier__sens="recu")
    )  # fmt: skip
    for campagne, montant in lignes.distinct().values_list("campagne_id", "montant"):
        rendus[campagne] += montant
    return rendus


def _non_inscrites(caisse_id: int, annee: int) -> Iterator[str]:
    """What the bank says and the ledger does not: another amount, an unknown reference."""
    reponses = ReponseBancaire.objects.filter(
        fichier__caisse=caisse_id,
        fichier__cree_le__year=annee,
        effet__in=(EffetReponse.ECART, EffetReponse.INCONNU),
    ).select_related("fichier", "ligne")
    for reponse in reponses:
        quoi = f"fichier « {reponse.fichier.nom} » du {francais.date_courte(reponse.fichier.cree_le.date())}"
        rendu = "un montant non dit" if reponse.montant is None else francais.euros(reponse.montant)
        if reponse.effet == EffetReponse.INCONNU:
            reference = reponse.reference or reponse.ordre
            yield f"{quoi} : {rendu} rendus sous une référence inconnue de la caisse ({reference})"
        elif reponse.ligne is not None and reponse.ligne.statut == StatutLigne.EMISE:
            yield (
                f"{quoi} : {rendu} rendus sur les {francais.euros(reponse.ligne.montant)} du virement "
                f"{reponse.reference} ; rien n'est inscrit"
            )
