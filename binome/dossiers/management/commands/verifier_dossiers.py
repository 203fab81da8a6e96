"""Every file checked against its events, every payment done again."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import verification
from binome.dossiers.exploitation.verification import paiements
from binome.dossiers.management.discrete import Discrete
from binome.dossiers.models import Contrat


class Command(Discrete):
    """See the module."""

    help = (
        "Vérifie que rien n'a été changé, retiré ni ajouté hors du produit, et rejoue chaque versement sous les règles "
        "de son temps et sous celles d'aujourd'hui ; --annoncer enregistre les écarts entre règles, avec leur raison"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How differences between rules are announced."""
        parser.add_argument("--annoncer", metavar="MOTIF", help="Ce qui change et pourquoi")
        parser.add_argument("--par", metavar="NOM", help="Qui l'annonce")
        parser.add_argument("--a-compter-du", metavar="AAAA-MM-JJ", type=_jour, help="Date d'effet du changement")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say what differs; fail when something does."""
        fautes = 0
        for faute in verification.fautes():
            fautes += 1
            self.stdout.write(faute)
        bilan = paiements.rejouer_tout()
        for faute in bilan.fautes:
            fautes += 1
            self.stdout.write(faute)
        nouveaux = [ecart for ecart in bilan.ecarts if not ecart.annonce]
        for ecart in bilan.ecarts:
            self.stdout.write(f"{ecart.phrase}{' — annoncé' if ecart.annonce else ''}")
        if options["annoncer"] is not None:
            nouveaux = self._annoncer(nouveaux, options)
        self.dire(
            f"{Contrat.objects.count()} dossiers, "
            f"{bilan.calculs} calculs ({bilan.autres_regles} sous d'autres règles), "
            f"{len(bilan.ecarts)} écart(s) entre règles dont {len(bilan.ecarts) - len(nouveaux)} annoncé(s), "
            f"{fautes} faute(s)"
        )
        if fautes or nouveaux:
            raise CommandError(f"{fautes} faute(s), {len(nouveaux)} écart(s) non annoncé(s)", returncode=1)

    def _annoncer(
        self, nouveaux: list[paiements.EcartDeVersement], options: dict[str, Any]
    ) -> list[paiements.EcartDeVersement]:
        try:
            annonce = paiements.annoncer(
                nouveaux, motif=options["annoncer"], par=options["par"] or "", a_compter_du=options["a_compter_du"]
            )
        except Refus as refus:
            raise CommandError(str(refus), returncode=2) from refus
        self.dire(f"{len(annonce.ecarts)} calcul(s) annoncé(s) : {annonce.motif}")
        return []


def _jour(texte: str) -> datetime.date:
    return datetime.date.fromisoformat(texte)
