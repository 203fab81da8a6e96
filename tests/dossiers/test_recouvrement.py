"""Recovery of a claim: instalments to the cent, an appeal that suspends, two agents who give up."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation.verification import fautes
from binome.dossiers.models import Ecriture
from binome.dossiers.nomenclatures import Nature, Role, StatutLigne
from binome.dossiers.paiements import (
    banque,
    campagnes,
    comptabilite,
    creances,
    grand_livre,
    rapprochement,
    signalements,
)
from binome.dossiers.paiements.recouvrement import calculer, echeancier, imputer, recouvrement_de, sommes_de
from tests.dossiers import fabrique
from tests.dossiers.versements import proposer
from tests.dossiers.vies import trop_percu

CENTIMES = st.integers(0, 10_000_000)


@given(total=st.integers(1, 10_000_000), nombre=st.integers(1, 240), premiere=st.dates(datetime.date(2020, 1, 1)))
def test_un_echeancier_fait_la_somme_au_centime(total, nombre, premiere):
    nombre = min(nombre, total)
    premiere = min(premiere, datetime.date(2060, 1, 31))
    mensualites = echeancier(total, nombre, premiere)
    assert sum(m.centimes for m in mensualites) == total
    assert max(m.centimes for m in mensualites) - min(m.centimes for m in mensualites) <= 1
    assert mensualites[0].date == premiere
    assert [m.date for m in mensualites] == sorted({m.date for m in mensualites})


@given(total=st.integers(12, 10_000_000), recu=CENTIMES, abandonne=CENTIMES)
def test_ce_qui_vient_et_ce_qui_est_remis_s_imputent_une_fois(total, recu, abandonne):
    reste = imputer(echeancier(total, 12, datetime.date(2026, 1, 31)), recu, abandonne)
    assert sum(m.reste for m in reste) == max(total - abandonne - recu, 0)


@pytest.mark.django_db
def test_notifier_echelonner_contester_remettre():
    vie = trop_percu()
    caisse, agent, du = vie.contrat.caisse, vie.gestionnaire, recouvrement_de(vie.contrat).du
    jour = datetime.date(2026, 2, 2)
    quand = fabrique.instant(jour)
    with pytest.raises(Refus, match="se notifie d'abord"):
        creances.choisir_la_retenue(vie.contrat.pk, agent, mode="totale", quand=quand)
    creances.notifier(vie.contrat.pk, agent, date=jour, quand=quand)
    creances.choisir_la_retenue(vie.contrat.pk, agent, mode="plafonnee", plafond=10_000, quand=quand)
    creances.accorder_un_echeancier(vie.contrat.pk, agent, premiere=jour, nombre=7, quand=quand)
    tenu = recouvrement_de(vie.contrat)
    assert (tenu.echelonne, tenu.hors_echeancier, tenu.retenable) == (du, 0, 10_000)
    assert tenu.en_retard(jour + datetime.timedelta(days=1)) == tenu.mensualites[0].centimes
    creances.enregistrer_un_recours(vie.contrat.pk, agent, date=jour, motif="relevé faux", quand=quand)
    tenu = recouvrement_de(vie.contrat)
    assert (tenu.retenable, tenu.en_retard(datetime.date(2030, 1, 1))) == (0, 0)
    creances.trancher_le_recours(vie.contrat.pk, agent, date=jour, issue="rejete", motif="rejet", quand=quand)
    assert recouvrement_de(vie.contrat).retenable == 10_000
    responsable, valideur = fabrique.agent(caisse, Role.RESPONSABLE), fabrique.agent(caisse, Role.VALIDEUR)
    creances.demander_un_abandon(
        vie.contrat.pk, responsable, abandon="remise", montant=5_000, motif="difficultés", quand=quand
    )
    with pytest.raises(Refus, match="un autre agent"):
        creances.accorder_l_abandon(vie.contrat.pk, responsable, quand=quand)
    creances.accorder_l_abandon(vie.contrat.pk, valideur, quand=quand)
    tenu = recouvrement_de(vie.contrat)
    assert (tenu.du, tenu.echelonne, tenu.abandonne) == (du - 5_000, du - 5_000, 5_000)
    assert grand_livre.solde(vie.contrat).du_par_le_medecin == du - 5_000
    assert list(fautes()) == []
    export = comptabilite.clore(caisse.pk, jour, valideur, quand=fabrique.instant(jour + datetime.timedelta(days=1)))
    ecrites = bytes(export.octets).decode("utf-8-sig")
    assert [ligne for ligne in ecrites.splitlines() if ";REMISE;" in ligne and "50,00" in ligne]
    assert rapprochement.rapprocher(caisse.pk, 2026).juste
    # Reversed, what was given up is owed again, and the books say it once more.
    remise = Ecriture.objects.get(contrat=vie.contrat, nature=Nature.REMISE)
    grand_livre.contre_passer(remise.pk, valideur, motif="fausse déclaration", quand=quand)
    assert (recouvrement_de(vie.contrat).du, recouvrement_de(vie.contrat).abandonne) == (du, 0)
    # The page of a file folds what it has read: the same answer.
    faits = list(vie.contrat.evenements.order_by("numero"))
    assert calculer(faits, sommes_de(vie.contrat.ecritures.order_by("pk"))) == recouvrement_de(vie.contrat)
    assert list(fautes()) == []


@pytest.mark.django_db
def test_une_campagne_ne_retient_que_ce_que_la_caisse_a_choisi():
    vie = trop_percu()
    du = recouvrement_de(vie.contrat).du
    vie.evaluer(4, datetime.date(2026, 6, 2), 1700, 2100)
    date = datetime.date(2026, 7, 15)
    campagne = proposer(vie.contrat.caisse, date, vie.gestionnaire)
    ligne = campagne.lignes.get()
    assert (ligne.compensation, ligne.montant > 0) == (0, True)
    (signale,) = (s for s in signalements.signaler([ligne])[ligne.pk] if s.nom == signalements.CREANCE)
    assert "n'est pas notifié" in signale.pourquoi
    # A choice made meanwhile: the line no longer says what would be paid.
    creances.notifier(vie.contrat.pk, vie.gestionnaire, date=date, quand=fabrique.instant(date))
    creances.choisir_la_retenue(
        vie.contrat.pk, vie.gestionnaire, mode="plafonnee", plafond=10_000, quand=fabrique.instant(date)
    )
    campagnes.valider(campagne.pk, vie.valideur, quand=fabrique.instant(date))
    ligne.refresh_from_db()
    assert ligne.statut == StatutLigne.ECARTEE
    banque.emettre_campagne(campagne.pk, vie.valideur, quand=fabrique.instant(date))
    suivante = vie.payer(date)
    assert (suivante.compensation, recouvrement_de(vie.contrat).du) == (10_000, du - 10_000)
