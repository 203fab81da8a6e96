"""Where the money stands: the columns of a year add up to what the law says due in it, and what is blocked says why."""

import datetime
from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import Role
from binome.dossiers.paiements import banque, suivi
from binome.dossiers.paiements.dus import droits
from tests.dossiers import fabrique
from tests.dossiers.versements import payer, proposer, rejeter
from tests.site.caisse.connexion import client_de

COLONNES = ("regle", "a_payer", "bloque", "a_venir")
pytestmark = pytest.mark.django_db
SIGNATURE, PAYE, JOUR = datetime.date(2023, 6, 1), datetime.date(2024, 7, 15), datetime.date(2025, 8, 20)


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def contrats(caisse, gestionnaire):
    """Two years paid, then: nothing more; a transfer returned; a suspension; a termination; and one never paid."""
    valideur = fabrique.agent(caisse, Role.VALIDEUR)
    trouves = {
        nom: fabrique.contrat_en_cours(gestionnaire, SIGNATURE) for nom in ("simple", "rejete", "suspendu", "fini")
    }
    payer(caisse, PAYE, gestionnaire, valideur)
    reference = trouves["rejete"].lignes_versement.get().reference
    recu = fabrique.instant(PAYE + datetime.timedelta(days=3))
    banque.recevoir(caisse.pk, "r.xml", rejeter("S", reference), valideur, quand=recu)
    responsable = fabrique.agent(caisse, Role.RESPONSABLE)
    for nom, acte, jour in (
        ("suspendu", "suspendre", datetime.date(2025, 8, 4)), ("fini", "resilier", datetime.date(2024, 9, 30)),
    ):  # fmt: skip
        cycle.appliquer(
            trouves[nom].pk, acte, responsable, date_effet=jour, motif="motif", donnees={"par": "caisse"},
            quand=fabrique.instant(jour),
        )  # fmt: skip
    trouves["neuf"] = fabrique.contrat_en_cours(gestionnaire, datetime.date(2025, 7, 1))
    trouves["signe"] = fabrique.contrat_signe(gestionnaire, datetime.date(2025, 7, 1))
    return trouves


@pytest.fixture
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


def dits(contrats, jour):
    """What the law says due, by calendar year."""
    sommes = Counter()
    for du in droits([etat_de(contrat) for contrat in contrats], jour):
        for annee in du.annees:
            for versement in annee.versements:
                sommes[versement.date.year] += versement.montant
    return sommes


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(jour=st.dates(PAYE, datetime.date(2029, 1, 1)))
@example(JOUR)
def test_la_somme_des_colonnes_est_ce_que_la_loi_dit_du(contrats, jour):
    tous = list(Contrat.objects.order_by("pk"))
    position, loi = suivi.etablir(tous, jour), dits(tous, jour)
    assert {an: s.du for an, s in position.annees.items() if s.du} == {an: du for an, du in loi.items() if du}
    for sommes in position.annees.values():
        assert sommes.regle + sommes.a_payer + sommes.bloque + sommes.a_venir == sommes.du
        assert min(sommes.regle, sommes.a_payer, sommes.bloque, sommes.a_venir) >= 0
    if jour == JOUR:
        totaux = {nom: sum(getattr(s, nom) for s in position.annees.values()) for nom in COLONNES}
        assert min(totaux.values()) > 0


def test_ce_qui_est_bloque_dit_pourquoi(contrats):
    position = suivi.etablir(list(Contrat.objects.order_by("pk")), JOUR)
    motifs = {(b.contrat.pk, b.motif.partition(" :")[0]): b.centimes for b in position.bloques}
    attendus = {
        "simple": "année 3 à évaluer", "rejete": "virement rejeté par la banque", "suspendu": "contrat suspendu",
        "signe": "contrat signé mais pas mis en cours",
    }  # fmt: skip
    for nom, motif in attendus.items():
        assert motifs[contrats[nom].pk, motif] > 0, nom
    assert not {contrats["neuf"].pk, contrats["fini"].pk} & {cle for cle, _ in motifs}


def test_s11_le_tableau_de_bord_montre_ce_qui_est_du_et_bloque(
    caisse, contrats, gestionnaire, sans_second_facteur, time_machine
):
    time_machine.move_to(fabrique.instant(JOUR))
    campagne = proposer(caisse, JOUR, gestionnaire)
    reponse = client_de(gestionnaire).get(reverse("caisse:tableau_de_bord"))
    tableau = reponse.context["tableau"]
    propose = sum(ligne.montant for ligne in campagne.lignes.filter(statut="proposee"))
    assert tableau.en_campagne == propose > 0
    assert sum(a.a_payer for a in tableau.argent.values()) == propose
    page = reponse.content.decode().replace("\u00a0", " ")
    for dit in ("Bloqué", "Année 3 à évaluer", "Contrat suspendu", contrats["suspendu"].numero):
        assert dit in page
