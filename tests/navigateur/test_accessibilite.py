"""Every page: axe-core finds nothing serious, nothing overflows a telephone, the keyboard is enough."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.navigateur.adresses import ADRESSE

REFUSE = ADRESSE.replace("secteur_1", "secteur_2").replace("=1300", "=300")
GROUPE = (
    "/simulation/resultat?date_appreciation=2026-11-23&groupe.date_signature=2026-11-10&groupe.forme_juridique=SCM"
    "&groupe.etp_demandes=2&groupe.membres.1.secteur=secteur_1&groupe.membres.1.patientele_mt=1350"
    "&groupe.membres.1.file_active=1890&groupe.membres.2.secteur=secteur_1&groupe.membres.2.patientele_mt=1180"
    "&groupe.membres.2.file_active=1640&assistant.locaux_adaptes=oui"
)
PAGES = {
    "accueil": "/",
    "moi": "/simulation/nouveau/moi?medecin.specialite=chirurgie_generale",
    "patientele": "/simulation/nouveau/patientele?medecin.specialite=medecine_generale",
    "projet": "/simulation/nouveau/projet?medecin.specialite=medecine_generale&assistant.secretaire_promue=oui",
    "projet_en_faute": "/simulation/nouveau/projet?contrat.date_signature=demain&suite=1",
    "contrat": "/simulation/contrat/contrat",
    "suivi": "/simulation/contrat/suivi?contrat.date_signature=2020-09-01&medecin.specialite=medecine_generale"
    "&contrat.option=demi_etp",
    "membres": "/simulation/groupe/membres",
    "projet_du_groupe": "/simulation/groupe/projet",
    "resultat": ADRESSE,
    "resultat_sans_option": ADRESSE.replace("&contrat.option=un_etp", ""),
    "refus": REFUSE,
    "groupe": GROUPE,
    "explication": ADRESSE.replace("resultat?", "explication?figure=annees.3.montant_prevu&"),
    "guide": "/guide/",
    "missions": "/guide/missions/",
    "conditions": "/guide/conditions/",
    "profils": "/guide/profils/",
    "recruter": "/guide/recruter/",
    "annee_3": "/guide/annee-3/",
    "histoire": "/guide/histoire/",
    "glossaire": "/guide/glossaire/",
    "sources": "/guide/sources/",
    "comparer": "/guide/sources/comparer/",
    "parametre": "/guide/sources/montants.un_etp.annee_1/",
    "donnees": "/guide/donnees-personnelles/",
    "accessibilite": "/guide/accessibilite/",
    "api": "/api/",
    "introuvable": "/rien",
}
GRAVES = {"serious", "critical"}


def montrer_tout(page: Page) -> None:
    """Unfold everything: what is folded is read too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


@pytest.mark.parametrize("nom", PAGES)
def test_axe_ne_trouve_rien_de_grave(telephone: Page, nom: str) -> None:
    if nom == "introuvable":
        telephone.attendus.append("Failed to load resource: the server responded with a status of 404 (Not Found)")
    telephone.goto(PAGES[nom])
    montrer_tout(telephone)
    trouve = Axe().run(telephone).response["violations"]
    graves = [f"{v['id']} : {v['help']} — {v['nodes'][0]['html']}" for v in trouve if v["impact"] in GRAVES]
    assert not graves, "\n".join(graves)
    large = telephone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert large <= 0, f"{nom} dépasse de {large} px à 390 px"
    titres = telephone.evaluate("[...document.querySelectorAll('main h1')].length")
    assert titres == 1


def test_axe_sur_un_bureau_et_dans_la_fenetre(page: Page) -> None:
    page.goto(ADRESSE)
    page.locator("a.pourquoi").first.click()
    expect(page.locator("#explication")).to_be_visible()
    trouve = Axe().run(page).response["violations"]
    assert not [v["id"] for v in trouve if v["impact"] in GRAVES]


def test_le_clavier_suffit(page: Page) -> None:
    page.goto("/simulation/nouveau/moi")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator('[name="medecin.specialite"]')).to_be_focused()
    contour = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert contour == "solid"
    page.keyboard.type("Pneumologie")
    page.keyboard.press("Tab")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(page.locator('[name="medecin.specialite"]')).to_have_value("pneumologie")


def test_les_regles_se_cherchent(page_au_choix: Page) -> None:
    page = page_au_choix
    page.goto("/guide/sources/")
    champ = page.get_by_role("searchbox")
    champ.fill("plafond etp")
    champ.press("Enter")
    expect(page.locator("main")).to_contain_text("plafond", ignore_case=True)
