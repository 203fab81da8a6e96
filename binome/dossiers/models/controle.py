"""What lets the books be checked: the chain of events and ledger, the laws that computed, the differences announced.

Each event and each line of the ledger adds a link to the chain of its contract, in the same transaction: its rank, and
a digest of what was written and of the link before. Whoever changes, removes, adds or reorders a row behind the
product breaks the chain, and `verifier_dossiers` names the row.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from binome.dossiers.models.cloison import AjoutSeul, Cloisonne, Cloisonnes, Modele
from binome.simulation import EMPREINTE_COURTE

LOT = 500
#: What a link says of a row, by form of the link and by table: every column but the motive, kept by its own digest
#: since an anonymised file loses it. A table that gains a column gets a form of its own; older links keep theirs.
FORMES: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        "evenement": (
            "id",
            "contrat_id",
            "numero",
            "genre",
            "date_effet",
            "consigne_le",
            "auteur_id",
            "role",
            "piece_id",
            "donnees",
        ),
        "ecriture": (
            "id",
            "contrat_id",
            "compte",
            "nature",
            "annee",
            "echeance",
            "montant",
            "date_effet",
            "date_valeur",
            "libelle",
            "cle",
            "calcul_id",
            "ligne_id",
            "fichier_id",
            "piece_id",
            "annule_id",
            "consigne_le",
            "auteur_id",
        ),
    }
}
FORME = max(FORMES)


class Maillon(AjoutSeul):
    """A link of a contract's chain: one event, or one line of its ledger."""

    contrat = models.ForeignKey("dossiers.Contrat", models.PROTECT, related_name="maillons")
    rang = models.PositiveIntegerField()
    forme = models.PositiveSmallIntegerField(default=FORME)
    evenement = models.OneToOneField("dossiers.Evenement", models.PROTECT, null=True, related_name="maillon")
    ecriture = models.OneToOneField("dossiers.Ecriture", models.PROTECT, null=True, related_name="maillon")
    #: SHA-256 of the motive; blank when there was none.
    empreinte_motif = models.CharField(max_length=64, blank=True)
    #: SHA-256 of the row and of the link before.
    empreinte = models.CharField(max_length=64)

    class Meta:
        verbose_name = "maillon"
        ordering = ("contrat", "rang")
        constraints = [
            models.UniqueConstraint(fields=["contrat", "rang"], name="maillon_rang_unique"),
            models.CheckConstraint(
                condition=models.Q(evenement__isnull=False, ecriture__isnull=True)
                | models.Q(evenement__isnull=True, ecriture__isnull=False),
                name="maillon_un_objet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contrat_id}/{self.rang}"


class Enchaines(Cloisonnes[Modele]):
    """Rows each of which adds a link to the chain of its contract."""

    def bulk_create(self, objs: Iterable[Modele], *args: Any, **options: Any) -> list[Modele]:
        """The rows and their links, all or none."""
        objets = list(objs)
        with transaction.atomic(using=self.db):
            avant = _avancer(objets)
            crees = super().bulk_create(objets, *args, **options)
            _enchainer(objets, avant)
        return crees


class Enchaine(Cloisonne):
    """A row that adds a link to the chain of its contract when it is written."""

    objects = Enchaines.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """The row and its link, both or neither."""
        with transaction.atomic():
            nouveau = self._state.adding
            avant = _avancer([self]) if nouveau else {}
            super().save(*args, **options)
            if nouveau:
                _enchainer([self], avant)


class _Dernier:
    """Where the chain of a contract stands."""

    def __init__(self, rang: int, empreinte: str, consigne_le: datetime.datetime | None) -> None:
        self.rang, self.empreinte, self.consigne_le = rang, empreinte, consigne_le


def _avancer(objets: Sequence[Any]) -> dict[int, _Dernier]:
    """The last link of each contract, whose rows are locked in one order. What is recorded after something else is
    never said to be recorded before it, whatever the machine's clock does: the time is put forward."""
    contrats = sorted({objet.contrat_id for objet in objets})
    modele: Any = Maillon._meta.get_field("contrat").related_model
    list(modele.objects.select_for_update(of=("self",)).filter(pk__in=contrats).order_by("pk").values_list("pk"))
    derniers: dict[int, _Dernier] = {}
    for debut in range(0, len(contrats), LOT):
        lot = contrats[debut : debut + LOT]
        cles = Maillon.objects.filter(contrat__in=lot).values("contrat").annotate(d=Max("pk")).values("d")
        for maillon in Maillon.objects.filter(pk__in=cles).select_related("evenement", "ecriture"):
            objet: Any = maillon.evenement or maillon.ecriture
            derniers[maillon.contrat_id] = _Dernier(maillon.rang, maillon.empreinte, objet.consigne_le)
    for objet in objets:
        dernier = derniers.setdefault(objet.contrat_id, _Dernier(0, "", None))
        if dernier.consigne_le is not None and objet.consigne_le < dernier.consigne_le:
            objet.consigne_le = dernier.consigne_le
        dernier.consigne_le = objet.consigne_le
    return derniers


def _enchainer(objets: Sequence[Any], derniers: dict[int, _Dernier]) -> None:
    maillons = []
    for objet in objets:
        dernier = derniers[objet.contrat_id]
        dernier.rang, dernier.empreinte = (
            dernier.rang + 1,
            empreinte_de(objet, dernier.empreinte, empreinte_du_motif(objet)),
        )
        maillons.append(maillon_de(Maillon, objet, dernier.rang, dernier.empreinte))
    Maillon.objects.bulk_create(maillons, batch_size=LOT)


def maillon_de(modele: Any, objet: Any, rang: int, empreinte: str) -> Any:
    """The link of a row (`modele`: this one, or the one of a migration)."""
    nature = objet._meta.model_name
    return modele(
        contrat_id=objet.contrat_id,
        rang=rang,
        forme=FORME,
        empreinte_motif=empreinte_du_motif(objet),
        empreinte=empreinte,
        **{f"{nature}_id": objet.pk},
    )


def empreinte_du_motif(objet: Any) -> str:
    """SHA-256 of a row's motive; blank when it has none."""
    motif = getattr(objet, "motif", "")
    return hashlib.sha256(motif.encode()).hexdigest() if motif else ""


def empreinte_de(objet: Any, precedente: str, motif: str, forme: int = FORME) -> str:
    """SHA-256 of a row, after the link before it; `motif` is the digest of its motive."""
    champs = {nom: _canonique(getattr(objet, nom)) for nom in FORMES[forme][objet._meta.model_name]}
    texte = json.dumps([precedente, motif, champs], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texte.encode()).hexdigest()


def _canonique(valeur: Any) -> Any:
    """A value as every database gives it back."""
    if isinstance(valeur, datetime.datetime):
        return valeur.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(valeur, datetime.date):
        return valeur.isoformat()
    if isinstance(valeur, str):
        return str(valeur)
    return json.loads(json.dumps(valeur))


class LoiConservee(AjoutSeul):
    """A law that computed what was paid: its text and what was added to it, to compute the same again."""

    #: The fingerprint that results carry.
    empreinte = models.CharField(max_length=64, unique=True)
    version = models.CharField(max_length=30)
    octets = models.BinaryField(editable=False)
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "loi conservée"

    def __str__(self) -> str:
        return self.empreinte[:EMPREINTE_COURTE]


class EcartAnnonce(AjoutSeul):
    """Payments that other rules would give otherwise, and why nobody is surprised by it."""

    motif = models.TextField("ce qui change, et pourquoi")
    par = models.CharField("annoncé par", max_length=150)
    a_compter_du = models.DateField("à compter du")
    #: Fingerprint of the rules that were in force when it was announced.
    empreinte_loi = models.CharField(max_length=64)
    #: For each kept computation, by its fingerprint: the digests of the other answers that are announced.
    ecarts = models.JSONField(default=dict)
    consigne_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "écart annoncé"

    def __str__(self) -> str:
        return f"{self.a_compter_du} : {self.motif}"
