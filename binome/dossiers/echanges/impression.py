"""The print queue of a fund: letters on paper, printed together, then posted; both are in the journal of their file."""

from __future__ import annotations

import datetime
import io
import re

import pikepdf
from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import SUR_PAPIER, Canal, Courrier, Impression
from binome.dossiers.models.cloison import Cloisonnes
from binome.dossiers.nomenclatures import Genre, Role

IMPRIMENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
#: Letters of one batch: what one agent puts into envelopes at once, and what a process holds in memory.
PAR_IMPRESSION = 100

#: Registered letters first, then by file.
ORDRE = ("-canal", "contrat__numero", "pk")

#: What the post writes on a registered letter: two signs and eleven digits, or the international form with its key.
_NATIONAL = re.compile(r"[0-9A-Z]{2}\d{11}")
_INTERNATIONAL = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
#: Weights of the key of the international form (Universal Postal Union, S10).
_POIDS_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def a_imprimer(acteur: Acteur) -> Cloisonnes[Courrier]:
    """What waits, in the order of printing."""
    return _en_attente(Courrier.objects.visibles(acteur)).select_related("contrat")


def _en_attente(parmi: Cloisonnes[Courrier]) -> Cloisonnes[Courrier]:
    lignes = parmi.filter(canal__in=SUR_PAPIER, impression=None, contrat__isnull=False)
    return lignes.order_by(*ORDRE).defer("pdf", "contenu")


def a_poster(acteur: Acteur) -> Cloisonnes[Courrier]:
    """Registered letters that were printed, and whose number nobody typed back yet."""
    lignes = Courrier.objects.visibles(acteur).filter(canal=Canal.RECOMMANDE, impression__isnull=False)
    sans = lignes.filter(numero_recommande="", contrat__isnull=False)
    return sans.select_related("contrat").order_by("impression", "pk").defer("pdf", "contenu")


@transaction.atomic
def imprimer(caisse_id: int, acteur: Acteur, *, quand: datetime.datetime | None = None) -> Impression:
    """Take what waits, `PAR_IMPRESSION` letters at most, into one batch: no letter is ever in two. Raises Refus."""
    reserver(acteur, caisse_id, IMPRIMENT, "impression")
    quand = quand or timezone.now()
    attend = _en_attente(Courrier.objects.filter(caisse=caisse_id))
    lettres = list(attend.select_for_update(of=("self",))[:PAR_IMPRESSION])
    if not lettres:
        raise Refus("aucune lettre n'attend d'être imprimée")
    impression = Impression.objects.create(caisse_id=caisse_id, cree_le=quand, auteur=acteur.utilisateur)
    for courrier in lettres:
        courrier.impression = impression
        courrier.save(update_fields=["impression"])
        _consigner(courrier, acteur, f"{courrier.objet} : imprimé", {"impression": impression.pk}, quand)
    return impression


def en_pdf(impression: Impression) -> bytes:
    """The letters of a batch in one file, in the order of the queue; printed on two sides, each begins on a front."""
    ensemble = pikepdf.Pdf.new()
    for courrier in impression.courriers.order_by(*ORDRE):
        with pikepdf.open(io.BytesIO(bytes(courrier.pdf))) as lettre:
            ensemble.pages.extend(lettre.pages)
            if len(lettre.pages) % 2:
                largeur, hauteur = (float(cote) for cote in lettre.pages[-1].mediabox[2:])
                ensemble.add_blank_page(page_size=(largeur, hauteur))
    octets = io.BytesIO()
    ensemble.save(octets, deterministic_id=True)
    return octets.getvalue()


@transaction.atomic
def poster(cle: int, numero: str, acteur: Acteur, *, quand: datetime.datetime | None = None) -> Courrier:
    """The number that the post gave to a registered letter, typed back. Raises Refus."""
    courrier = Courrier.objects.select_for_update(of=("self",)).get(pk=cle)
    reserver(acteur, courrier.caisse_id, IMPRIMENT, "n° de recommandé")
    if courrier.canal != Canal.RECOMMANDE or courrier.impression_id is None:
        raise Refus("n° de recommandé : attendu d'une lettre recommandée, une fois imprimée")
    if courrier.numero_recommande:
        raise Refus(f"cette lettre porte déjà le n° {courrier.numero_recommande}")
    lu = lire_le_numero(numero)
    if Courrier.objects.filter(caisse=courrier.caisse_id, numero_recommande=lu).exists():
        raise Refus(f"n° de recommandé « {lu} » : déjà celui d'une autre lettre")
    courrier.numero_recommande = lu
    courrier.save(update_fields=["numero_recommande"])
    _consigner(courrier, acteur, f"{courrier.objet} : posté, recommandé n° {lu}", {"recommande": lu}, quand)
    return courrier


def lire_le_numero(numero: str) -> str:
    """The number of a registered letter, without its spaces. Raises Refus."""
    lu = re.sub(r"[\s.-]", "", numero).upper()
    international = _INTERNATIONAL.fullmatch(lu)
    if international and int(international.group(2)) != _cle_s10(international.group(1)):
        raise Refus(f"n° de recommandé « {lu} » : sa clé ne correspond pas, un chiffre est sans doute mal recopié")
    if not international and not _NATIONAL.fullmatch(lu):
        raise Refus(f"n° de recommandé « {lu} » : attendu 13 signes, comme 1A 123 456 7890 1 ou RR 123 456 785 FR")
    return lu


def _cle_s10(chiffres: str) -> int:
    reste = 11 - sum(poids * int(chiffre) for poids, chiffre in zip(_POIDS_S10, chiffres, strict=True)) % 11
    return {10: 0, 11: 5}.get(reste, reste)


def _consigner(
    courrier: Courrier, acteur: Acteur, motif: str, dit: dict[str, int | str], quand: datetime.datetime | None
) -> None:
    assert courrier.contrat_id is not None  # noqa: S101 - the queue holds letters of files only
    quand = quand or timezone.now()
    consigner(
        verrouiller(courrier.contrat_id),
        Genre.COURRIER,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"courrier": courrier.pk, **dit},
        motif=motif,
        quand=quand,
    )
