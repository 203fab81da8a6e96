"""The recovery of a claim, on the pages: each act by each role, on both kinds of contract, and a whole story."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from binome.dossiers.models import Contrat, Ecriture
from binome.dossiers.nomenclatures import Compte, Dispositif, Genre, Nature, Role
from binome.dossiers.paiements import creances
from binome.dossiers.paiements.actes import ACTES, possibles
from binome.dossiers.paiements.recouvrement import recouvrement_de
from tests.dossiers import fabrique, vies
from tests.site.caisse.connexion import client_de
from tests.site.caisse.scenes import acteur_de, collectif_en_cours, en_cours

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2026, 9, 1)
DU = 120_000


@pytest.fixture(autouse=True)
def sans_second_facteur(settings, time_machine):
    settings.MFA_OBLIGATOIRE = False
    time_machine.move_to(datetime.datetime.combine(JOUR, datetime.time(10)))


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def lire(reponse) -> str:
    return str(reponse.content.decode()).replace("\u202f", " ").replace("\u00a0", " ").replace("&nbsp;", " ")


def devoir(contrat: Contrat) -> None:
    """The two lines of a claim of 1 200 €."""
    for compte, signe in ((Compte.AIDE, 1), (Compte.CREANCE, -1)):
        Ecriture.objects.create(
            contrat=contrat, compte=compte, nature=Nature.INDU, montant=signe * DU, date_effet=JOUR, date_valeur=JOUR,
            libelle="Trop-perçu", cle=f"indu:essai:{contrat.pk}:{compte.value}", consigne_le=fabrique.instant(JOUR, 8),
        )  # fmt: skip


def rien(contrat: Contrat, acteur: Any) -> None:
    del contrat, acteur


def notifie(contrat: Contrat, acteur: Any) -> None:
    creances.notifier(contrat.pk, acteur, date=JOUR)


def en_recours(contrat: Contrat, acteur: Any) -> None:
    notifie(contrat, acteur)
    creances.enregistrer_un_recours(contrat.pk, acteur, date=JOUR, motif="relevé faux")


def demande(contrat: Contrat, acteur: Any) -> None:
    creances.demander_un_abandon(contrat.pk, acteur, abandon="remise", montant=5_000, motif="difficultés")


#: For each act: what comes before it, and what an agent writes.
CAS: dict[str, tuple[Callable[[Contrat, Any], None], dict[str, str]]] = {
    "indu-notifie": (rien, {"date": "01/09/2026"}),
    "retenue": (notifie, {"mode": "plafonnee", "plafond": "150,50"}),
    "echeancier": (notifie, {"premiere": "15/09/2026", "nombre": "7"}),
    "recours": (notifie, {"date": "01/09/2026", "motif": "relevé faux"}),
    "recours-tranche": (en_recours, {"date": "01/09/2026", "issue": "rejete", "motif": "relevé exact"}),
    "abandon": (rien, {"abandon": "non_valeur", "montant": "1 200", "motif": "médecin introuvable"}),
    "abandon-accorde": (demande, {}),
    "abandon-refuse": (demande, {"motif": "ressources suffisantes"}),
}


def test_chaque_acte_a_son_cas() -> None:
    assert set(CAS) == set(ACTES)


@pytest.mark.parametrize("nom", CAS)
@pytest.mark.parametrize("dispositif", Dispositif)
def test_la_page_de_chaque_acte_pour_chaque_dispositif_et_chaque_role(nom: str, dispositif, gestionnaire) -> None:
    acte, (preparer, reponses) = ACTES[nom], CAS[nom]
    contrat = (en_cours if dispositif == Dispositif.INDIVIDUEL else collectif_en_cours)(gestionnaire)
    adresse, fiche = reverse("caisse:acte", args=[contrat.pk, nom]), reverse("caisse:contrat", args=[contrat.pk])
    assert adresse not in lire(client_de(gestionnaire).get(fiche))
    devoir(contrat)
    preparer(contrat, gestionnaire)
    for role in Role:
        acteur = gestionnaire if role == Role.GESTIONNAIRE else acteur_de(role, contrat)
        client = client_de(acteur)
        if role not in acte.roles:
            assert {client.get(adresse).status_code, client.post(adresse, reponses).status_code} == {403}, role
            continue
        assert nom in {possible.nom for possible in possibles(contrat, acteur)}
        assert adresse in lire(client.get(fiche))
        assert client.get(adresse).status_code == 200
        with transaction.atomic():
            reponse = client.post(adresse, reponses)
            assert reponse.status_code == 302, reponse.context and reponse.context["formulaire"].errors
            assert contrat.evenements.filter(genre=acte.genre).exists()
            assert client.get(fiche).status_code == 200
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("nom", "reponses", "dit"),
    [
        ("retenue", {"mode": "plafonnee"}, "un montant est attendu pour une retenue plafonnée"),
        ("retenue", {"mode": "totale", "plafond": "10"}, "et pour elle seule"),
        ("retenue", {"mode": "plafonnee", "plafond": "peu"}, "peu"),
        ("echeancier", {"premiere": "31/08/2026", "nombre": "3"}, "un jour à venir est attendu"),
        ("echeancier", {"premiere": "15/09/2026", "nombre": "0"}, "entre 1 et 240 attendu"),
        ("echeancier", {"premiere": "15/09/2026", "nombre": "3,5"}, "3,5"),
        ("recours", {"date": "02/09/2026", "motif": "faux"}, "date passée attendue"),
        ("abandon", {"abandon": "remise", "montant": "1 200,01", "motif": "x"}, "entre 0,01 € et la créance attendu"),
        ("abandon", {"abandon": "remise", "montant": "10", "motif": ""}, "motif"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_et_rien_n_est_ecrit(
    nom: str, reponses: dict[str, str], dit: str, gestionnaire
) -> None:
    contrat = en_cours(gestionnaire)
    devoir(contrat)
    notifie(contrat, gestionnaire)
    avant = contrat.evenements.count()
    reponse = client_de(gestionnaire).post(reverse("caisse:acte", args=[contrat.pk, nom]), reponses)
    assert reponse.status_code == 422
    assert dit in lire(reponse).replace("&#x27;", "'")
    assert contrat.evenements.count() == avant


def test_une_creance_se_vit_sur_les_pages_du_constat_a_la_remise(time_machine) -> None:
    vie = vies.vivre(vies.trop_percu)
    contrat, caisse = vie.contrat, vie.contrat.caisse
    du = recouvrement_de(contrat).du
    agent, valideur = client_de(vie.gestionnaire), client_de(vie.valideur)
    fiche, journee = reverse("caisse:contrat", args=[contrat.pk]), reverse("caisse:journee")

    def acte(client, nom: str, **dites: str) -> str:
        return lire(client.post(reverse("caisse:acte", args=[contrat.pk, nom]), dites, follow=True))

    assert "Trop-perçus à notifier" in lire(agent.get(journee))
    dit = acte(agent, "indu-notifie", date="01/09/2026")
    assert f"{reverse('caisse:ecrire', args=[contrat.pk])}?modele=indu" in dit
    assert "Trop-perçus à notifier" not in lire(agent.get(journee))
    assert "pas choisi de retenue" in lire(agent.get(fiche))
    acte(agent, "retenue", mode="plafonnee", plafond="100")
    assert "100 € au plus sur le prochain versement" in lire(agent.get(fiche))
    echelonne = acte(agent, "echeancier", premiere="15/09/2026", nombre="7")
    assert echelonne.count("à venir") >= 7
    acte(agent, "recours", date="01/09/2026", motif="relevé faux")
    assert "le recouvrement attend" in lire(agent.get(fiche))
    assert "Recours contre un trop-perçu" in lire(agent.get(journee))
    acte(agent, "recours-tranche", date="01/09/2026", issue="rejete", motif="relevé exact")
    time_machine.move_to(datetime.datetime(2026, 10, 20, 10))
    agent, valideur = client_de(vie.gestionnaire), client_de(vie.valideur)
    assert "Mensualités en retard" in lire(agent.get(journee))
    assert "en retard" in lire(agent.get(fiche))
    acte(agent, "abandon", abandon="remise", montant="50", motif="difficultés")
    assert "Remises et non-valeurs à décider" in lire(valideur.get(journee))
    acte(valideur, "abandon-accorde")
    contrat.refresh_from_db()
    tenu = recouvrement_de(contrat)
    assert (tenu.du, tenu.abandonne) == (du - 5_000, 5_000)
    assert contrat.evenements.filter(genre=Genre.ABANDON_ACCORDE).exists()
    medecin = client_de(fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin))
    vu = lire(medecin.get(reverse("medecin:contrat", args=[contrat.pk])))
    assert "Échéancier" in vu
    assert "difficultés" not in vu
    # As known on a day before any of it.
    avant = lire(agent.get(fiche, {"au": "2026-08-31"}))
    assert "Échéancier" not in avant
    assert "à notifier" in avant
    assert caisse.seuil_abandon == 0
