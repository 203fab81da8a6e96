"""Files as people really send them to a fund: each case of the field under its identifier."""

import datetime

import pytest

from binome.dossiers.erreurs import Refus
from binome.dossiers.models import ImportReleves, Medecin, Releve
from binome.dossiers.patientele import import_medecins, import_releves
from tests.dossiers import fabrique
from tests.tableaux.dialectes import DIALECTES

pytestmark = pytest.mark.django_db

TITRES = "rpps;date;patientele_mt;file_active\r\n"
FICHE = "rpps;nom;prenom;specialite;secteur;zone;date_installation\r\n"
LE_31_DECEMBRE = datetime.date(2025, 12, 31)


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def medecin(caisse):
    return fabrique.medecin(caisse)


def apercevoir(caisse, gestionnaire, octets):
    return import_releves.apercevoir(caisse.pk, "r.csv", octets, gestionnaire)


def seule_faute(importe):
    (faute,) = importe.bilan["fautes"]
    assert importe.statut == ImportReleves.Statut.REFUSE
    return faute


def test_t20_releves_de_windows_aux_milliers_insecables(caisse, gestionnaire, medecin):
    """Windows' encoding, no-break spaces in thousands."""
    entete = "rpps;date;patientele_mt;patientele_mt_adultes;patientele_mt_enfants;file_active\r\n"
    ligne = f"{medecin.rpps};31/12/2025;1\u00a0484;1\u00a0231;253;2\u00a0046\r\n"
    importe = apercevoir(caisse, gestionnaire, (entete + ligne).encode("cp1252"))
    assert importe.bilan["fautes"] == []
    import_releves.appliquer(importe.pk, gestionnaire)
    releve = medecin.releves.get()
    assert (releve.date, releve.patientele_mt, releve.file_active) == (LE_31_DECEMBRE, 1484, 2046)


@pytest.mark.parametrize("dialecte", sorted(DIALECTES))
def test_t20_les_memes_releves_dans_tous_les_dialectes(caisse, gestionnaire, medecin, dialecte):
    table = [["N° RPPS", "Relevé au", "Patientèle MT", "File active"], [medecin.rpps, "31/12/2025", "1 484", "2 046"]]
    importe = apercevoir(caisse, gestionnaire, DIALECTES[dialecte](table))
    assert importe.bilan["fautes"] == []
    assert importe.bilan["exemples"][0]["patientele_mt"] == 1484


def test_t20b_un_releve_connu_aux_nombres_rectifies_est_nomme(caisse, gestionnaire, medecin):
    fabrique.releve(medecin, LE_31_DECEMBRE, 1400, 2000)
    faute = seule_faute(apercevoir(caisse, gestionnaire, f"{TITRES}{medecin.rpps};31/12/2025;1484;2046\r\n".encode()))
    assert "patientele_mt 1400" in faute["message"]
    assert medecin.releves.get().patientele_mt == 1400


def test_t23_l_identifiant_national_est_lu(caisse, gestionnaire, medecin):
    importe = apercevoir(caisse, gestionnaire, f"{TITRES}8{medecin.rpps};31/12/2025;1484;2046\r\n".encode())
    assert importe.bilan["fautes"] == []
    assert importe.bilan["nouveaux"] == 1


def test_t25_la_ligne_de_separateur_d_excel(caisse, gestionnaire, medecin):
    importe = apercevoir(caisse, gestionnaire, f"sep=;\r\n{TITRES}{medecin.rpps};31/12/2025;1484;2046\r\n".encode())
    assert importe.bilan["nouveaux"] == 1
    fautive = apercevoir(caisse, gestionnaire, f"sep=;\r\n{TITRES}{medecin.rpps};hier;1484;2046\r\n".encode())
    assert seule_faute(fautive)["ligne"] == 3


def test_t26_le_secret_statistique_est_nomme(caisse, gestionnaire, medecin):
    faute = seule_faute(apercevoir(caisse, gestionnaire, f"{TITRES}{medecin.rpps};31/12/2025;NS;2046\r\n".encode()))
    assert (faute["ligne"], faute["champ"], faute["valeur"]) == (2, "patientele_mt", "NS")
    assert "secrète" in faute["message"]


def test_t27_les_decimales_nulles_sont_lues_et_les_autres_refusees(caisse, gestionnaire, medecin):
    importe = apercevoir(caisse, gestionnaire, f"{TITRES}{medecin.rpps};31/12/2025;1484,0;2046,0\r\n".encode())
    assert importe.bilan["exemples"][0]["file_active"] == 2046
    fautive = apercevoir(caisse, gestionnaire, f"{TITRES}{medecin.rpps};31/12/2025;1484,5;2046\r\n".encode())
    assert "entier" in seule_faute(fautive)["message"]


def test_t29_la_ligne_de_total_est_nommee(caisse, gestionnaire, medecin):
    octets = f"{TITRES}{medecin.rpps};31/12/2025;1484;2046\r\nTOTAL;;1484;2046\r\n".encode()
    faute = seule_faute(apercevoir(caisse, gestionnaire, octets))
    assert (faute["ligne"], faute["valeur"]) == (3, "TOTAL")
    assert "ligne de total" in faute["message"]


def test_t30_un_autre_separateur_est_nomme(caisse, gestionnaire):
    with pytest.raises(Refus, match="séparateur « \\| » refusé"):
        apercevoir(caisse, gestionnaire, b"rpps|date|patientele_mt|file_active\r\n10990000019|31/12/2025|1484|2046\r\n")


def test_un_rpps_change_en_puissance_de_dix_est_nomme(caisse, gestionnaire):
    faute = seule_faute(apercevoir(caisse, gestionnaire, f"{TITRES}1,10E+10;31/12/2025;1484;2046\r\n".encode()))
    assert "écriture scientifique" in faute["message"]


def importer(caisse, gestionnaire, texte, encodage="utf-8"):
    return import_medecins.importer(caisse.pk, texte.encode(encodage), gestionnaire)


def test_t31_la_liste_aux_libelles_de_l_annuaire(caisse, gestionnaire):
    rpps = fabrique.rpps(71_002)
    ligne = f"{rpps};Test;Un;Médecin généraliste;Secteur 1;ZIP;01/09/2015\r\n"
    importer(caisse, gestionnaire, FICHE + ligne, "cp1252")
    medecin = Medecin.objects.get(caisse=caisse, rpps=rpps)
    assert (medecin.specialite, medecin.secteur, medecin.zone) == ("medecine_generale", "secteur_1", "zip")
    assert medecin.date_installation == datetime.date(2015, 9, 1)


def test_t31b_la_meme_en_codes(caisse, gestionnaire):
    rpps = fabrique.rpps(71_010)
    importer(caisse, gestionnaire, f"{FICHE}{rpps};Test;Un;Médecin généraliste;secteur_1;zip;2015-09-01\r\n")
    assert Medecin.objects.get(caisse=caisse, rpps=rpps).specialite == "medecine_generale"


#: Labels of the directories, and the specialty that each says.
ANNUAIRES = {
    "Spécialiste en Médecine Générale": "medecine_generale",
    "Médecine générale": "medecine_generale",
    "Qualifié en Médecine Générale": "medecine_generale",
    "SM54": "medecine_generale",
    "SM26": "medecine_generale",
    "Ophtalmologie": "ophtalmologie",
    "Ophtalmologiste": "ophtalmologie",
    "Cardiologie et maladies vasculaires": "cardiologie_vasculaire",
    "Gynécologie médicale et obstétrique": "gynecologie_obstetrique_et_medicale",
    "Psychiatrie option enfant & adolescent": "psychiatrie_enfant_adolescent",
    "01": "medecine_generale",
    "1": "medecine_generale",
    "Médecine générale (SM)": "medecine_generale",
    "Dermatologie et vénéréologie": "dermatologie",
    "Gériatrie": "geriatrie",
    "Oto-rhino-laryngologie": "orl",
    "Endocrinologie et métabolisme": "endocrinologie",
    "Pédiatrie": "pediatrie",
    "Médecine vasculaire": "medecine_vasculaire",
    "Allergologie": "allergologie",
    "Médecine d'urgence": "medecine_urgence",
}


def test_t31c_les_savoir_faire_du_rpps(caisse, gestionnaire):
    lignes = [
        f"{fabrique.rpps(72_000 + rang)};Test;Un;{nom};secteur_1;zip;2015-09-01" for rang, nom in enumerate(ANNUAIRES)
    ]
    assert importer(caisse, gestionnaire, FICHE + "\r\n".join(lignes)).crees == len(ANNUAIRES)
    lues = list(Medecin.objects.filter(caisse=caisse).order_by("rpps").values_list("specialite", flat=True))
    assert lues == list(ANNUAIRES.values())


def test_t31c_un_libelle_ambigu_est_demande_avec_ses_candidats(caisse, gestionnaire):
    with pytest.raises(Refus, match="Gynécologie médicale, Gynécologie obstétrique ou") as refus:
        importer(caisse, gestionnaire, f"{FICHE}{fabrique.rpps(73_000)};Test;Un;Gynécologue;secteur_1;zip;\r\n")
    assert "ligne 2, specialite « Gynécologue »" in str(refus.value)
    assert not Medecin.objects.filter(caisse=caisse).exists()


def test_t33_une_date_francaise_parmi_des_iso(caisse, gestionnaire):
    lignes = [
        f"{fabrique.rpps(74_000)};Abricot;Alix;medecine_generale;secteur_1;zip;2008-09-01",
        f"{fabrique.rpps(74_001)};Bruyère;Camille;medecine_generale;secteur_1;hors_zone;01/04/2001",
    ]
    importer(caisse, gestionnaire, FICHE + "\r\n".join(lignes))
    dates = Medecin.objects.filter(caisse=caisse).order_by("rpps").values_list("date_installation", flat=True)
    assert list(dates) == [datetime.date(2008, 9, 1), datetime.date(2001, 4, 1)]


def test_t33_une_annee_sur_deux_chiffres_est_refusee(caisse, gestionnaire):
    with pytest.raises(Refus, match="deux chiffres"):
        importer(caisse, gestionnaire, f"{FICHE}{fabrique.rpps(74_002)};A;B;1;secteur_1;zip;01/04/01\r\n")


def test_t34_une_liste_ne_laisse_tomber_aucun_nombre(caisse, gestionnaire, medecin):
    """A known statement with other numbers is a fault, in a list of doctors as in a file of statements."""
    fabrique.releve(medecin, LE_31_DECEMBRE, 1400, 2000)
    entete = FICHE.rstrip() + ";date;patientele_mt;file_active\r\n"
    debut = f"{medecin.rpps};Abricot;Alix;medecine_generale;secteur_1;zip;2008-09-01;31/12/2025;"
    with pytest.raises(Refus, match="déjà connu avec d'autres nombres \\(patientele_mt 1400"):
        importer(caisse, gestionnaire, f"{entete}{debut}2222;3333\r\n")
    assert Releve.objects.get().patientele_mt == 1400
    medecin.refresh_from_db()
    assert medecin.nom != "Abricot"
    bilan = importer(caisse, gestionnaire, f"{entete}{debut}1400;2000\r\n")
    assert (bilan.modifies, bilan.releves) == (1, 0)
