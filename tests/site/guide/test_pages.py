"""Every page of the guide answers, stands straight, and leads somewhere."""

from __future__ import annotations

import cProfile
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.site.guide.outils import PAGES, ouvrir

if TYPE_CHECKING:
    from django.test import Client

#: Calls of functions that a page costs once it was asked for: some sixty milliseconds of an idle processor. They are
#: counted rather than timed, for a busy machine counts the same.
APPELS = 250_000


@pytest.mark.parametrize("chemin", PAGES)
def test_une_page_se_tient(client: Client, chemin: str) -> None:
    page = ouvrir(client, chemin)
    niveaux = [niveau for niveau, _ in page.titres]
    assert niveaux.count(1) == 1
    assert niveaux[0] == 1
    assert all(suivant <= niveau + 1 for niveau, suivant in pairwise(niveaux)), page.titres
    assert all(texte for _, texte in page.titres)
    assert '<html lang="fr">' in page.html
    assert page.styles == []


@pytest.mark.parametrize("chemin", PAGES)
def test_les_tableaux_se_lisent(client: Client, chemin: str) -> None:
    page = ouvrir(client, chemin)
    assert [t.legende for t in page.tableaux if not t.legende] == []
    assert [t.legende for t in page.tableaux if t.entetes_sans_portee] == []
    assert page.html.count("<table") == page.html.count('class="defile"')


@pytest.mark.parametrize("chemin", PAGES)
def test_les_ancres_et_les_identifiants(client: Client, chemin: str) -> None:
    page = ouvrir(client, chemin)
    assert len(set(page.identifiants)) == len(page.identifiants)
    ancres = {lien[1:] for lien in page.liens if lien.startswith("#")} | set(page.appels)
    assert ancres - set(page.identifiants) == set()


def test_les_liens_du_guide_menent_quelque_part(client: Client) -> None:
    adresses = {lien for chemin in PAGES for lien in ouvrir(client, chemin).liens}
    internes = {urlsplit(lien)._replace(fragment="").geturl() for lien in adresses if lien.startswith("/guide/")}
    assert len(internes) > 100
    assert {lien: client.get(lien).status_code for lien in internes if client.get(lien).status_code != 200} == {}
    for lien in adresses:
        if lien.startswith("/guide/") and "#" in lien:
            chemin, ancre = lien.removeprefix("/guide/").split("#")
            assert ancre in ouvrir(client, chemin).identifiants, lien


def test_aucun_lien_ne_sort_vers_le_depot(client: Client) -> None:
    """Pages of docs/ are not in the package: they are named, never linked."""
    for chemin in PAGES:
        assert [lien for lien in ouvrir(client, chemin).liens if lien.startswith("docs/")] == []


@pytest.mark.parametrize("chemin", PAGES)
def test_rien_n_est_depose(client: Client, chemin: str) -> None:
    assert not client.get(f"/guide/{chemin}").cookies


@pytest.mark.parametrize("chemin", PAGES)
def test_une_page_se_lit_sans_ecrire(client: Client, chemin: str) -> None:
    assert client.post(f"/guide/{chemin}").status_code == 405


@pytest.mark.parametrize("chemin", PAGES)
def test_les_pages_repondent_vite(client: Client, chemin: str) -> None:
    client.get(f"/guide/{chemin}")
    with cProfile.Profile() as compteur:
        assert client.get(f"/guide/{chemin}").status_code == 200
    assert sum(fonction.callcount for fonction in compteur.getstats()) < APPELS


def test_l_accueil_mene_a_chaque_page(client: Client) -> None:
    liens = set(ouvrir(client, "").liens)
    for chemin in ("annee-3/", "missions/", "profils/", "recruter/", "histoire/", "glossaire/", "sources/"):
        assert f"/guide/{chemin}" in liens
    for chemin in ("donnees-personnelles/", "accessibilite/"):
        assert f"/guide/{chemin}" in liens


def test_donnees_personnelles_et_accessibilite_sont_honnetes(client: Client) -> None:
    donnees = ouvrir(client, "donnees-personnelles/").texte
    assert "Rien de ce que vous saisissez n'est conservé" in donnees
    assert "Votre situation est dans l'adresse de la page" in donnees
    assert "pas les paramètres de l'adresse" in donnees
    assert "Ce site n'a été audité par aucun tiers" in ouvrir(client, "accessibilite/").texte
