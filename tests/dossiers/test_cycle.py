"""The life of a contract."""

import datetime

import pytest

from binome.dossiers.contrats import cycle, journal
from binome.dossiers.erreurs import Refus
from binome.dossiers.nomenclatures import Role, Statut
from binome.simulation.modele.erreurs import SituationInvalide
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
LE_1ER_JUILLET = datetime.date(2024, 7, 1)


def test_du_brouillon_au_contrat_en_cours():
    acteur = fabrique.agent(fabrique.caisse())
    contrat = fabrique.contrat_en_cours(acteur, LE_1ER_JUILLET)
    assert contrat.statut == Statut.EN_COURS
    assert contrat.date_fin == datetime.date(2029, 6, 30)
    assert contrat.regime == "CM24"
    assert journal.reconstruire(contrat) == journal.etat_de(contrat)
    assert contrat.echeances.filter(nom="date_fin_contrat", date=contrat.date_fin).exists()


def test_le_dossier_tel_qu_il_etait_connu_a_une_date():
    acteur = fabrique.agent(fabrique.caisse())
    contrat = fabrique.contrat_en_cours(acteur, LE_1ER_JUILLET)
    assert contrat.medecin is not None
    assert journal.au(contrat, LE_1ER_JUILLET - datetime.timedelta(days=1)) is None
    cycle.appliquer(
        contrat.pk,
        "resilier",
        acteur,
        date_effet=datetime.date(2025, 6, 30),
        motif="départ",
        donnees={"par": "caisse"},
        quand=fabrique.instant(datetime.date(2025, 3, 12)),
    )
    contrat.refresh_from_db()
    # The termination is to come: the contract lives until its last day.
    assert contrat.statut == Statut.EN_COURS
    cycle.appliquer(contrat.pk, "constater_resiliation", acteur, quand=fabrique.instant(datetime.date(2025, 7, 1)))
    contrat.refresh_from_db()
    assert contrat.statut == Statut.RESILIE
    assert contrat.date_fin == datetime.date(2025, 6, 30)
    avant = journal.au(contrat, datetime.date(2025, 3, 11))
    assert avant is not None
    assert avant.statut == Statut.EN_COURS
    assert avant.date_fin_anticipee is None
    assert contrat.engagements.get().fin == datetime.date(2025, 6, 30)


def test_un_medecin_n_a_qu_un_contrat_a_la_fois():
    caisse = fabrique.caisse()
    acteur = fabrique.agent(caisse)
    premier = fabrique.contrat_signe(acteur, LE_1ER_JUILLET)
    with pytest.raises(Refus, match="déjà engagé"):
        fabrique.contrat_signe(acteur, LE_1ER_JUILLET, premier.medecin)


def test_une_seconde_signature_est_refusee():
    acteur = fabrique.agent(fabrique.caisse())
    contrat = fabrique.contrat_signe(acteur, LE_1ER_JUILLET)
    evenements = contrat.evenements.count()
    with pytest.raises(Refus, match="À signer"):
        cycle.appliquer(contrat.pk, "signer", acteur, date_effet=LE_1ER_JUILLET)
    assert contrat.evenements.count() == evenements


def test_un_autre_role_ou_une_autre_caisse_ne_peut_rien():
    caisse = fabrique.caisse()
    contrat = fabrique.contrat_signe(fabrique.agent(caisse), LE_1ER_JUILLET)
    for acteur in (fabrique.agent(caisse, Role.DELEGUE), fabrique.agent(fabrique.caisse())):
        with pytest.raises(Refus, match="réservé"):
            cycle.appliquer(contrat.pk, "resilier", acteur, date_effet=LE_1ER_JUILLET, motif="non")


def test_aucun_dossier_ne_s_ouvre_sous_une_option_fermee():
    """A simulation compares the other options; a contract is signed under one, and that one is not open."""
    gestionnaire = fabrique.agent(fabrique.caisse())
    with pytest.raises(SituationInvalide, match=r"« 1/3 » n'est pas ouverte.*attendu : 1/2, 1\b"):
        fabrique.contrat_ouvert(gestionnaire, datetime.date(2023, 5, 2), option="1/3")
