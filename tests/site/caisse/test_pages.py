"""The fund's pages: what they show, how many queries they make, what they refuse."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.models import Affectation, Contrat, Piece
from binome.dossiers.nomenclatures import NaturePiece, Role, Statut
from binome.simulation.reponse.simuler import simuler
from tests.documents.pieces import bombe_objets, pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
LISTES = (
    "journee", "contrats", "medecins", "releves", "versements", "courriers", "prospection", "tableau_de_bord",
    "comptabilite",
)  # fmt: skip


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


def test_les_listes_font_un_nombre_constant_de_requetes(caisse, gestionnaire):
    valideur = fabrique.agent(caisse, Role.VALIDEUR)
    client = client_de(gestionnaire)

    def requetes():
        comptes = {}
        for nom in LISTES:
            client.get(reverse(f"caisse:{nom}"))
            with CaptureQueriesContext(connection) as faites:
                assert client.get(reverse(f"caisse:{nom}")).status_code == 200
            comptes[nom] = len(faites)
        return comptes

    def ajouter(nombre):
        for _ in range(nombre):
            contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
            fabrique.releve(contrat.medecin, datetime.date(2025, 12, 31), 1400, 1900)
            fabrique.contrat_signe(gestionnaire, SIGNATURE)
            fabrique.medecin(caisse)

    ajouter(2)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    avant = requetes()
    ajouter(6)
    payer(caisse, datetime.date(2024, 9, 15), gestionnaire, valideur)
    assert requetes() == avant
    assert max(avant.values()) <= 35


def test_un_dossier_s_ouvre_d_un_resultat_exporte(caisse, gestionnaire):
    medecin = fabrique.medecin(caisse)
    resultat = simuler(fabrique.situation(datetime.date(2026, 10, 1)), datetime.date(2026, 11, 1))
    client = client_de(gestionnaire)
    reponse = client.post(reverse("caisse:nouveau"), {"rpps": medecin.rpps, "simulation": resultat.model_dump_json()})
    contrat = Contrat.objects.get(medecin=medecin)
    assert reponse["Location"] == reverse("caisse:contrat", args=[contrat.pk])
    assert contrat.etat["verdict"]["eligible"] == resultat.verdict.eligible
    assert contrat.etat["version"]["empreinte_loi"]


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"rpps": "123", "simulation": "/simulation/resultat?x=1"}, "médecin de la caisse est attendu"),
        ({"simulation": "{"}, "JSON invalide"),
        ({"simulation": '{"medecin": 3}'}, "medecin"),
        ({"simulation": "n'importe quoi"}, "adresse d&#x27;une page de résultat"),
        ({"simulation": "http://[::1"}, "adresse d&#x27;une page de résultat"),
        ({"simulation": '{"titre": "\\ud800"}'}, "caractère illisible"),
        ({}, "l&#x27;un des deux est attendu"),
        ({"rpps": "ok"}, "date de signature prévue"),
        ({"rpps": "ok", "option": "un_etp", "date_signature": "2026-13-45"}, "date"),
    ],
)
def test_une_ouverture_fautive_ne_change_rien(caisse, gestionnaire, champs, attendu):
    medecin = fabrique.medecin(caisse)
    champs = {nom: medecin.rpps if valeur == "ok" else valeur for nom, valeur in champs.items()}
    reponse = client_de(gestionnaire).post(reverse("caisse:nouveau"), champs)
    assert reponse.status_code == 422
    assert attendu.replace("&#x27;", "’") in reponse.content.decode().replace("&#x27;", "’").replace("\u00a0", " ")
    assert not Contrat.objects.exists()


def test_le_repli_quand_une_date_demandee_est_fausse(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client = client_de(gestionnaire)
    for au in ("hier", "2025-02-31", "2099-01-01"):
        reponse = client.get(reverse("caisse:contrat", args=[contrat.pk]), {"au": au})
        assert reponse.status_code == 200
        assert "attendue" in reponse.content.decode()
    avant = client.get(reverse("caisse:contrat", args=[contrat.pk]), {"au": "2024-06-01"})
    assert "pas encore ouvert" in avant.content.decode().replace("\u00a0", " ")


def test_un_jour_passe_ne_montre_rien_de_consigne_apres(caisse, gestionnaire):
    """Findings B7: the last day, who left, what was done, contested or accepted later."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client = client_de(gestionnaire)
    poste = contrat.embauches.get()
    depart, fin = datetime.date(2026, 2, 10), datetime.date(2026, 9, 12)
    assistant.faire_partir(poste.pk, gestionnaire, date_fin=depart, motif="Démission", quand=fabrique.instant(depart))
    piece = fabrique.piece(contrat, NaturePiece.DIPLOME, fabrique.instant(datetime.date(2026, 1, 5)))
    piece.controlee_le = fabrique.instant(datetime.date(2026, 3, 1))
    piece.save()
    cycle.appliquer(
        contrat.pk, "resilier", fabrique.agent(caisse, Role.RESPONSABLE), date_effet=fin, motif="Retraite.",
        quand=fabrique.instant(datetime.date(2026, 6, 1)),
    )  # fmt: skip
    quand = fabrique.instant(datetime.date(2026, 9, 14))
    cycle.appliquer(contrat.pk, "constater_resiliation", gestionnaire, quand=quand)

    def page(au):
        contenu = client.get(reverse("caisse:contrat", args=[contrat.pk]), {"au": au}).content.decode()
        return " ".join(contenu.replace("\u00a0", " ").split())

    aujourd_hui = page("")
    for dit in ("12 septembre 2026", "jusqu’au 10/02/2026", "Démission", "Résilié", "Retraite."):
        assert dit in aujourd_hui, dit
        assert dit not in page("2026-02-09"), dit
    assert "Reçue, à contrôler" in page("2026-02-28")
    assert "Reçue, à contrôler" not in page("2026-03-01")
    assert "Démission" in page("2026-02-10")
    assert "12 septembre 2026" not in page("2026-05-31")


@pytest.mark.parametrize("hostile", ["²", "١", "http://[::1", "x" * 5_000, "=cmd|x", "\u202e", "-1", "1e999"])
def test_aucune_recherche_ni_aucun_choix_ne_casse(caisse, gestionnaire, hostile):
    client = client_de(gestionnaire)
    for nom in ("contrats", "medecins", "prospection", "versements", "courriers", "releves", "journee"):
        try:
            adresse = reverse(f"caisse:{nom}")
        except NoReverseMatch:
            continue
        champs = dict.fromkeys(("q", "statut", "option", "page", "secteur", "eligible", "modele", "au"), hostile)
        assert client.get(adresse, champs).status_code < 500, adresse
    assert client.post(reverse("comptes:choisir"), {"affectation": hostile}).status_code == 302


def test_une_piece_deguisee_ou_trop_grosse(caisse, gestionnaire, settings):
    settings.TAILLE_MAXIMALE_PIECE = 5_000
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    avant, client = Piece.objects.count(), client_de(gestionnaire)
    for nom, octets in (("a.pdf", b"<script>"), ("a.pdf", pdf() + b" " * 6_000), ("a.exe", b"MZ"), ("a.pdf", b"")):
        reponse = client.post(
            reverse("caisse:deposer", args=[contrat.pk]),
            {"nature": NaturePiece.AUTRE, "fichier": SimpleUploadedFile(nom, octets)},
        )
        assert reponse.status_code == 422, nom
    assert Piece.objects.count() == avant


def test_ce_qui_est_refuse_est_dit_et_une_bombe_l_est(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client = client_de(fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin))
    page = client.get(reverse("medecin:contrat", args=[contrat.pk])).content.decode().replace("\u00a0", " ")
    for dit in ("fichier joint", "action automatique", "XFA", "mot de passe"):
        assert dit in page
    avant, envoi = Piece.objects.count(), reverse("medecin:deposer", args=[contrat.pk])
    fichier = SimpleUploadedFile("bombe.pdf", bombe_objets(400))
    reponse = client.post(envoi, {"nature": NaturePiece.AUTRE, "fichier": fichier})
    assert reponse.status_code == 422
    assert "trop lourd" in reponse.content.decode().replace("\u00a0", " ")
    assert Piece.objects.count() == avant


def test_une_piece_ne_s_execute_pas_dans_le_navigateur(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client = client_de(gestionnaire)
    client.post(
        reverse("caisse:deposer", args=[contrat.pk]),
        {"nature": NaturePiece.AUTRE, "fichier": SimpleUploadedFile("a.pdf", pdf())},
    )
    reponse = client.get(reverse("caisse:piece", args=[Piece.objects.order_by("pk").last().pk]))
    assert reponse["Content-Disposition"].startswith("attachment")
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert "no-store" in reponse["Cache-Control"]


def test_les_exports(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE, fabrique.medecin(caisse, nom="=cmd()"))
    client = client_de(gestionnaire)
    texte = client.get(reverse("caisse:exporter", args=["csv"])).content.decode("utf-8-sig")
    assert contrat.numero in texte
    assert "Camille =cmd()" in texte
    livre = openpyxl.load_workbook(io.BytesIO(client.get(reverse("caisse:exporter", args=["xlsx"])).content))
    cellule = livre.active["C2"]
    assert (cellule.value, cellule.data_type) == ("Camille =cmd()", "s")
    assert client.get(reverse("caisse:exporter", args=["ods"])).status_code == 404


def test_le_pilotage_ne_voit_ni_nom_ni_petit_groupe(caisse, gestionnaire):
    for _ in range(6):
        fabrique.contrat_signe(gestionnaire, SIGNATURE)
    fabrique.contrat_ouvert(gestionnaire, SIGNATURE)
    pilotage = client_de(fabrique.agent(None, Role.PILOTAGE))
    page = pilotage.get(reverse("caisse:national"))
    corps, vue = page.content.decode(), page.context["national"]
    assert "Essai" not in corps.replace(caisse.nom.replace("'", "’"), "").replace(caisse.nom.replace("'", "&#x27;"), "")
    comptes = {g.libelle: g.nombre for t in vue.tableaux if not t.argent for g in t.groupes}
    assert comptes["Signé"] == comptes["1/2 ETP"] == comptes["2024"] == 5
    # One draft is as good as none.
    assert comptes["Brouillon"] == 0
    export = pilotage.get(reverse("caisse:national_csv")).content.decode("utf-8-sig")
    assert "Par état;Signé;5;" in export
    assert "6" not in export.replace(f"{caisse.nom}", "").replace("2026", "")


def test_cinq_mots_de_passe_faux_et_il_faut_attendre(caisse):
    qui = fabrique.agent(caisse).utilisateur
    qui.set_password("le-bon-mot-de-passe")
    qui.save()
    client, adresse = Client(), reverse("account_login")
    for _ in range(6):
        client.post(adresse, {"login": qui.email, "password": "faux"})
    reponse = client.post(adresse, {"login": qui.email, "password": "le-bon-mot-de-passe"})
    assert reponse.status_code in {200, 429}
    assert "_auth_user_id" not in client.session
    assert not mail.outbox


def test_un_role_choisi_est_un_des_siens(caisse, gestionnaire):
    autre = fabrique.agent(fabrique.caisse())
    client = client_de(gestionnaire)
    etrangere = Affectation.objects.get(utilisateur=autre.utilisateur)
    client.post(reverse("comptes:choisir"), {"affectation": etrangere.pk})
    assert client.get(reverse("caisse:contrats")).context["acteur"].caisse_id == caisse.pk


def test_le_medecin_voit_et_envoie(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client = client_de(fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin))
    adresse = reverse("medecin:contrat", args=[contrat.pk])
    assert "Mon objectif" in client.get(adresse).content.decode()
    envoi = reverse("medecin:deposer", args=[contrat.pk])
    nature = NaturePiece.FORMATION
    assert client.post(envoi, {"nature": nature, "fichier": SimpleUploadedFile("a.pdf", b"x")}).status_code == 422
    client.post(envoi, {"nature": nature, "fichier": SimpleUploadedFile("a.pdf", pdf())})
    assert Piece.objects.get(nature=nature).etat == "recue"
    assert client.get(reverse("medecin:donnees")).json()["medecin"]["rpps"] == contrat.medecin.rpps
    assert client.get(reverse("medecin:calendrier", args=[contrat.pk]))["Content-Type"].startswith("text/calendar")


def test_un_brouillon_refuse_est_signe_par_decision_de_la_caisse(caisse, gestionnaire):
    """« La décision de la caisse » wins over a computed refusal, by the head of the fund, with a written reason."""
    contrat = fabrique.contrat_ouvert(gestionnaire, datetime.date(2026, 9, 1), option="un_etp")
    contrat.etat["verdict"]["eligible"] = "non"
    contrat.save()
    client = client_de(gestionnaire)
    adresse = reverse("caisse:transition", args=[contrat.pk, "preparer"])
    assert client.post(adresse, {"motif": "je le veux"}).status_code == 422
    responsable = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    assert responsable.post(adresse, {"motif": ""}).status_code == 422
    assert responsable.post(adresse, {"motif": "Décision du 3 septembre."}).status_code == 302
    contrat.refresh_from_db()
    assert contrat.statut == Statut.A_SIGNER


def test_un_envoi_demesure_est_refuse_avant_d_etre_lu(caisse, gestionnaire, settings):
    settings.TAILLE_MAXIMALE_FICHIER = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    client, adresse = client_de(gestionnaire), reverse("caisse:deposer", args=[contrat.pk])
    gros = {"nature": NaturePiece.AUTRE, "fichier": SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 2_000)}
    assert client.post(adresse, gros).status_code == 422
    enorme = {"nature": NaturePiece.AUTRE, "fichier": SimpleUploadedFile("a.pdf", b"x" * 1_200_000)}
    assert client.post(adresse, enorme).status_code == 413


def test_un_adherent_ne_voit_pas_les_pieces_des_autres(caisse, gestionnaire):
    medecin, autre = fabrique.medecin(caisse), fabrique.medecin(caisse)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE, medecin)
    fabrique.medecin(caisse)
    contrat.engagements.create(medecin=autre, rpps=autre.rpps, debut=SIGNATURE, fin=contrat.date_fin)
    acteur = fabrique.agent(None, Role.MEDECIN, medecin=autre)
    assert Contrat.objects.visibles(acteur).filter(pk=contrat.pk).exists()
    assert not Piece.objects.visibles(acteur).exists()
    client = client_de(acteur)
    envoi = reverse("medecin:deposer", args=[contrat.pk])
    client.post(envoi, {"nature": NaturePiece.AUTRE, "fichier": SimpleUploadedFile("a.pdf", pdf())})
    assert Piece.objects.visibles(acteur).count() == 1


def test_la_liste_se_filtre_se_trie_et_s_emporte_telle_que_montree(caisse, gestionnaire):
    contrats = [fabrique.contrat_en_cours(gestionnaire, SIGNATURE + datetime.timedelta(days=r)) for r in range(3)]
    brouillon = fabrique.contrat_ouvert(gestionnaire, SIGNATURE)
    collegue = fabrique.agent(caisse)
    contrats[1].gestionnaire = collegue.utilisateur
    contrats[1].save()
    client = client_de(collegue)

    def montres(**filtre):
        return [c.numero for c in client.get(reverse("caisse:contrats", query=filtre)).context["tranche"]]

    def emportes(**filtre):
        octets = client.get(reverse("caisse:exporter_liste", args=["csv"], query=filtre)).content
        return [ligne["dossier"] for ligne in csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";")]

    signes = [c.numero for c in reversed(contrats)]
    assert montres(tri="signature") == [*signes, brouillon.numero]
    assert montres(tri="numero") == sorted([*signes, brouillon.numero])
    assert montres(tri="fin")[-1] == brouillon.numero
    assert montres(miens="oui") == [contrats[1].numero]
    assert montres(tri="zut", statut="zut", option="zut") == montres()
    for filtre in ({"tri": "signature", "statut": "en_cours"}, {"miens": "oui"}, {"q": brouillon.numero}, {}):
        assert emportes(**filtre) == montres(**filtre)
    livre = client.get(reverse("caisse:exporter_liste", args=["xlsx"], query={"tri": "signature"})).content
    feuille = openpyxl.load_workbook(io.BytesIO(livre)).active
    assert [ligne[0].value for ligne in feuille.iter_rows(min_row=2)][:3] == signes
    assert client.get(reverse("caisse:exporter_liste", args=["ods"])).status_code == 404
