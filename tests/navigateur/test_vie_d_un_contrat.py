"""A whole life in the browser: simulation, file, signature, hire, payments, evaluation, contestation, renewal."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.documents.pieces import image, pdf
from tests.navigateur import scene

#: The fund's pages: on each engine (`make test-postgresql`).
pytestmark = pytest.mark.base

SIMULATION = (
    "/simulation/resultat?medecin.specialite=medecine_generale&medecin.secteur=secteur_1&medecin.zone=zip"
    "&medecin.nombre_medecins_lieu=3&medecin.engagement_exercice_coordonne=oui&patientele.patientele_mt=1300"
    "&patientele.patientele_mt_adultes=1100&patientele.patientele_mt_enfants=200&patientele.file_active=1800"
    "&contrat.date_signature=2021-09-01&contrat.option=demi_etp&assistant.locaux_adaptes=oui"
)


PAGES_DE_LA_CAISSE = (
    "/caisse/",
    "/caisse/contrats/",
    "{dossier}",
    "{dossier}transition/classer",
    "{dossier}acte/note",
    "{dossier}courrier",
    "{dossier}courrier?modele=versement",
    "/caisse/contrats/nouveau",
    "/caisse/medecins/",
    "/caisse/medecins/1/",
    "/caisse/medecins/1/modifier",
    "/caisse/releves/",
    "/caisse/releves/1/",
    "/caisse/versements/",
    "/caisse/versements/1/",
    "/caisse/ecritures/1/",
    "/caisse/courriers/",
    "/caisse/demarchage/",
    "/caisse/demarchage/medecins/2/",
    "/caisse/tableau-de-bord/",
    "/comptes/sessions/",
)


def sans_defaut(page: Page) -> None:
    """axe-core finds nothing serious, and nothing overflows."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    fautes = [
        f"{v['id']} : {v['nodes'][0]['html'][:200]}"
        for v in Axe().run(page).response["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert not fautes, (page.url, fautes)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def entrer(page: Page, qui: str) -> None:
    page.goto("/comptes/login/")
    page.get_by_label("Adresse électronique").fill(f"{qui}@exemple.invalid")
    page.get_by_label("Mot de passe").fill(scene.MOT_DE_PASSE)
    page.locator("main").get_by_role("button", name="Se connecter").click()


def remplir(page: Page, bouton: str, **champs: str) -> None:
    """Fill a form by the names of its fields, and send it."""
    for nom, valeur in champs.items():
        champ = page.locator(f"main [name='{nom}']")
        if champ.evaluate("e => e.tagName") == "SELECT":
            champ.select_option(valeur)
        else:
            champ.fill(valeur)
    page.locator("main").get_by_role("button", name=bouton, exact=True).click()


def suivre(page: Page, lien: str) -> None:
    page.locator("main").get_by_role("link", name=lien, exact=True).first.click()


def deposer(page: Page, nature: str, nom: str, octets: bytes) -> None:
    suivre(page, "Ajouter une pièce")
    page.locator("[name=nature]").select_option(nature)
    page.locator("[name=fichier]").set_input_files({"name": nom, "mimeType": "application/pdf", "buffer": octets})
    page.get_by_role("button", name="Enregistrer").click()


def joindre(page: Page, champ: str, nom: str, octets: bytes) -> None:
    page.locator(f"[name={champ}]").set_input_files({"name": nom, "mimeType": "application/pdf", "buffer": octets})


def accepter_une_piece(page: Page) -> None:
    """Another agent looks at the first document that waits, and accepts it."""
    page.goto("/caisse/")
    page.locator("#pieces + ul").get_by_role("link", name="Contrôler").first.click()
    expect(page.locator(".pages-vues img").first).to_be_visible()
    page.get_by_label("Accepter").check()
    remplir(page, "Enregistrer")


def evenement(page: Page, lien: str) -> None:
    page.get_by_text("Enregistrer un événement").click()
    suivre(page, lien)


def payer(gestionnaire: Page, valideur: Page, date: str) -> None:
    """A campaign proposed by one, validated and issued by another."""
    gestionnaire.goto("/caisse/versements/")
    remplir(gestionnaire, "Préparer", date=date)
    expect(gestionnaire.get_by_text("À valider par un autre agent, valideur")).to_be_visible()
    valideur.goto(gestionnaire.url)
    for acte in ("Valider la campagne", "Émettre les virements"):
        # Asked once more, with the total.
        suivre(valideur, acte)
        valideur.locator("main").get_by_role("button", name=re.compile(f"{acte} : .*€")).click()
    expect(valideur.locator("h1 + .etat")).to_have_text("Émise")


def test_de_la_simulation_au_renouvellement(page: Page, autre_page: Page) -> None:
    valideur = autre_page
    entrer(page, "gestionnaire")
    entrer(valideur, "valideur")

    # From the simulation to the file.
    page.goto("/caisse/contrats/nouveau")
    remplir(page, "Ouvrir le dossier", rpps=scene.RPPS, simulation=f"http://ailleurs.invalid{SIMULATION}")
    expect(page.get_by_text("ouvert : Éligible à l’aide.")).to_be_visible()
    dossier = page.url
    assert re.search(r"/caisse/contrats/\d+/$", dossier)

    # Signature: a date in the wrong order changes nothing.
    suivre(page, "Envoyer à la signature")
    remplir(page, "Envoyer à la signature")
    suivre(page, "Enregistrer la signature")
    remplir(page, "Enregistrer la signature", date="2031-01-01")
    expect(page.get_by_text("date passée attendue")).to_be_visible()
    cibles = {"objectifs_notifies.patientele_mt.cible": "1560", "objectifs_notifies.file_active.cible": "1910"}
    remplir(page, "Enregistrer la signature", date="2021-09-01", **cibles)
    expect(page.locator(".tete-dossier .etat")).to_have_text("Signé")

    # Documents: a disguised one is refused.
    suivre(page, "Mettre en cours")
    remplir(page, "Mettre en cours")
    expect(page.get_by_text("embauche : attendue")).to_be_visible()
    page.goto(dossier)
    deposer(page, "contrat_signe", "contrat.pdf", b"<html>")
    expect(page.get_by_text("n’est pas celui d’un fichier")).to_be_visible()
    page.goto(dossier)
    deposer(page, "contrat_signe", "contrat.pdf", pdf())
    deposer(page, "contrat_travail", "travail.png", image())
    for _ in range(2):
        accepter_une_piece(valideur)

    # The hire, the account.
    evenement(page, "Embauche")
    remplir(
        page, "Enregistrer", nom="Bourgeon", prenom="Lou", profil="deas", date_debut="2021-09-06", heures="17.5",
        type_contrat="cdi", employeur="direct", teletravail="aucun",
    )  # fmt: skip
    suivre(page, "Saisir le RIB")
    joindre(page, "fichier", "rib.pdf", pdf())
    remplir(page, "Proposer ce compte", titulaire="Dr Aubépine", iban="FR7630006000011234567890180")
    expect(page.get_by_text("numéro invalide").first).to_be_visible()
    joindre(page, "fichier", "rib.pdf", pdf())
    remplir(page, "Proposer ce compte", iban=scene.IBAN)
    valideur.goto("/caisse/")
    valideur.locator("#comptes + ul").get_by_role("link", name="Examiner").click()
    expect(valideur.locator(".pages-vues img").first).to_be_visible()
    valideur.get_by_label("Le compte est bien celui du RIB").check()
    remplir(valideur, "Enregistrer")
    expect(valideur.get_by_text("titulaire averti")).to_be_visible()
    page.goto(dossier)
    suivre(page, "Mettre en cours")
    remplir(page, "Mettre en cours")
    expect(page.locator(".tete-dossier .etat")).to_have_text("En cours")

    # Years 1 and 2.
    payer(page, valideur, "2022-10-01")
    payer(page, valideur, "2023-03-01")
    page.goto(dossier)
    expect(page.locator("#argent + dl")).to_contain_text("0 €")
    expect(page.get_by_role("table", name="Grand livre du dossier")).to_contain_text("12 600 €")

    # Statements: a bad file applies nothing, a good one applies whole.
    page.goto("/caisse/releves/")
    titres = "rpps,date,patientele_mt_adultes,patientele_mt_enfants,file_active\n"
    for contenu, attendu in (
        (f"{titres}1,2023-06-30,1,1,1\n", "Rien ne sera appliqué"),
        ("x", "Rien n’a été enregistré"),
    ):
        page.goto("/caisse/releves/")
        page.locator("[name=fichier]").set_input_files(
            {"name": "releves.csv", "mimeType": "text/csv", "buffer": contenu.encode()}
        )
        page.get_by_role("button", name="Lire le fichier").click()
        expect(page.get_by_text(attendu)).to_be_visible()
    page.goto("/caisse/releves/")
    lignes = "".join(
        f"{scene.RPPS},{an}-06-30,{mt},200,{fa}\n"
        for an, mt, fa in ((2023, 1330, 1855), (2024, 1600, 1950), (2025, 1600, 1950))
    )
    page.locator("[name=fichier]").set_input_files(
        {"name": "releves.csv", "mimeType": "text/csv", "buffer": (titres + lignes).encode()}
    )
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("button", name="Appliquer 3 relevés").click()
    expect(page.get_by_text("3 relevés ajoutés")).to_be_visible()

    # Year 3 at prorata, paid; contested, corrected; the difference follows.
    page.goto(dossier)
    suivre(page, "Évaluer l’année 3")
    expect(page.get_by_text("Proposition : 50 %")).to_be_visible()
    remplir(page, "Décider")
    payer(page, valideur, "2023-10-01")
    page.goto(dossier)
    suivre(page, "Enregistrer une contestation")
    remplir(page, "Enregistrer", motif="Dix patients manquent au relevé.")
    suivre(page, "Décider de nouveau")
    remplir(page, "Décider", part="75")
    expect(page.get_by_text("motif : attendu")).to_be_visible()
    remplir(page, "Décider", part="0.75", motif="Relevé corrigé après vérification.")
    expect(page.get_by_text("À confirmer : 75 %")).to_be_visible()
    remplir(page, "Décider")
    payer(page, valideur, "2024-04-01")
    page.goto(dossier)
    expect(page.get_by_role("table", name="Années du contrat")).to_contain_text("7 875 €")

    # Why was I paid this? The line, done again.
    page.get_by_role("table", name="Grand livre du dossier").get_by_role("link").first.click()
    expect(page.get_by_text("même résultat, au centime")).to_be_visible()

    # Years 4 and 5, the term, the renewal.
    for annee in (4, 5):
        page.goto(dossier)
        suivre(page, f"Évaluer l’année {annee}")
        remplir(page, "Décider")
    page.goto(dossier)
    suivre(page, "Constater le terme")
    remplir(page, "Constater le terme")
    evenement(page, "Dossier de renouvellement")
    remplir(page, "Enregistrer", date_signature="2026-09-15")
    # The new file opens; each names the other.
    expect(page.get_by_text("ouvert : Éligible à l’aide.")).to_be_visible()
    expect(page.locator(".tete-dossier .etat")).to_have_text("Brouillon")
    suivre(page, "Envoyer à la signature")
    remplir(page, "Envoyer à la signature")
    if page.get_by_text("le responsable de caisse peut décider").count():
        # What the rules do not settle is the head of the fund's to decide.
        entrer_a_la_place(page, "responsable")
        remplir(page, "Envoyer à la signature", motif="Renouvellement décidé après examen.")
        suivre(page, "Enregistrer la signature")
        remplir(page, "Enregistrer la signature", date="2026-09-15", motif="Renouvellement décidé après examen.")
    else:
        suivre(page, "Enregistrer la signature")
        remplir(page, "Enregistrer la signature", date="2026-09-15")
    page.goto(dossier)
    expect(page.locator(".tete-dossier .etat")).to_have_text("Renouvelé")

    # Each page of the fund, on a telephone: nothing serious for assistive technology, nothing overflows.
    page.set_viewport_size({"width": 390, "height": 844})
    for adresse in PAGES_DE_LA_CAISSE:
        page.goto(adresse.format(dossier=dossier))
        sans_defaut(page)

    # The file as it was known before anything happened today; the doctor sees their own.
    page.goto(f"{dossier}?au=2021-03-12")
    expect(page.get_by_text("n’était pas encore ouvert")).to_be_visible()
    medecin = page.context.browser.new_context(base_url=page.url.split("/caisse")[0]).new_page()  # type: ignore[union-attr]
    entrer(medecin, "medecin")
    medecin.locator(".carte").last.click()
    expect(medecin.get_by_text("7 875 €").first).to_be_visible()
    sans_defaut(medecin)
    expect(medecin.get_by_role("table", name="Écritures de mon dossier")).to_contain_text("Virement émis")
    medecin.context.close()


def entrer_a_la_place(page: Page, qui: str) -> None:
    """Another agent takes the seat, on the same page."""
    ou = page.url
    page.get_by_role("button", name="Se déconnecter").click()
    entrer(page, qui)
    page.goto(ou)


def test_un_contrat_collectif(page: Page) -> None:
    entrer(page, "responsable")
    page.goto("/caisse/contrats/nouveau")
    membres = ",".join(
        '{"specialite":"medecine_generale","secteur":"secteur_1","patientele_mt":1200,"file_active":1700}'
        for _ in scene.MEMBRES
    )
    donnees = (
        '{"groupe":{"date_signature":"2026-04-07","forme_juridique":"SCM","etp_demandes":2,"membres":['
        + membres
        + "]},"
        '"assistant":{"locaux_adaptes":true}}'
    )
    societe = page.locator("[name=structure] option", has_text="SCM des Essais").get_attribute("value")
    assert societe is not None
    remplir(page, "Ouvrir le dossier", simulation=donnees, structure=societe, membres="\n".join(scene.MEMBRES[:2]))
    expect(page.get_by_text("3 attendus, 2 donnés")).to_be_visible()
    remplir(page, "Ouvrir le dossier", membres="\n".join(scene.MEMBRES))
    dossier = page.url
    for rang in range(3):
        page.goto(dossier)
        deposer(page, "bulletin_adhesion", f"bulletin{rang}.pdf", pdf())
        evenement(page, "Bulletin d’adhésion")
        page.locator("[name=adhesion]").select_option(index=rang + 1)
        page.locator("[name=bulletin]").select_option(index=1)
        page.get_by_role("button", name="Enregistrer").click()
    suivre(page, "Envoyer à la signature")
    remplir(page, "Envoyer à la signature", motif="Examiné en commission.")
    suivre(page, "Enregistrer la signature")
    remplir(page, "Enregistrer la signature", date="2026-04-07", motif="Examiné en commission.")
    expect(page.locator(".tete-dossier .etat")).to_have_text("Signé")
    expect(page.get_by_role("table", name="Années du contrat")).to_contain_text("76 000 €")
    # A member cannot sign alone any more.
    page.goto("/caisse/contrats/nouveau")
    remplir(page, "Ouvrir le dossier", rpps=scene.MEMBRES[0], simulation=SIMULATION.replace("2021-09-01", "2026-10-01"))
    suivre(page, "Envoyer à la signature")
    remplir(page, "Envoyer à la signature", motif="Essai.")
    suivre(page, "Enregistrer la signature")
    remplir(page, "Enregistrer la signature", date="2026-10-01", motif="Essai.")
    expect(page.get_by_text("déjà engagé par un autre contrat")).to_be_visible()
