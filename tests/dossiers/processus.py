"""Acts run in a process of their own, to be killed. Preloaded once in a fork server, so that a child starts at once."""

from __future__ import annotations

import os
from multiprocessing.synchronize import Event

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reglages")

import django

django.setup()

from django.db import connections

from binome.dossiers.acteur import Acteur
from binome.dossiers.models import Affectation
from binome.dossiers.paiements import banque, campagnes
from binome.dossiers.patientele import import_releves

#: Small packets: more moments between two commits.
campagnes.PAQUET = 1


def faire(base: dict[str, object], acte: str, cle: int, affectation: int, commence: Event) -> None:
    """One act, on this database; `commence` is set as it begins."""
    connections["default"].settings_dict.update(base)
    acteur = Acteur.de(Affectation.objects.select_related("utilisateur").get(pk=affectation))
    commence.set()
    {
        "importer": lambda: import_releves.appliquer(cle, acteur),
        "preparer": lambda: campagnes.preparer(cle),
        "valider": lambda: campagnes.valider(cle, acteur),
        "emettre": lambda: banque.emettre_campagne(cle, acteur),
    }[acte]()


def prechauffer() -> None:
    """Load the law in the fork server: children find it ready."""
    from binome.simulation.moteur.systeme import loi_du_processus

    loi_du_processus()


prechauffer()
