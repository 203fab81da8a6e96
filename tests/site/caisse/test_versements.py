"""Payments through their pages."""

import datetime
from fractions import Fraction

import pytest
from django.urls import reverse

from binome.dossiers.contrats import evaluations
from binome.dossiers.models import Campagne, Ecriture
from binome.dossiers.nomenclatures import Nature, Role
from binome.dossiers.paiements import grand_livre
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
#: Year 3 is evaluated some weeks after it began; its second instalment is due six months after the first.
SIGNATURE, EVALUE = datetime.date(2023, 6, 1), datetime.date(2025, 7, 15)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def valideur(caisse):
    return fabrique.agent(caisse, Role.VALIDEUR)


def mener(gestionnaire, valideur, date):
    """A campaign of that date, from its preparation to its order, as two agents do it on the pages."""
    propose, valide = client_de(gestionnaire), client_de(valideur)
    ici = propose.post(reverse("caisse:versements"), {"date": date.isoformat()})["Location"]
    campagne = Campagne.objects.get(pk=int(ici.rstrip("/").rsplit("/", 1)[-1]))
    for acte in ("valider", "emettre"):
        adresse = reverse(f"caisse:{acte}_campagne", args=[campagne.pk])
        total = valide.get(adresse).context["total"]
        assert valide.post(adresse, {"total": total}).status_code == 302
    campagne.refresh_from_db()
    return campagne


def test_s2_une_campagne_datee_plus_tot_ne_reprend_pas_ce_qu_une_autre_a_paye(
    caisse, gestionnaire, valideur, time_machine
):
    """A campaign a month ahead pays the second instalment of a year; the next one, dated today, proposes nothing."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    aujourd_hui = fabrique.instant(datetime.date(2025, 11, 20))
    evaluations.decider(
        contrat.pk, 3, gestionnaire, taux=Fraction(1), motif="examen du dossier", quand=fabrique.instant(EVALUE)
    )
    time_machine.move_to(fabrique.instant(EVALUE))
    mener(gestionnaire, valideur, EVALUE)
    avant = Ecriture.objects.count()
    time_machine.move_to(aujourd_hui)
    mener(gestionnaire, valideur, aujourd_hui.date() + datetime.timedelta(days=31))
    paye = Ecriture.objects.count()
    assert paye > avant
    campagne = mener(gestionnaire, valideur, aujourd_hui.date())
    assert not campagne.lignes.exists()
    assert Ecriture.objects.count() == paye
    assert not Ecriture.objects.filter(nature=Nature.INDU).exists()
    assert grand_livre.solde(contrat).du_par_le_medecin == 0
