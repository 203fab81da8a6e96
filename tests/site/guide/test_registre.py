"""Conditions and deadlines: the guide, the file's page and the calendar say what the law's register says."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openfisca_assistants_medicaux import registre
from tests.dossiers import vies
from tests.site.caisse.connexion import client_de
from tests.site.guide.outils import ouvrir

if TYPE_CHECKING:
    from django.test import Client


def serre(texte: str) -> str:
    """What a reader compares: no spaces, one apostrophe."""
    return re.sub(r"\s", "", html.unescape(texte)).replace("’", "'")


def test_le_guide_lit_le_registre(client: Client) -> None:
    page = serre(ouvrir(client, "conditions/").html)
    today = ("CM24", "COLL")
    for condition in registre.conditions():
        posee = any(condition.article(code) is not None for code in today)
        assert (f'id="{condition.nom}"' in page) == posee, condition.nom
        if posee:
            assert serre(condition.court[1:]) in page
    for echeance in registre.echeances():
        assert serre(echeance.libelle) in page
        assert serre(echeance.aide) in page


@pytest.mark.django_db
def test_la_page_du_dossier_et_l_agenda_disent_quoi_faire(settings: object, time_machine: object) -> None:
    settings.MFA_OBLIGATOIRE = False  # type: ignore[attr-defined]
    vie = vies.vivre(vies.formation)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))  # type: ignore[attr-defined]
    client = client_de(vie.gestionnaire)
    fiche = registre.echeances()["date_limite_qualification"]
    dit = ("Close par : formation de l'assistant.", "N'a plus lieu selon : qualification de l'assistant à l'embauche.")
    page = serre(client.get(reverse("caisse:contrat", args=[vie.contrat.pk])).content.decode())
    agenda = client.get(reverse("caisse:contrat_calendrier", args=[vie.contrat.pk])).content.decode()
    for phrase in (fiche.aide, *dit):
        assert serre(phrase) in page
        assert serre(phrase) in serre(agenda.replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";"))
