"""Campaigns in any order of dates: what one paid, another dated earlier does not claim back (S2)."""

import datetime
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binome.dossiers.contrats import cycle, evaluations
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Ecriture
from binome.dossiers.nomenclatures import Nature, Role
from binome.dossiers.paiements import banque, campagnes, grand_livre
from binome.dossiers.paiements.dus import droits
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db

#: The day on which all is done; contracts of four sets of rules, each with years behind it.
JOUR = datetime.date(2026, 12, 10)
SIGNATURES = tuple(datetime.date(annee, 7, 1) for annee in (2020, 2022, 2023, 2024))
PREMIER, DERNIER = datetime.date(2022, 1, 1), JOUR + datetime.timedelta(days=campagnes.DELAI_MAXIMAL)


@pytest.fixture
def scene():
    caisse = fabrique.caisse()
    gestionnaire = fabrique.agent(caisse)
    contrats = [fabrique.contrat_en_cours(gestionnaire, signature) for signature in SIGNATURES]
    for contrat in contrats:
        for annee in evaluations.evaluables(contrat, etat_de(contrat), JOUR):
            evaluations.decider(
                contrat.pk, annee.rang, gestionnaire, taux=Fraction(annee.rang, 7), motif="examen du dossier",
                quand=fabrique.instant(JOUR),
            )  # fmt: skip
        contrat.refresh_from_db()
    return caisse, gestionnaire, fabrique.agent(caisse, Role.VALIDEUR), contrats


def mener(caisse, gestionnaire, valideur, date):
    """A whole campaign of that date, on the day of the test."""
    quand = fabrique.instant(JOUR)
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=quand)
    campagnes.preparer(campagne.pk, quand=quand)
    campagnes.valider(campagne.pk, valideur, quand=quand)
    banque.emettre_campagne(campagne.pk, valideur, quand=quand)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(dates=st.lists(st.dates(PREMIER, DERNIER), min_size=2, max_size=4))
def test_sans_fait_nouveau_aucun_ordre_de_dates_ne_reprend_rien(scene, dates):
    caisse, gestionnaire, valideur, contrats = scene
    with transaction.atomic():
        for date in dates:
            mener(caisse, gestionnaire, valideur, date)
        lignes = Ecriture.objects.filter(contrat__caisse=caisse)
        assert not lignes.filter(nature__in=(Nature.INDU, Nature.COMPENSATION)).exists()
        assert not lignes.filter(nature=Nature.DROIT, montant__lt=0).exists()
        inscrits = grand_livre.droits_inscrits([contrat.pk for contrat in contrats])
        for contrat, du in zip(contrats, droits([etat_de(c) for c in contrats], max(dates)), strict=True):
            dits = {(droit.annee.rang, droit.echeance): droit.centimes for droit in du.dus if droit.centimes}
            assert inscrits.get(contrat.pk, {}) == dits
        transaction.set_rollback(True)


def test_un_fait_nouveau_se_reprend_quelle_que_soit_la_date(scene):
    """A termination is a fact: a campaign dated earlier than the last one claims what it makes undue."""
    caisse, gestionnaire, valideur, contrats = scene
    mener(caisse, gestionnaire, valideur, DERNIER)
    assert not Ecriture.objects.filter(nature=Nature.INDU).exists()
    cycle.appliquer(
        contrats[-1].pk, "resilier", gestionnaire, date_effet=JOUR, motif="départ", donnees={"par": "caisse"},
        quand=fabrique.instant(JOUR),
    )  # fmt: skip
    mener(caisse, gestionnaire, valideur, JOUR)
    assert grand_livre.solde(contrats[-1]).du_par_le_medecin > 0
