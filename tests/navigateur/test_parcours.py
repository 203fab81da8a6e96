"""Each way through the simulator, as a user, with and without JavaScript; figures compared with the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from binome import francais
from tests.navigateur.gestes import (
    continuer,
    par_la_ligne_de_commande,
    plat,
    repondre,
    resultat_en_json,
    situation_de_l_adresse,
)


def comparer_a_la_ligne_de_commande(page: Page, dossier: Path) -> dict[str, Any]:
    """What the page gives and shows is what the command line says."""
    donne = resultat_en_json(page)
    attendu = par_la_ligne_de_commande(situation_de_l_adresse(page), dossier)
    assert donne == attendu
    vu = plat(page.locator("main").inner_text())
    for annee in attendu["annees"]:
        montant = annee["montant_prevu"]
        assert plat(francais.euros(montant)) in vu
    if attendu["total_cinq_ans"] is not None:
        assert plat(francais.euros(attendu["total_cinq_ans"])) in vu
    for condition in attendu["verdict"]["conditions"]:
        assert plat(condition["libelle"]) in plat(page.locator("main").text_content() or "")
    for echeance in attendu["echeances"]:
        assert plat(echeance["libelle"]) in vu
    return attendu


def generaliste(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Je n’ai pas encore de contrat").click()
    repondre(page, "medecin.specialite", "medecine_generale")
    repondre(page, "medecin.secteur", "secteur_1")
    continuer(page)
    repondre(page, "patientele.patientele_mt", "1 200")
    repondre(page, "patientele.file_active", "1600")
    continuer(page)
    repondre(page, "contrat.date_signature", "2026-12-01")
    repondre(page, "contrat.option", "un_etp")
    if page.locator('[name="assistant.locaux_adaptes"]').count():
        repondre(page, "assistant.locaux_adaptes", "oui")
    repondre(page, "assistant.date_embauche", "2027-01-04")
    continuer(page)


def test_un_generaliste_sans_contrat(page_au_choix: Page, tmp_path: Path) -> None:
    page = page_au_choix
    generaliste(page)
    expect(page.locator("#verdict")).to_contain_text("Éligible")
    attendu = comparer_a_la_ligne_de_commande(page, tmp_path)
    assert attendu["situation"]["patientele"]["patientele_mt"] == 1200
    assert attendu["annees"][0]["montant_prevu"] > 0


def test_un_specialiste_sous_son_seuil_apprend_ce_qui_manque(page_au_choix: Page, tmp_path: Path) -> None:
    page = page_au_choix
    page.goto("/simulation/nouveau/moi")
    repondre(page, "medecin.specialite", "medecine_generale")
    repondre(page, "medecin.secteur", "secteur_2")
    continuer(page)
    repondre(page, "patientele.patientele_mt", "300")
    repondre(page, "patientele.file_active", "500")
    continuer(page)
    repondre(page, "contrat.date_signature", "2026-12-01")
    continuer(page)
    expect(page.locator("#verdict")).to_contain_text("Non éligible")
    attendu = comparer_a_la_ligne_de_commande(page, tmp_path)
    for conseil in attendu["verdict"]["pour_changer"]:
        assert plat(conseil) in plat(page.locator(".verdict").inner_text())


def test_un_contrat_de_2020_garde_ses_regles(page_au_choix: Page, tmp_path: Path) -> None:
    page = page_au_choix
    page.goto("/")
    page.get_by_role("link", name="J’ai déjà un contrat").click()
    repondre(page, "contrat.date_signature", "2020-09-01")
    repondre(page, "contrat.option", "demi_etp")
    repondre(page, "medecin.specialite", "medecine_generale")
    repondre(page, "medecin.secteur", "secteur_1")
    continuer(page)
    repondre(page, "patientele.patientele_mt", "1300")
    repondre(page, "patientele.patientele_mt_adultes", "1100")
    repondre(page, "patientele.file_active", "1700")
    continuer(page)
    repondre(page, "objectifs_notifies.patientele_mt.cible", "1200")
    repondre(page, "objectifs_notifies.file_active.cible", "1800")
    repondre(page, "resultats.3.patientele_mt", "1150")
    repondre(page, "resultats.3.file_active", "1750")
    continuer(page)
    attendu = comparer_a_la_ligne_de_commande(page, tmp_path)
    assert attendu["regime"] == "AV8"
    assert [r["annee"] for r in attendu["situation"]["resultats"]] == [3]


def test_un_groupe_demande_l_aide_collective(page_au_choix: Page, tmp_path: Path) -> None:
    page = page_au_choix
    page.goto("/")
    page.get_by_role("link", name="Nous sommes un groupe").click()
    repondre(page, "groupe.forme_juridique", "SISA")
    repondre(page, "groupe.date_signature", "2026-12-01")
    continuer(page)
    for rang, (mt, file_active) in enumerate([("1350", "1890"), ("1180", "1640"), ("940", "1410")], start=1):
        if not page.locator(f'[name="groupe.membres.{rang}.patientele_mt"]').count():
            page.get_by_role("button", name="Ajouter un médecin").click()
        repondre(page, f"groupe.membres.{rang}.patientele_mt", mt)
        repondre(page, f"groupe.membres.{rang}.file_active", file_active)
        repondre(page, f"groupe.membres.{rang}.secteur", "secteur_1")
    continuer(page)
    repondre(page, "groupe.etp_demandes", "2")
    repondre(page, "assistant.locaux_adaptes", "oui")
    continuer(page)
    attendu = comparer_a_la_ligne_de_commande(page, tmp_path)
    assert attendu["dispositif"] == "collectif"
    assert len(attendu["situation"]["groupe"]["membres"]) == 3


def test_ce_qui_s_ecrit_pendant_que_la_page_change_est_garde(page: Page) -> None:
    """The questions are redrawn after an answer: the next one, being typed meanwhile, must not be lost."""
    page.route("**/simulation/nouveau/patientele*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto("/simulation/nouveau/patientele?medecin.specialite=medecine_generale&medecin.secteur=secteur_1")
    page.locator('[name="patientele.patientele_mt"]').fill("1300")
    suivant = page.locator('[name="patientele.file_active"]')
    with page.expect_response("**/simulation/nouveau/patientele*"):
        suivant.focus()
        page.keyboard.type("1700", delay=150)
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling')")
    expect(suivant).to_have_value("1700")
    expect(page.locator('[name="patientele.patientele_mt"]')).to_have_value("1300")
    expect(suivant).to_be_focused()


def test_l_adresse_se_partage_et_se_rouvre(page_au_choix: Page) -> None:
    page = page_au_choix
    generaliste(page)
    partage = page.locator("#partage").input_value()
    premier = plat(page.locator("main").inner_text())
    page.goto("/")
    page.goto(partage)
    assert plat(page.locator("main").inner_text()) == premier


def test_une_erreur_garde_le_reste(page_au_choix: Page, script: bool) -> None:
    page = page_au_choix
    page.goto("/simulation/nouveau/moi")
    repondre(page, "medecin.specialite", "cardiologie_vasculaire")
    repondre(page, "medecin.secteur", "secteur_1")
    continuer(page)
    repondre(page, "patientele.file_active", "beaucoup")
    with page.expect_navigation():
        page.locator('button[name="suite"]').click()
    expect(page.locator("#erreurs")).to_contain_text("nombre entier attendu")
    expect(page.locator('[name="patientele.file_active"]')).to_have_value("beaucoup")
    page.locator("#erreurs a").first.click()
    champ = page.locator('[name="patientele.file_active"]')
    expect(champ).to_be_in_viewport()
    if script:
        expect(champ).to_be_focused()


def test_ce_que_la_caisse_seule_sait_se_saisit(page_au_choix: Page) -> None:
    page = page_au_choix
    page.goto(
        "/simulation/resultat?date_appreciation=2026-11-23&medecin.specialite=medecine_generale"
        "&medecin.secteur=secteur_1&patientele.patientele_mt=1300&patientele.file_active=1700"
        "&contrat.date_signature=2025-02-03&contrat.option=un_etp&assistant.locaux_adaptes=oui"
    )
    repondre(page, "objectifs_notifies.file_active.cible", "1850")
    page.get_by_role("button", name="Recalculer", exact=True).click()
    page.wait_for_url("**objectifs_notifies.file_active.cible=1850**")
    expect(page.locator(".chiffres-cles")).to_contain_text("+150")
