"""What was recorded wrong is corrected, and the last act is undone, from the file's page; nothing written is lost."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.actes import assistant, avenants
from binome.dossiers.contrats.actes.corrections import CORRIGEABLES
from binome.dossiers.contrats.journal import au, etat_de
from binome.dossiers.exploitation.verification import fautes
from binome.dossiers.nomenclatures import Genre, Role, Statut
from binome.site.caisse.corrections import PAGES
from tests.dossiers import fabrique
from tests.dossiers.versements import payer
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


@pytest.fixture
def contrat(gestionnaire):
    return fabrique.contrat_en_cours(gestionnaire, SIGNATURE)


def corriger(client, contrat, genre: Genre, **dit: str):
    """Open the page that corrects the last event of a kind from the file, change some of it, and send it back."""
    evenement = contrat.evenements.filter(genre=genre).last()
    adresse = reverse("caisse:corriger", args=[contrat.pk, evenement.numero])
    assert adresse in client.get(reverse("caisse:contrat", args=[contrat.pk])).content.decode()
    page = client.get(adresse)
    assert page.status_code == 200
    connus = {champ.html_name: champ.value() for champ in page.context["formulaire"]}
    connus = {nom: valeur for nom, valeur in connus.items() if valeur not in {None, False}}
    reponse = client.post(adresse, connus | {"motif": "faute de frappe"} | dit)
    contrat.refresh_from_db()
    return reponse


def test_chaque_acte_qui_se_corrige_a_sa_page():
    assert set(PAGES) == CORRIGEABLES


def test_une_embauche_se_corrige(contrat, gestionnaire):
    client = client_de(gestionnaire)
    assert corriger(client, contrat, Genre.EMBAUCHE).status_code == 422
    reponse = corriger(client, contrat, Genre.EMBAUCHE, date_debut="2024-07-15", heures="20", prenom="Alice")
    assert reponse.status_code == 302
    embauche = contrat.embauches.get()
    assert (embauche.date_debut, embauche.centiemes_heures) == (datetime.date(2024, 7, 15), 2000)
    assert embauche.assistant.prenom == "Alice"
    lue = etat_de(contrat).lire().assistant
    assert lue.date_embauche == datetime.date(2024, 7, 15)
    # The first writing stays, and the file as it was known before is as it was.
    assert contrat.evenements.get(genre=Genre.EMBAUCHE).donnees["date_embauche"] == "2024-07-01"
    assert au(contrat, SIGNATURE).lire().assistant.date_embauche == SIGNATURE
    refus = corriger(client, contrat, Genre.EMBAUCHE, date_debut="2031-01-01")
    assert "date du contrat attendue" in refus.content.decode()
    assert not list(fautes())


def test_une_absence_un_depart_une_formation_se_corrigent(contrat, gestionnaire):
    client, poste = client_de(gestionnaire), contrat.embauches.get()
    assistant.noter_absence(contrat.pk, gestionnaire, debut=datetime.date(2025, 2, 3))
    assert corriger(client, contrat, Genre.ABSENCE, fin="2025-02-28").status_code == 302
    assert etat_de(contrat).lire().assistant.date_fin_absence == datetime.date(2025, 2, 28)
    assistant.noter_formation(
        contrat.pk, poste.assistant, gestionnaire, commencee_le=datetime.date(2024, 9, 2),
        obtenue_le=datetime.date(2025, 9, 1),
    )  # fmt: skip
    assert corriger(client, contrat, Genre.FORMATION, commencee_le="2024-10-01", obtenue_le="").status_code == 302
    poste.assistant.refresh_from_db()
    assert poste.assistant.formation_commencee_le == datetime.date(2024, 10, 1)
    assert poste.assistant.qualification_obtenue_le is None
    assistant.faire_partir(poste.pk, gestionnaire, date_fin=datetime.date(2025, 12, 31), motif="démission")
    assert corriger(client, contrat, Genre.DEPART, date_fin="2025-11-30").status_code == 302
    poste.refresh_from_db()
    assert poste.date_fin == datetime.date(2025, 11, 30)
    assert not list(fautes())


def test_un_avenant_se_corrige_et_ce_qui_est_du_le_suit(contrat, gestionnaire):
    client = client_de(gestionnaire)
    avenants.amender(
        contrat.pk, gestionnaire, date_effet=SIGNATURE.replace(year=2025), motif="notification",
        changements={"montants_notifies.annee_2": "9000", "objectifs_notifies.file_active": {"cible": 2000}},
    )  # fmt: skip
    reponse = corriger(client, contrat, Genre.AVENANT, **{"montants_notifies.annee_2": "9500"})
    assert reponse.status_code == 302
    (avenant,) = etat_de(contrat).avenants
    assert avenant.changements["montants_notifies.annee_2"] == "9500"
    assert avenant.changements["objectifs_notifies.file_active"] == {"cible": 2000}
    page = client.get(reverse("caisse:contrat", args=[contrat.pk]))
    assert page.context["annees"][1].montant_maximal == 950_000
    assert not list(fautes())


def test_seul_un_acte_qui_tient_se_corrige(contrat, gestionnaire):
    client = client_de(gestionnaire)
    signature = contrat.evenements.get(genre=Genre.SIGNATURE)
    assert client.get(reverse("caisse:corriger", args=[contrat.pk, signature.numero])).status_code == 404
    embauche = contrat.evenements.get(genre=Genre.EMBAUCHE)
    valideur = client_de(fabrique.agent(contrat.caisse, Role.VALIDEUR))
    assert valideur.get(reverse("caisse:corriger", args=[contrat.pk, embauche.numero])).status_code == 403


def annuler(client, contrat, motif="erreur de dossier"):
    adresse = reverse("caisse:acte", args=[contrat.pk, "annulation"])
    page = client.get(adresse)
    choix = page.context["formulaire"].fields["numero"].choices
    reponse = client.post(adresse, {"numero": choix[0][0] if choix else "", "motif": motif})
    contrat.refresh_from_db()
    return reponse


def test_le_dernier_acte_s_annule_un_par_un_jusqu_au_brouillon(contrat, gestionnaire):
    """Terminated by mistake, started too early, signed on the wrong file: each is undone, and nothing is lost."""
    client, avant = client_de(gestionnaire), contrat.evenements.count()
    terme = contrat.date_fin
    cycle.appliquer(contrat.pk, "resilier", gestionnaire, date_effet=datetime.date(2026, 6, 30), motif="départ")
    assert annuler(client, contrat, motif=" ").status_code == 422
    for attendu in (Statut.EN_COURS, Statut.SIGNE, Statut.SIGNE, Statut.A_SIGNER, Statut.BROUILLON):
        assert annuler(client, contrat).status_code == 302
        assert contrat.statut == attendu
        if attendu == Statut.EN_COURS:
            assert contrat.date_fin == terme
            assert contrat.engagements.get().fin == terme
    assert not contrat.engagements.exists()
    assert not contrat.embauches.exists()
    assert contrat.evenements.count() == avant + 1 + 5
    assert annuler(client, contrat).status_code == 422
    page = client.get(reverse("caisse:contrat", args=[contrat.pk])).content.decode()
    assert page.count(">annulé<") == 5
    # The doctor is free: another contract may be signed.
    assert fabrique.contrat_signe(gestionnaire, SIGNATURE, contrat.medecin).statut == Statut.SIGNE
    assert not list(fautes())


def test_ce_qui_a_ete_paye_ne_s_annule_plus(contrat, gestionnaire):
    payer(contrat.caisse, datetime.date(2024, 8, 15), gestionnaire, fabrique.agent(contrat.caisse, Role.VALIDEUR))
    client = client_de(gestionnaire)
    assert annuler(client, contrat).status_code == 422
    # An act recorded since is undone: nothing was paid on it.
    assistant.noter_absence(contrat.pk, gestionnaire, debut=datetime.date(2025, 2, 3))
    assert annuler(client, contrat).status_code == 302
    assert etat_de(contrat).lire().assistant.date_debut_absence is None
    assert annuler(client, contrat).status_code == 422


def test_une_correction_s_annule(contrat, gestionnaire):
    client = client_de(gestionnaire)
    corriger(client, contrat, Genre.EMBAUCHE, date_debut="2024-07-15", heures="20")
    assert annuler(client, contrat).status_code == 302
    embauche = contrat.embauches.get()
    assert (embauche.date_debut, embauche.centiemes_heures) == (SIGNATURE, 1750)
    assert etat_de(contrat).lire().assistant.date_embauche == SIGNATURE
    assert not list(fautes())


def test_une_personne_ne_travaille_pas_deux_temps_pleins(contrat, gestionnaire):
    autre = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    qui = contrat.embauches.get().assistant
    client = client_de(gestionnaire)
    saisie = {
        "nom": qui.nom, "prenom": qui.prenom, "profil": "deas", "date_debut": "2024-09-01", "heures": "35",
        "type_contrat": "cdi", "employeur": "direct", "teletravail": "aucun", "connu": qui.pk,
    }  # fmt: skip
    reponse = client.post(reverse("caisse:acte", args=[autre.pk, "embauche"]), saisie)
    assert reponse.status_code == 422
    assert contrat.numero in reponse.content.decode()
    assert (
        client.post(reverse("caisse:acte", args=[autre.pk, "embauche"]), saisie | {"heures": "17,5"}).status_code == 302
    )
