"""The rules: found with and without accents, at a date, by topic and certainty; what is unknown says so."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from openfisca_core.parameters import Parameter

from binome.francais import date_longue
from binome.simulation.moteur.systeme import systeme
from binome.simulation.parametres import comparer, en_vigueur
from binome.site.guide.loi import historique
from openfisca_assistants_medicaux.apports import AUCUN
from openfisca_assistants_medicaux.certitude import NOMS
from tests.site.guide.outils import Page, mots, ouvrir

if TYPE_CHECKING:
    from django.test import Client


def regles(page: Page) -> list[str]:
    """Names of the rules that a list shows."""
    trouves = re.findall(r'<li>\s*<h3>\s*<a href="/guide/sources/([^/"]+)/">', page.html)
    assert len(set(trouves)) == len(trouves)
    return trouves


def test_toutes_les_regles_avec_leur_valeur_et_leurs_references(client: Client) -> None:
    page = ouvrir(client, "sources/")
    attendues = en_vigueur(timezone.localdate())
    assert set(regles(page)) == {p.nom for p in attendues}
    assert f"{len(attendues)} règles en vigueur le" in page.texte
    for parametre in attendues:
        assert mots(parametre.description) in page.texte, parametre.nom
        assert f"{mots(parametre.valeur_ecrite)} {parametre.certitude_en_mots}" in page.texte, parametre.nom
        assert all(mots(r.titre) in page.texte for r in parametre.references), parametre.nom
        assert not parametre.note or mots(parametre.note) in page.texte, parametre.nom


def test_une_valeur_inconnue_le_dit(client: Client) -> None:
    page = ouvrir(client, "sources/?recherche=formule&theme=objectifs")
    assert "objectifs.formule" in regles(page)
    assert "inconnue à ce jour valeur inconnue" in page.texte
    seule = ouvrir(client, "sources/objectifs.formule/").texte
    assert "inconnue à ce jour" in seule
    assert "Demandez la valeur à votre CPAM" in seule


@pytest.mark.parametrize("ecrit", ["préavis", "preavis", "PRÉAVIS", " préavis  ", "médecin preavis"])
def test_la_recherche_ne_tient_pas_compte_des_accents(client: Client, ecrit: str) -> None:
    page = Page(client.get("/guide/sources/", {"recherche": ecrit}).content.decode())
    trouvees = regles(page)
    assert "vie_du_contrat.resiliation_medecin.preavis" in trouvees
    assert all(nom.startswith("vie_du_contrat.") for nom in trouvees)
    assert f"{len(trouvees)} règles en vigueur le" in page.texte
    sans_accent = Page(client.get("/guide/sources/", {"recherche": ecrit.replace("é", "e").lower()}).content.decode())
    assert trouvees == regles(sans_accent)
    assert f'value="{ecrit}"' in page.html


def test_rien_ne_repond(client: Client) -> None:
    page = ouvrir(client, "sources/?recherche=zzz")
    assert regles(page) == []
    assert "Aucune règle ne répond à cette recherche" in page.texte


def test_les_filtres(client: Client) -> None:
    attendues = en_vigueur(timezone.localdate())
    for theme in ("montants", "formation"):
        page = ouvrir(client, f"sources/?theme={theme}")
        assert set(regles(page)) == {p.nom for p in attendues if p.theme == theme}
    for certitude in NOMS:
        page = ouvrir(client, f"sources/?certitude={certitude}")
        assert set(regles(page)) == {p.nom for p in attendues if p.certitude == certitude}
    inconnues = regles(ouvrir(client, "sources/?certitude=inconnue"))
    assert set(inconnues) == {p.nom for p in attendues if not p.connue}
    assert inconnues


@pytest.mark.parametrize("ecrite", ["2023-04-30", "30/04/2023"])
def test_la_date_choisie(client: Client, ecrite: str) -> None:
    page = ouvrir(client, f"sources/?date={ecrite}")
    assert set(regles(page)) == {p.nom for p in en_vigueur(datetime.date(2023, 4, 30))}
    assert "en vigueur le 30 avril 2023" in page.texte
    assert "640 patients" in page.texte


def test_avant_le_dispositif(client: Client) -> None:
    page = ouvrir(client, "sources/?date=2010-01-01")
    assert "Aucune règle n'était en vigueur le 1er janvier 2010" in page.texte


@pytest.mark.parametrize(
    ("requete", "champ", "dit"),
    [
        ("date=2026-02-31", "En vigueur le", "« 2026-02-31 » refusé ; date réelle attendue, JJ/MM/AAAA ou AAAA-MM-JJ"),
        ("date=hier", "En vigueur le", "« hier » refusé ; date réelle attendue"),
        ("date=0000-01-01", "En vigueur le", "« 0000-01-01 » refusé"),
        ("theme=zzz", "Thème", "« zzz » n'existe pas ; attendu : regimes, eligibilite"),
        ("certitude=sur", "Certitude", "« sur » n'existe pas ; attendu : texte, cite, secondaire, hypothese, inconnue"),
        (f"recherche={'a' * 201}", "Chercher dans les règles", "compte 201 caractères ; attendu : 200 au plus"),
        ("recherche=a%00b", "Chercher dans les règles", "nul"),
    ],
)
def test_un_champ_impossible_garde_la_page(client: Client, requete: str, champ: str, dit: str) -> None:
    autre = "" if "theme" in requete else "&theme=montants"
    page = ouvrir(client, f"sources/?{requete}{autre}", 422)
    assert dit.lower() in page.texte.lower()
    assert f"{champ} :" in page.texte
    assert "Un champ est à corriger" in page.texte
    assert regles(page) == []
    if autre:
        assert '<option value="montants" selected>' in page.html
    assert 'aria-invalid="true"' in page.html


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_les_dates_extremes_repondent(client: Client, date: str) -> None:
    ouvrir(client, f"sources/?date={date}")
    ouvrir(client, f"sources/comparer/?avant={date}&apres={date}")


def test_la_mise_a_jour_vive_n_envoie_que_les_resultats(client: Client) -> None:
    entiere = client.get("/guide/sources/?recherche=preavis")
    reponse = client.get("/guide/sources/?recherche=preavis", headers={"HX-Request": "true"})
    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert "<html" not in html
    assert "<form" not in html
    assert regles(Page(html)) == regles(Page(entiere.content.decode()))
    assert 'id="compte" role="status" class="compte" hx-swap-oob="true"' in html
    assert "HX-Push-Url" not in reponse.headers
    assert "HX-Request" in reponse.headers["Vary"]
    refusee = client.get("/guide/sources/?date=hier", headers={"HX-Request": "true"})
    assert refusee.status_code == 422
    assert "date réelle attendue" in refusee.content.decode()


def test_la_recherche_est_vive_et_marche_sans_script(client: Client) -> None:
    html = mots(ouvrir(client, "sources/").html)
    assert 'method="get" action="/guide/sources/" hx-get="/guide/sources/"' in html
    assert "input changed delay:250ms" in html
    assert 'hx-target="#resultats"' in html
    assert "hx-push-url" not in html
    assert '<button class="bouton" type="submit">' in html


# -- one rule ---------------------------------------------------------------------------------------------------------


def feuilles() -> list[str]:
    return sorted(p.name for p in systeme(AUCUN).parameters.get_descendants() if isinstance(p, Parameter))


@pytest.mark.parametrize("nom", feuilles())
def test_chaque_regle_a_sa_page_et_toute_son_histoire(client: Client, nom: str) -> None:
    page = ouvrir(client, f"sources/{nom}/")
    feuille = next(p for p in systeme(AUCUN).parameters.get_descendants() if p.name == nom)
    assert len(historique(nom)) == len(feuille.values_list)
    for valeur in feuille.values_list:
        assert mots(date_longue(datetime.date.fromisoformat(valeur.instant_str))) in page.texte
        assert all(mots(r["title"]) in page.texte for r in valeur.metadata["reference"])
    for arbitrage in feuille.metadata.get("arbitrages") or ():
        assert arbitrage in page.texte


def test_une_regle_supprimee_le_dit(client: Client) -> None:
    texte = ouvrir(client, "sources/formation.delai_debut/").texte
    assert "Sans objet aujourd'hui" in texte
    assert "22 juin 2024 Supprimé" in texte
    assert "21 août 2019 24 mois texte officiel Jusqu'au 21 juin 2024" in texte


def test_un_percentile_a_son_histoire(client: Client) -> None:
    texte = ouvrir(client, "sources/distributions.medecine_generale.patientele_mt.p30/").texte
    assert texte.index("775 patients") < texte.index("1er mai 2023") < texte.index("640 patients")


def test_une_regle_qui_n_existe_pas(client: Client) -> None:
    page = ouvrir(client, "sources/formation.cqp.dure/", 404)
    assert "Aucune règle ne porte ce nom" in page.texte
    assert "/guide/sources/formation.cqp.duree/" in page.liens
    ouvrir(client, "sources/%3Cscript%3E/", 404)


# -- two dates --------------------------------------------------------------------------------------------------------


def compares(page: Page) -> dict[str, list[str]]:
    """Rows of the comparison by the name of the rule."""
    return {rangee[0]: rangee[1:] for tableau in page.tableaux for rangee in tableau.rangees[1:]}


def test_comparer_deux_dates(client: Client) -> None:
    page = ouvrir(client, "sources/comparer/?avant=2024-06-21&apres=2024-06-22")
    attendus = comparer(datetime.date(2024, 6, 21), datetime.date(2024, 6, 22))
    assert f"{len(attendus)} règles différentes entre le 21 juin 2024 et le 22 juin 2024" in page.texte
    rangees = compares(page)
    assert set(rangees) == {mots(c.description) for c in attendus}
    assert rangees["Aide 1 ETP, 1re année"] == ["36 000 € par an", "38 000 € par an"]
    assert rangees["Délai pour commencer la formation"] == ["24 mois", "supprimé"]


def test_comparer_sans_rien_dire_montre_le_dernier_regime(client: Client) -> None:
    page = ouvrir(client, "sources/comparer/")
    regime = next(p for p in en_vigueur(timezone.localdate()) if p.nom == "regimes.regime")
    veille = regime.depuis - datetime.timedelta(days=1)
    assert f"entre le {mots(date_longue(veille))} et le" in page.texte
    assert f'value="{veille.isoformat()}"' in page.html


def test_comparer_cherche_aussi(client: Client) -> None:
    page = ouvrir(client, "sources/comparer/?avant=2023-04-30&apres=2023-05-01&recherche=télésecrétariat")
    assert list(compares(page)) == ["Le télésecrétariat de remplacement se justifie à la signature"]
    rien = ouvrir(client, "sources/comparer/?avant=2023-06-01&apres=2023-06-02")
    assert "Rien ne change entre le 1er juin 2023 et le 2 juin 2023" in rien.texte


def test_comparer_refuse_des_dates_a_l_envers(client: Client) -> None:
    page = ouvrir(client, "sources/comparer/?avant=2024-01-01&apres=2020-01-01", 422)
    assert "« 01/01/2020 » précède la première date ; attendu : une date à partir du 01/01/2024" in page.texte
    assert 'value="2024-01-01"' in page.html
