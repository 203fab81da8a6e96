"""What every letter of decision carries, as a fund sets it once: the ways of appeal, and who signs.

No letter of decision leaves without them. A signatory is named and ended, never rewritten: letters already sent keep
the mention that they had.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Caisse, Signataire
from binome.dossiers.nomenclatures import Role

ECRIVENT = (Role.RESPONSABLE,)
#: What the fund writes of the ways of appeal, in the order of the page.
RECOURS = ("recours_autorite", "recours_delai", "recours_tribunal", "recours_precisions")


def signataires(caisse_id: int, jour: datetime.date) -> list[Signataire]:
    """Who signs for a fund on a day."""
    return [s for s in Signataire.objects.filter(caisse=caisse_id) if s.signe_le(jour)]


@transaction.atomic
def ecrire_les_recours(caisse_id: int, textes: dict[str, str], acteur: Acteur) -> Caisse:
    """Set the ways of appeal (`RECOURS`); letters already sent keep theirs. Raises Refus."""
    reserver(acteur, caisse_id, ECRIVENT, "voies de recours")
    caisse = Caisse.objects.select_for_update().get(pk=caisse_id)
    for champ in RECOURS:
        setattr(caisse, champ, textes[champ].strip())
    caisse.save(update_fields=RECOURS)
    tracer(acteur, "ecrire_les_recours", caisse)
    return caisse


@transaction.atomic
def nommer(
    caisse_id: int, acteur: Acteur, *, nom: str, qualite: str, delegation: str, depuis: datetime.date
) -> Signataire:
    """A new signatory: `qualite` is their office, `delegation` what lets them sign, blank in their own name.

    Raises Refus.
    """
    reserver(acteur, caisse_id, ECRIVENT, "signataire")
    signataire = Signataire.objects.create(
        caisse_id=caisse_id, nom=nom, qualite=qualite, delegation=delegation, depuis=depuis
    )
    tracer(acteur, "nommer", signataire)
    return signataire


@transaction.atomic
def retirer(cle: int, acteur: Acteur, jusqu_au: datetime.date) -> Signataire:
    """The last day on which somebody signs. Raises Refus."""
    signataire = Signataire.objects.select_for_update().get(pk=cle)
    reserver(acteur, signataire.caisse_id, ECRIVENT, "signataire")
    if signataire.jusqu_au is not None:
        raise Refus(f"{signataire.nom} : ne signe déjà plus après le {signataire.jusqu_au:%d/%m/%Y}")
    if jusqu_au < signataire.depuis:
        raise Refus(f"dernier jour : le {signataire.depuis:%d/%m/%Y} au plus tôt, premier jour de la signature")
    signataire.jusqu_au = jusqu_au
    signataire.save(update_fields=["jusqu_au"])
    tracer(acteur, "retirer", signataire)
    return signataire
