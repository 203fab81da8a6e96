"""The result page: « et si ? », explanations, documents to take away."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import icalendar
import pypdf
from playwright.sync_api import Page, expect

from binome import francais
from binome.simulation.reponse.simuler import Simulation
from binome.site.simulateur import conversation
from tests.navigateur.adresses import ADRESSE
from tests.navigateur.gestes import plat


def attendu(page: Page, mt: int, file_active: int):
    """What the law pays in year 3 under these numbers."""
    reponses = dict(parse_qsl(urlsplit(ADRESSE).query)) | {
        "projections.3.patientele_mt": str(mt),
        "projections.3.file_active": str(file_active),
    }
    return Simulation(conversation.situation_de(reponses)).resultat().annees[2]


def a_l_ecran(phrase: str) -> re.Pattern[str]:
    """A sentence as pages write it: with no-break spaces and curly apostrophes."""
    return re.compile(r"\s+".join(re.escape(mot).replace("'", "['’]") for mot in phrase.split()))


def bouger(page: Page, champ: str, valeur: int) -> None:
    page.locator(f'[name="{champ}"]').evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})) }", str(valeur)
    )


def test_les_curseurs_montrent_le_versement_aussitot(page: Page) -> None:
    page.goto(ADRESSE)
    reponse = page.locator("#et-si-reponse")
    montants = set()
    for mt, file_active in ((1600, 1750), (1400, 1760), (1400, 1690)):
        bouger(page, "projections.3.patientele_mt", mt)
        bouger(page, "projections.3.file_active", file_active)
        annee = attendu(page, mt, file_active)
        expect(reponse.locator(".montant")).to_have_text(francais.euros(annee.montant_prevu).replace(" ", "\u202f"))
        # The amount may be the same as before the slider moved: the sentence says when the answer is the new one.
        expect(reponse).to_contain_text(a_l_ecran(annee.explication))
        expect(page.locator('output[for="id_projections.3.patientele_mt"]')).to_have_text(francais.nombre(mt))
        montants.add(annee.montant_prevu)
    assert len(montants) == 3, "entière, au prorata, nulle"
    assert 0 in montants


def test_sans_script_les_curseurs_ont_un_bouton(navigateur, serveur: str) -> None:
    contexte = navigateur.new_context(base_url=serveur, java_script_enabled=False)
    page = contexte.new_page()
    page.goto(ADRESSE)
    avant = page.locator("#et-si-reponse .montant").inner_text()
    for indicateur in ("patientele_mt", "file_active"):
        page.locator(f'[id="id_projections.3.{indicateur}"]').press("Home")
    page.get_by_role("button", name="Calculer", exact=True).click()
    page.wait_for_url("**projections.3.file_active=**")
    assert avant != "0\u00a0€"
    expect(page.locator("#et-si-reponse .montant")).to_have_text("0\u00a0€")
    contexte.close()


def test_un_chiffre_s_explique(page_au_choix: Page, script: bool) -> None:
    page = page_au_choix
    page.goto(ADRESSE)
    page.locator("#argent").scroll_into_view_if_needed()
    page.locator("section[aria-labelledby=argent] a.pourquoi").first.click()
    explication = page.locator("#explication") if script else page.locator("main")
    expect(explication).to_contain_text("Ce que dit la loi")
    expect(explication).to_contain_text("Certitude")
    if script:
        expect(page.locator("#explication h2")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#explication")).to_be_hidden()
        expect(page.locator("section[aria-labelledby=argent] a.pourquoi").first).to_be_focused()
    else:
        page.get_by_role("link", name="Revenir au résultat").click()
        expect(page.locator("#verdict")).to_be_visible()


def test_tout_s_emporte(page: Page, tmp_path: Path) -> None:
    page.goto(ADRESSE)
    recus = {}
    for nom in ("PDF pour le rendez-vous", "Échéances (.ics)", "Tableau (CSV)"):
        with page.expect_download() as attente:
            page.get_by_role("link", name=nom).click()
        chemin = tmp_path / attente.value.suggested_filename
        attente.value.save_as(chemin)
        recus[chemin.suffix] = chemin
    pdf = pypdf.PdfReader(recus[".pdf"])
    assert len(pdf.pages) == 2
    texte = plat(" ".join(feuille.extract_text() for feuille in pdf.pages))
    resultat = Simulation(conversation.situation_de(dict(parse_qsl(urlsplit(ADRESSE).query)))).resultat()
    for annee in resultat.annees:
        assert plat(francais.euros(annee.montant_prevu)) in texte
    agenda = icalendar.Calendar.from_ical(recus[".ics"].read_bytes())
    dates = {str(evenement.decoded("dtstart")) for evenement in agenda.walk("VEVENT")}
    assert {echeance.date.isoformat() for echeance in resultat.echeances} <= dates
    lignes = recus[".csv"].read_text(encoding="utf-8-sig").splitlines()
    assert len(lignes) > len(resultat.annees)


def test_les_graphiques_sont_dessines(page: Page) -> None:
    page.goto(ADRESSE)
    images = page.locator("main picture img")
    assert images.count() >= 2
    for rang in range(images.count()):
        image = images.nth(rang)
        image.scroll_into_view_if_needed()
        page.wait_for_function("e => e.complete && e.naturalWidth > 100", arg=image.element_handle())
        assert len(image.get_attribute("alt") or "") > 20
