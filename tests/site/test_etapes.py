"""The conversation, without a browser: what each step asks, keeps, refuses, and where it leads."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from tests.site.parcours import MOI, PATIENTELE, PROJET, texte


def soumettre(client: Client, chemin: str, reponses: dict[str, str]):
    """Submit a step as a browser without script does: first what the page asked, then what it adds."""
    page = client.get(chemin, reponses | {"suite": "1", "posees": ""})
    if page.status_code == 200:
        posees = page.context["posees"]
        page = client.get(chemin, reponses | {"suite": "1", "posees": posees})
    return page


def test_l_accueil_invite_a_simuler(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    for chemin in ("/simulation/nouveau/moi", "/simulation/contrat/contrat", "/simulation/groupe/societe"):
        assert f'href="{chemin}"' in page.content.decode()


def test_les_trois_etapes_menent_au_resultat(client: Client) -> None:
    suite = soumettre(client, "/simulation/nouveau/moi", MOI)
    assert suite.status_code == 302
    assert suite.url.startswith("/simulation/nouveau/patientele?")
    suite = soumettre(client, "/simulation/nouveau/patientele", MOI | PATIENTELE)
    assert suite.url.startswith("/simulation/nouveau/projet?")
    suite = soumettre(client, "/simulation/nouveau/projet", MOI | PATIENTELE | PROJET)
    assert suite.url.startswith("/simulation/resultat?")
    parametres = parse_qs(urlsplit(suite.url).query)
    assert parametres["patientele.patientele_mt"] == ["1300"]
    assert "date_appreciation" in parametres, "l'adresse rouvre le même résultat"
    resultat = client.get(suite.url)
    assert resultat.status_code == 200
    assert "38 000 €" in texte(resultat)


def test_une_etape_vide_ne_demande_que_ses_reponses(client: Client) -> None:
    """The model also misses the whole doctor; the reader of a form has fields, not groups."""
    page = client.get("/simulation/nouveau/moi", {"suite": "1"})
    assert page.status_code == 422
    assert "une réponse est attendue" in texte(page)
    assert "« groupe »" not in texte(page)


def test_une_suspension_sans_debut_se_dit_au_bon_champ(client: Client) -> None:
    reponses = MOI | PATIENTELE | PROJET | {"contrat.date_fin_suspension": "2027-03-01", "suite": "1"}
    page = client.get("/simulation/resultat", reponses)
    assert page.status_code == 422
    assert "valeur attendue avec" in texte(page)


def test_une_reponse_manquante_est_demandee_et_le_reste_garde(client: Client) -> None:
    page = client.get("/simulation/nouveau/moi", {"medecin.specialite": "pediatrie", "suite": "1"})
    assert page.status_code == 422
    assert "une réponse est attendue" in texte(page)
    assert '<option value="pediatrie" selected>' in page.content.decode()
    assert 'href="#id_medecin.secteur"' in page.content.decode()


@pytest.mark.parametrize(
    ("chemin", "champ", "valeur", "attendu"),
    [
        ("/simulation/nouveau/patientele", "patientele.file_active", "beaucoup", "nombre entier attendu"),
        ("/simulation/nouveau/patientele", "patientele.file_active", "-3", "au moins égal à 0"),
        ("/simulation/nouveau/patientele", "patientele.file_active", "99999999", "au plus égal à"),
        ("/simulation/nouveau/projet", "contrat.date_signature", "demain", "JJ/MM/AAAA"),
        ("/simulation/nouveau/projet", "contrat.date_signature", "2017-01-01", "21/08/2019"),
        ("/simulation/nouveau/projet", "contrat.option", "trois", "proposées"),
        ("/simulation/nouveau/moi", "medecin.specialite", "astrologie", "proposées"),
        ("/simulation/nouveau/moi", "medecin.quotite_liberale", "150", "entre 1 et 100"),
        ("/simulation/nouveau/projet", "cout.salaire_brut_mensuel", "cher", "attendu"),
        ("/simulation/nouveau/projet", "cout.taux_prevoyance", "50", "entre 0 et 20"),
        ("/simulation/nouveau/projet", "cout.part_de_charges", "99,9", "nulle ou entre 1 et 95"),
        ("/simulation/nouveau/projet", "cout.salaire_brut_mensuel", "5", "au moins le SMIC"),
        ("/simulation/nouveau/projet", "contrat.date_signature", "2090-01-01", "trop lointaine"),
        ("/simulation/nouveau/projet", "assistant.date_embauche", "1950-06-01", "précède le dispositif"),
        ("/simulation/nouveau/projet", "assistant.date_embauche", "2040-06-01", "suit la fin du contrat"),
        ("/simulation/nouveau/projet", "cout.honoraire_consultation", "30000", "au plus égal à"),
    ],
)
def test_une_valeur_impossible_a_son_message(
    client: Client, chemin: str, champ: str, valeur: str, attendu: str
) -> None:
    reponses = MOI | PATIENTELE | PROJET | {champ: valeur}
    page = client.get(chemin, reponses | {"suite": "1", "posees": champ})
    assert page.status_code == 422
    formulaire = page.context["formulaire"]
    assert champ in formulaire.errors, formulaire.errors
    assert attendu in " ".join(formulaire.errors[champ]).replace("\u00a0", " ")
    autres = [nom for nom in formulaire.fields if nom != champ and nom in reponses]
    assert autres
    for nom in autres:
        assert formulaire[nom].value() == reponses[nom], f"{nom} est gardé"


def test_chaque_champ_impossible_a_le_sien(client: Client) -> None:
    """Every question of every step, given an impossible value, says so beside its field."""
    from binome.site.simulateur.champs import champ_de
    from binome.site.simulateur.parcours import NOUVEAU

    impossibles = {"entier": "douze", "decimal": "x", "taux": "x", "date": "x", "oui_non": "peut-être", "liste": "x"}
    essayes = 0
    for etape in NOUVEAU.etapes:
        chemin = f"/simulation/nouveau/{etape.nom}"
        posees = client.get(chemin, MOI | PATIENTELE | PROJET).context["posees"].split()
        for champ in posees:
            genre = champ_de(champ).genre
            reponses = MOI | PATIENTELE | PROJET | {champ: impossibles[genre]}
            page = client.get(chemin, reponses | {"suite": "1", "posees": " ".join(posees)})
            if champ not in page.context["formulaire"].fields:
                continue  # a wrong specialty makes other questions useless
            assert page.status_code == 422, champ
            assert champ in page.context["formulaire"].errors, champ
            essayes += 1
    assert essayes > 20


def test_une_question_de_plus_est_annoncee_avant_d_avancer(client: Client) -> None:
    reponses = {"medecin.specialite": "chirurgie_generale", "medecin.secteur": "secteur_1"}
    page = client.get(
        "/simulation/nouveau/moi", reponses | {"suite": "1", "posees": "medecin.specialite medecin.secteur"}
    )
    assert page.status_code == 200
    assert "questions de plus" in texte(page)
    suite = client.get("/simulation/nouveau/moi", reponses | {"suite": "1", "posees": page.context["posees"]})
    assert suite.status_code == 302


def test_htmx_recoit_les_questions_et_l_apercu_seuls(client: Client) -> None:
    page = client.get("/simulation/nouveau/moi", MOI, headers={"HX-Request": "true"})
    contenu = page.content.decode()
    assert "<html" not in contenu
    assert 'hx-swap-oob="innerHTML"' in contenu
    assert "Éligibilité à confirmer" in contenu


def test_un_groupe_ajoute_des_medecins(client: Client) -> None:
    page = client.get("/simulation/groupe/membres", {"groupe.forme_juridique": "SCM", "ajouter": "1"})
    assert "groupe.membres.3.patientele_mt" in page.context["formulaire"].fields
    membre = {"groupe.membres.1.patientele_mt": "900"}
    page = client.get("/simulation/groupe/membres", membre | {"groupe.forme_juridique": "SCM", "suite": "1"})
    assert page.status_code == 422
    assert set(page.context["formulaire"].errors) == {"groupe.membres.1.file_active", "groupe.membres.1.secteur"}


def test_un_rang_demesure_ne_dessine_qu_une_rangee(client: Client) -> None:
    page = client.get("/simulation/groupe/membres", {"groupe.membres.9999.patientele_mt": "3"})
    assert page.status_code == 200
    assert _rangs(page) == {"1", "2", "9999"}
    page = client.get("/simulation/groupe/membres", {"groupe.membres.9999.patientele_mt": "3", "ajouter": "1"})
    assert _rangs(page) == {"1", "2", "3", "9999"}


def _rangs(page) -> set[str]:
    return {nom.split(".")[2] for nom in page.context["formulaire"].fields}


def test_un_groupe_saisi_en_entier_tient_dans_une_adresse(client: Client) -> None:
    """The pages add rows as long as the address of a form with every answer stays within what servers read."""
    choix = {
        "patientele_mt": "1 300",
        "file_active": "1 700",
        "secteur": "secteur_2_optam",
        "specialite": "medecine_generale",
        "mode_exercice_particulier": "non",
        "date_installation": "2026-06-01",
        "date_adhesion": "2026-12-01",
        "pamsu_docteur_junior": "non",
        "contrat_individuel_en_cours": "non",
    }
    reponses = {f"groupe.membres.{rang}.{nom}": texte for rang in range(1, 21) for nom, texte in choix.items()}
    page = client.get("/simulation/groupe/membres", reponses | {"ajouter": "1"})
    assert len(_rangs(page)) == 20, "aucune rangée de plus"
    assert "20 médecins au plus" in texte(page)
    assert 'name="ajouter"' not in page.content.decode()
    envoi = reponses | {"groupe.forme_juridique": "SCM", "groupe.date_signature": "2026-12-01", "suite": "1"}
    assert len(urlencode(envoi | {"posees": page.context["posees"]})) < 8000


@pytest.mark.parametrize("date", ["abc", "30/02/2020", "2018-01-01", ""])
def test_une_date_fautive_garde_les_autres_reponses(client: Client, date: str) -> None:
    """Which questions are asked depends on the date: while it is wrong, or being rewritten, their answers stay."""
    reponses = {
        "medecin.specialite": "medecine_generale",
        "medecin.secteur": "secteur_1",
        "medecin.zone": "zip",
        "medecin.nombre_medecins_lieu": "3",
        "medecin.engagement_exercice_coordonne": "oui",
        "contrat.option": "un_etp",
    }
    page = client.get("/simulation/contrat/contrat", reponses | {"contrat.date_signature": date, "suite": "1"})
    assert page.status_code == 422
    gardees = dict(page.context["gardees"])
    formulaire = page.context["formulaire"]
    for nom, valeur in reponses.items():
        assert gardees.get(nom) == valeur or formulaire[nom].value() == valeur, nom


def test_un_exposant_demesure_est_refuse(client: Client) -> None:
    page = client.get("/simulation/resultat", MOI | PATIENTELE | PROJET | {"medecin.quotite_liberale": "1e9999999"})
    assert page.status_code == 422
    assert "medecin.quotite_liberale" in page.context["formulaire"].errors


def test_une_faute_reste_sur_sa_rangee(client: Client) -> None:
    noms = [f"groupe.membres.{rang}.{nom}" for rang in (2, 3, 4, 9) for nom in ("patientele_mt", "file_active")]
    reponses = dict.fromkeys(noms, "1200") | {"groupe.date_signature": "2026-12-01", "groupe.etp_demandes": "2"}
    page = client.get("/simulation/resultat", reponses | {"groupe.membres.2.patientele_mt": "abc"})
    assert page.status_code == 422
    assert set(page.context["formulaire"].errors) == {"groupe.membres.2.patientele_mt"}


@pytest.mark.parametrize("methode", ["post", "put", "delete"])
def test_les_pages_se_lisent_seulement(client: Client, methode: str) -> None:
    for chemin in ("/", "/simulation/nouveau/moi", "/simulation/resultat", "/simulation/binome.pdf"):
        assert getattr(client, methode)(chemin).status_code == 405


def test_une_adresse_abimee_ramene_a_son_etape(client: Client) -> None:
    page = client.get("/simulation/resultat", MOI | PROJET | {"patientele.file_active": "mille"})
    assert page.status_code == 422
    assert "Erreur" in texte(page)
    assert "patientele.file_active" in page.context["formulaire"].errors
    assert page.context["page"].nom == "patientele"


@pytest.mark.parametrize("chemin", ["/simulation/nouveau/rien", "/simulation/rien/moi", "/rien"])
def test_une_page_qui_n_existe_pas(client: Client, chemin: str) -> None:
    page = client.get(chemin)
    assert page.status_code == 404
    assert "n'existe pas" in texte(page)


def test_une_faute_de_plusieurs_champs_va_au_sien(client: Client) -> None:
    page = client.get(
        "/simulation/contrat/suivi",
        MOI
        | PATIENTELE
        | {
            "contrat.date_signature": "2024-09-02",
            "contrat.option": "un_etp",
            "contrat.date_debut_suspension": "2025-06-01",
            "contrat.date_fin_suspension": "2025-01-01",
            "suite": "1",
        },
    )
    assert page.status_code == 422
    erreurs = page.context["formulaire"].errors
    assert set(erreurs) == {"contrat.date_fin_suspension"}
    message = " ".join(erreurs["contrat.date_fin_suspension"])
    assert "01/06/2025" in message
    assert "date_fin" not in message


def test_ce_qu_aucune_question_ne_corrige_est_dit_puis_laisse(client: Client) -> None:
    """A wrong answer hidden in the form would be refused for ever."""
    page = client.get("/simulation/resultat", MOI | PATIENTELE | PROJET | {"resultats.101.file_active": "12"})
    assert page.status_code == 422
    assert page.context["formulaire"].fautes
    assert not [nom for nom, _ in page.context["gardees"] if nom.startswith("resultats.")]


def test_un_montant_non_determine_se_saisit(client: Client) -> None:
    """A second assistant's amounts are in no text read: what the fund notified is typed, and makes the years."""
    second = {
        "medecin.zone": "zip",
        "contrat.option": "deux_etp",
        "contrat.option_contrat_en_cours": "un_etp",
        "contrat.annee_contrat_en_cours": "3",
        "contrat.objectifs_contrat_en_cours_atteints": "oui",
    }
    page = client.get("/simulation/resultat", MOI | PATIENTELE | PROJET | second)
    manquants = page.context["manquants"].fields
    colonnes = {"annee_1", "annee_2", "annee_3_et_suivantes"}
    assert colonnes == {nom.partition(".")[2] for nom in manquants if nom.startswith("montants_notifies.")}
    assert "non déterminé" in texte(page)
    montants = zip(sorted(colonnes), ("76 000", "56000,50", "44000"), strict=True)
    notifies = {f"montants_notifies.{nom}": montant for nom, montant in montants}
    page = client.get("/simulation/resultat", MOI | PATIENTELE | PROJET | second | notifies)
    assert [annee.montant_prevu for annee in page.context["r"].annees][:3] == [7_600_000, 5_600_050, 4_400_000]
    assert "264 000,50 €" in texte(page)
    assert 'name="montants_notifies.annee_2" value="56000.50"' in page.content.decode()


def test_des_montants_notifies_veulent_une_option(client: Client) -> None:
    sans_option = {"contrat.date_signature": "2026-12-01", "montants_notifies.annee_1": "76000"}
    page = client.get("/simulation/resultat", MOI | PATIENTELE | sans_option)
    assert page.status_code == 422
    assert [faute.ancre for faute in page.context["formulaire"].fautes] == ["id_contrat.option_0"]


def test_un_objectif_notifie_se_corrige(client: Client) -> None:
    notifie = {"objectifs_notifies.file_active.cible": "1850"}
    page = client.get("/simulation/resultat", MOI | PATIENTELE | PROJET | notifie)
    assert 'name="objectifs_notifies.file_active.cible" value="1850"' in page.content.decode()
    page = client.get(
        "/simulation/resultat", MOI | PATIENTELE | PROJET | {"objectifs_notifies.file_active.cible": "-3"}
    )
    assert page.status_code == 422
    assert set(page.context["formulaire"].errors) == {"objectifs_notifies.file_active.cible"}


def test_le_resume_dit_de_quel_medecin_il_parle(client: Client) -> None:
    membres = {f"groupe.membres.{rang}.patientele_mt": "900" for rang in (1, 2)}
    page = client.get("/simulation/groupe/membres", membres | {"groupe.forme_juridique": "SCM", "suite": "1"})
    libelles = [faute.libelle for faute in page.context["formulaire"].fautes]
    assert "Médecin 1 : Secteur" in libelles
    assert "Médecin 2 : Secteur" in libelles
