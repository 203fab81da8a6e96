"""Payments through their pages."""

import csv
import datetime
import io
from fractions import Fraction

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from binome.dossiers.contrats import evaluations
from binome.dossiers.models import Campagne, Ecriture, ExportComptable
from binome.dossiers.nomenclatures import Nature, Role
from binome.dossiers.paiements import grand_livre
from tests.documents.messages_bancaires import rapport
from tests.dossiers import fabrique
from tests.dossiers.versements import rejeter
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
#: Year 3 is evaluated some weeks after it began; its second instalment is due six months after the first.
SIGNATURE, EVALUE = datetime.date(2023, 6, 1), datetime.date(2025, 7, 15)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def valideur(caisse):
    return fabrique.agent(caisse, Role.VALIDEUR)


def mener(gestionnaire, valideur, date):
    """A campaign of that date, from its preparation to its order, as two agents do it on the pages."""
    propose, valide = client_de(gestionnaire), client_de(valideur)
    ici = propose.post(reverse("caisse:versements"), {"date": date.isoformat()})["Location"]
    campagne = Campagne.objects.get(pk=int(ici.rstrip("/").rsplit("/", 1)[-1]))
    for acte in ("valider", "emettre"):
        adresse = reverse(f"caisse:{acte}_campagne", args=[campagne.pk])
        total = valide.get(adresse).context["total"]
        assert valide.post(adresse, {"total": total}).status_code == 302
    campagne.refresh_from_db()
    return campagne


def test_s2_une_campagne_datee_plus_tot_ne_reprend_pas_ce_qu_une_autre_a_paye(
    caisse, gestionnaire, valideur, time_machine
):
    """A campaign a month ahead pays the second instalment of a year; the next one, dated today, proposes nothing."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    aujourd_hui = fabrique.instant(datetime.date(2025, 11, 20))
    evaluations.decider(
        contrat.pk, 3, gestionnaire, taux=Fraction(1), motif="examen du dossier", quand=fabrique.instant(EVALUE)
    )
    time_machine.move_to(fabrique.instant(EVALUE))
    mener(gestionnaire, valideur, EVALUE)
    avant = Ecriture.objects.count()
    time_machine.move_to(aujourd_hui)
    mener(gestionnaire, valideur, aujourd_hui.date() + datetime.timedelta(days=31))
    paye = Ecriture.objects.count()
    assert paye > avant
    campagne = mener(gestionnaire, valideur, aujourd_hui.date())
    assert not campagne.lignes.exists()
    assert Ecriture.objects.count() == paye
    assert not Ecriture.objects.filter(nature=Nature.INDU).exists()
    assert grand_livre.solde(contrat).du_par_le_medecin == 0


def recevoir(acteur, octets):
    """A file of the bank, through the page; what it says then."""
    fichier = SimpleUploadedFile("banque.xml", octets, content_type="application/xml")
    reponse = client_de(acteur).post(reverse("caisse:retours"), {"fichier": fichier}, follow=True)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ")


def test_b6_une_periode_se_clot_et_ne_change_plus(caisse, gestionnaire, valideur, time_machine):
    """Repayments are exported; a return received after the closing goes into the next period."""
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    time_machine.move_to(fabrique.instant(datetime.date(2023, 7, 15)))
    campagne = mener(gestionnaire, valideur, datetime.date(2023, 7, 15))
    time_machine.move_to(fabrique.instant(datetime.date(2023, 8, 2)))
    client, page = client_de(valideur), reverse("caisse:comptabilite")
    assert "Grand livre, banque et comptabilité disent les mêmes sommes" in client.get(page).content.decode()
    assert client_de(gestionnaire).post(page, {"fin": "2023-07-31"}).status_code == 422
    assert client.post(page, {"fin": "2023-08-02"}).status_code == 422
    assert client.post(page, {"fin": "2023-07-31"}).status_code == 302
    export = ExportComptable.objects.get()
    adresse = reverse("caisse:exporter_comptabilite", args=[export.pk, "csv"])
    clos = client.get(adresse).content
    recevoir(valideur, rejeter("S", campagne.lignes.get().reference))
    time_machine.move_to(fabrique.instant(datetime.date(2023, 9, 4)))
    client = client_de(valideur)
    assert client.get(adresse).content == clos
    assert client.post(page, {"fin": "2023-08-31"}).status_code == 302
    suivant = ExportComptable.objects.get(numero=2)
    lignes = list(csv.reader(io.StringIO(bytes(suivant.octets).decode("utf-8-sig")), delimiter=";"))
    assert [ligne[4] for ligne in lignes[1:]] == ["MEDECIN", "BANQUE"]
    xlsx = client.get(reverse("caisse:exporter_comptabilite", args=[suivant.pk, "xlsx"])).content
    feuille = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    assert [cellule.value for cellule in feuille["E"]] == ["compte", "MEDECIN", "BANQUE"]
    assert feuille["G2"].value is None
    assert feuille["H2"].value == campagne.lignes.get().montant / 100
    assert client.get(reverse("caisse:exporter_comptabilite", args=[suivant.pk, "pdf"])).status_code == 404


def test_un_ordre_s_annule_a_deux_sur_les_pages(caisse, gestionnaire, valideur, time_machine):
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    time_machine.move_to(fabrique.instant(datetime.date(2023, 7, 3)))
    campagne = mener(gestionnaire, valideur, datetime.date(2023, 7, 15))
    fiche = reverse("caisse:campagne", args=[campagne.pk])
    demander = reverse("caisse:demander_annulation", args=[campagne.pk])
    annuler = reverse("caisse:annuler_ordre", args=[campagne.pk])
    assert demander in client_de(gestionnaire).get(fiche).content.decode()
    client_de(valideur).post(demander, {"motif": "mauvais mois"})
    assert annuler not in client_de(valideur).get(fiche).content.decode()
    autre = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    assert annuler in autre.get(fiche).content.decode()
    total = autre.get(annuler).context["total"]
    assert client_de(valideur).post(annuler, {"total": total}).status_code == 422
    assert autre.post(annuler, {"total": total + 1}).status_code == 422
    assert autre.post(annuler, {"total": total}).status_code == 302
    dite = autre.get(fiche).content.decode()
    assert "Ordre annulé" in dite
    assert "mauvais mois" in dite


def test_ce_que_la_banque_repond_se_lit_sur_la_campagne(caisse, gestionnaire, valideur, time_machine):
    """A part of the order refused, the bank's own code and words kept, the rest waiting."""
    for _ in range(2):
        fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    time_machine.move_to(fabrique.instant(datetime.date(2023, 7, 15)))
    campagne = mener(gestionnaire, valideur, datetime.date(2023, 7, 15))
    un, deux = campagne.lignes.order_by("pk").values_list("reference", flat=True)
    recu = rapport(
        "<GrpSts>PART</GrpSts>",
        transactions=f"<TxInfAndSts><OrgnlEndToEndId>{un}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Prtry>SL12"
        "</Prtry></Rsn><AddtlInf>Compte clos par le client</AddtlInf></StsRsnInf></TxInfAndSts>"
        f"<TxInfAndSts><OrgnlEndToEndId>{deux}</OrgnlEndToEndId><TxSts>PDNG</TxSts></TxInfAndSts>",
        ordre=campagne.fichiers.get(sens="emis").nom.removesuffix(".xml"),
    )
    assert "En attente à la banque : 2" in recevoir(valideur, recu)
    page = client_de(gestionnaire).get(reverse("caisse:campagne", args=[campagne.pk])).content.decode()
    for dit in ("SL12", "Compte clos par le client", "PDNG", "PART", "Inscrit au grand livre"):
        assert dit in page
