"""The field's names: official labels read as their codes do, ambiguous ones are asked back, near ones shown."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path

import pytest

from binome.tableaux import libelles
from binome.tableaux.refus import CelluleRefusee
from openfisca_assistants_medicaux.nomenclatures import CODES_SNDS

#: Labels of the SNDS (IR_SPE_V, 15/12/2020), as they are written there, faults of typing included.
SNDS = """\
1;MEDECINE GENERALE
2;ANESTHESIOLOGIE - REANIMATION CHIRURGICALE
3;PATHOLOGIE CARDIO-VASCULAIRE
4;CHIRURGIE GENERALE
5;DERMATOLOGIE ET VENEROLOGIE
6;RADIODIAGNOSTIC ET IMAGERIE MEDICALE
7;GYNECOLOGIE OBSTETRIQUE
8;GASTRO-ENTEROLOGIE ET HEPATOLOGIE
9;MEDECINE INTERNE
10;NEUROCHIRURGIE
11;OTO RHINO-LARYNGOLOGIE
12;PEDIATRIE
13;PNEUMOLOGIE
14;RHUMATOLOGIE
15;OPHTALMOLOGIE
16;CHIRURGIE UROLOGIQUE
17;NEUROPSYCHIATRIE
18;STOMATOLOGIE
20;REANIMATION INTENSIVE MEDICALE
22;SPECIALISTE EN MEDECINE GENERALE AVEC DIPLÔME
23;SPECIALITE EN MED. GENERALE RECONNUE PAR L'ORDRE
31;MEDECINE PHYSIQUE ET DE READAPTATION
32;NEUROLOGIE
33;PSYCHIATRIE GENERALE
34;GERIATRIE
35;NEPHROLOGIE
37;ANATOMIE-CYTOLOGIE-PATHOLOGIQUE
38;DIRECTEUR LABORATOIRE MEDECIN
41;CHIRURGIE ORTHOPEDIQUE ET TRAUMATOLOGIE
42;ENDOCRINOLOGIE ET METABOLISMES
43;CHIRURGIE INFANTILE
44;CHIRURGIE MAXILLO-FACIALE
45;CHIRURGIE MAXILLO-FACIALE ET STOMATOLOGIE
46;CHIRURGIE PLASTIQUE RECONSTRUCTRICE ET ESTHETIQUE
47;CHIRURGIE THORACIQUE ET CARDIO-VASCULAIRE
48;CHIRURGIE VASCULAIRE
49;CHIRURGIE VISCERALE ET DIGESTIVE
69;CHIRURGIE ORALE
70;GYNECOLOGIE MEDICALE
71;HEMATOLOGIE
72;MEDECINE NUCLEAIRE
73;ONCOLOGIE MEDICALE
74;ONCOLOGIE RADIOTHERAPIQUE
75;PSYCHIATRIE DE L ENFANT ET DE L ADOLESCENT
76;RADIOTHERAPIE
77;OBSTETRIQUE
78;GENETIQUE MEDICALE
79;GYNECOLOGIE OBSTETRIQUE ET GYNECOLOGIE MEDICALE
80;SANTE PUBLIQUE ET MEDECINE SOCIALE
81;MEDECINE DES MALADIES INFECTIEUESES ET TROPICALES
82;MEDECINE LEGALE ET EXPERTISES MEDICALES
83;MEDECINE D'URGENCE
84;MEDECINE VASCULAIRE
85;ALLERGOLOGIE"""


def test_tout_libelle_du_snds_se_lit_comme_son_code() -> None:
    lus = {
        int(code): libelles.specialites().lire(libelle)
        for code, libelle in csv.reader(SNDS.splitlines(), delimiter=";")
    }
    assert lus == CODES_SNDS
    assert {code: libelles.specialites().lire(f"{code:02d}") for code in CODES_SNDS} == CODES_SNDS


#: The codes of the ordinal specialties in the national directory (RPPS, « savoir-faire »), their labels, and the
#: members of the law's list that each may say: none for those that no liberal doctor is coded with.
SAVOIR_FAIRE = list(
    csv.DictReader(Path(__file__).with_name("savoir_faire.csv").read_text(encoding="utf-8").splitlines(), delimiter=";")
)


@pytest.mark.parametrize("ligne", SAVOIR_FAIRE, ids=lambda ligne: ligne["code"])
def test_tout_savoir_faire_du_rpps_se_lit_par_son_code_et_par_son_libelle(ligne: dict[str, str]) -> None:
    membres = [membre.strip() for membre in ligne["specialites"].split("|") if membre.strip()]
    for ecrit in (ligne["code"], ligne["code"].lower(), ligne["libelle"], ligne["libelle"].upper()):
        if len(membres) == 1:
            assert libelles.specialites().lire(ecrit) == membres[0], ecrit
            continue
        with pytest.raises(CelluleRefusee) as refus:
            libelles.specialites().lire(ecrit)
        attendus = [libelles.specialites().libelles[membre] for membre in membres] or ["pour les médecins libéraux"]
        assert all(attendu in str(refus.value) for attendu in attendus), ecrit


def test_aucun_code_du_rpps_n_est_lu_sans_etre_dans_la_table() -> None:
    """SM99 is none of theirs: an everyday way to say « ENT or eyes », asked back."""
    contenu = resources.files("binome.tableaux").joinpath("usages", "specialites.csv").read_text(encoding="utf-8")
    lus = {ligne.partition(";")[0] for ligne in contenu.splitlines() if ligne.startswith("SM")}
    assert lus - {"SM99"} == {ligne["code"] for ligne in SAVOIR_FAIRE} == {f"SM{rang:02d}" for rang in range(1, 56)}


@pytest.mark.parametrize(
    ("nom", "specialite"),
    [
        ("Spécialiste en Médecine Générale", "medecine_generale"),
        ("Qualifié en Médecine Générale", "medecine_generale"),
        ("médecins généralistes", "medecine_generale"),
        ("SM54", "medecine_generale"),
        ("Médecine générale (SM)", "medecine_generale"),
        ("cardio", "cardiologie_vasculaire"),
        ("Cardiologie et maladies vasculaires", "cardiologie_vasculaire"),
        ("Ophtalmologiste", "ophtalmologie"),
        ("Dermatologue et vénérologue", "dermatologie"),
        ("Gynécologues / Obstétricien", "gynecologie_obstetrique"),
        ("Gynécologie médicale et obstétrique", "gynecologie_obstetrique_et_medicale"),
        ("Psychiatrie option enfant & adolescent", "psychiatrie_enfant_adolescent"),
        ("Oto-Rhino-Laryngologue (ORL) et chirurgien cervico-facial", "orl"),
        ("Médecin spécialiste en santé publique et médecine sociale", "sante_publique"),
        ("Hématologie (réforme 2017)", "hematologie"),
        ("médecine d’urgence", "medecine_urgence"),
    ],
)
def test_les_noms_des_annuaires(nom: str, specialite: str) -> None:
    for ecrit in (nom, nom.upper(), f"  {nom} "):
        assert libelles.specialites().lire(ecrit) == specialite


@pytest.mark.parametrize(
    ("nom", "candidates"),
    [
        ("gynécologue", ["Gynécologie médicale", "Gynécologie obstétrique"]),
        ("Chirurgien", ["Chirurgie générale", "Chirurgie vasculaire", "Neurochirurgie"]),
        ("oncologue", ["Oncologie médicale", "Oncologie radiothérapique"]),
        ("SM99", ["Ophtalmologie", "Oto-rhino-laryngologie"]),
    ],
)
def test_un_nom_a_deux_lectures_est_demande(nom: str, candidates: list[str]) -> None:
    with pytest.raises(CelluleRefusee, match="une seule valeur attendue") as refus:
        libelles.specialites().lire(nom)
    places = [str(refus.value).index(candidate) for candidate in candidates]
    assert places == sorted(places)


def test_un_nom_inconnu_montre_les_plus_proches_dans_l_ordre_francais() -> None:
    with pytest.raises(CelluleRefusee) as refus:
        libelles.specialites().lire("gastroanterologie")
    assert "proches : " in str(refus.value)
    assert "Gastro-entérologie et hépatologie" in str(refus.value)
    with pytest.raises(CelluleRefusee, match="par son libellé ou son code"):
        libelles.specialites().lire("xyz")


@pytest.mark.parametrize(
    ("nom", "dit"),
    [("Homéopathe", "mode_exercice_particulier"), ("sage-femme", "médecin"), ("médecine du travail", "code")],
)
def test_ce_qui_n_est_pas_une_specialite_le_dit(nom: str, dit: str) -> None:
    with pytest.raises(CelluleRefusee, match=dit):
        libelles.specialites().lire(nom)


@pytest.mark.parametrize(
    ("nom", "secteur"),
    [
        ("Secteur 1", "secteur_1"),
        ("Conventionné secteur 1", "secteur_1"),
        ("Conventionné secteur 1 avec droit permanent à dépassement", "secteur_1_dp"),
        ("secteur 2 OPTAM", "secteur_2_optam"),
        ("Optam-CO", "secteur_2_optam_co"),
        ("OPTAM ACO", "secteur_2_optam_aco"),
        ("Non conventionné (secteur 3)", "non_conventionne"),
    ],
)
def test_les_secteurs(nom: str, secteur: str) -> None:
    assert libelles.secteurs().lire(nom) == secteur


@pytest.mark.parametrize("code", ["2", "3"])
def test_un_code_de_convention_qui_change_de_sens_est_demande(code: str) -> None:
    with pytest.raises(CelluleRefusee, match="selon la liste"):
        libelles.secteurs().lire(code)


@pytest.mark.parametrize(
    ("nom", "zone"),
    [
        ("ZIP", "zip"),
        ("Zac", "zac"),
        ("HZ", "hors_zonage"),
        ("Hors-Zonage", "hors_zonage"),
        ("hc", "hors_classement"),
        ("zv", "zone_de_vigilance"),
        ("Hors zone", "hors_zone"),
    ],
)
def test_les_zones(nom: str, zone: str) -> None:
    assert libelles.zones().lire(nom) == zone


def test_les_statuts() -> None:
    assert libelles.statuts().lire("Collaborateur libéral") == "collaborateur"
    assert libelles.statuts().lire("Médecin libéral installé") == "installe"
    with pytest.raises(CelluleRefusee):
        libelles.statuts().lire("salarié")


@pytest.mark.parametrize("liste", [libelles.specialites, libelles.secteurs, libelles.zones, libelles.statuts])
def test_la_table_ne_nomme_que_des_membres_et_ne_se_contredit_pas(liste) -> None:
    """Each row of our own data leads to members that exist, and each label of the product reads as its own member."""
    lue = liste()
    for membres, dit in lue.usages.values():
        assert set(membres) <= set(lue.libelles)
        assert bool(dit) != bool(membres)
    for membre, libelle in lue.libelles.items():
        assert lue.lire(libelle) == lue.lire(membre) == membre


@pytest.mark.parametrize("fichier", ["specialites", "secteurs", "zones", "statuts", "titres"])
def test_aucun_usage_n_est_donne_deux_fois(fichier: str) -> None:
    contenu = resources.files("binome.tableaux").joinpath("usages", f"{fichier}.csv").read_text(encoding="utf-8")
    lignes = list(csv.reader(contenu.splitlines(), delimiter=";"))
    rang = 1 if fichier == "titres" else 0
    cles = [tuple(ligne[:2]) if fichier == "titres" else ligne[rang].lower() for ligne in lignes]
    assert len(cles) == len(set(cles))


def test_les_mots_du_lecteur_de_fichiers_sont_au_glossaire() -> None:
    """A module of the reader is called by a word that the glossary explains (what has no French word is plumbing)."""
    contenu = resources.files("binome.site.guide").joinpath("glossaire.csv").read_text(encoding="utf-8")
    dits = {code for ligne in csv.DictReader(contenu.splitlines()) for code in ligne["code"].split("`")[1::2]}
    modules = {Path(chemin.name).stem for chemin in resources.files("binome.tableaux").iterdir()} - {"__init__"}
    assert modules - dits - {"__pycache__", "ecriture", "formats", "lecture", "texte", "transport"} == set()
