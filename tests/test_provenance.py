"""On what a figure was computed: every door says it, by content, and two laws never have one fingerprint.

The doors: the command line (simulate, batch, explain, parameters), the page, the PDF, the CSV, the calendar, the API,
the fund's files, the delegates' screening.
"""

from __future__ import annotations

import ast
import datetime
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import polars as pl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

import binome
from binome.documents import calendrier, pdf, tableur
from binome.dossiers.models import CalculConserve, Reperage
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele import prospection
from binome.simulation.contrats_suivis import ContratSuivi, suivre
from binome.simulation.modele.resultat import Resultat
from binome.simulation.moteur.systeme import apports_du_processus, empreinte_de_la_loi, systeme
from binome.site.guide.loi import parametres_du
from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.apports import AUCUN, Apports
from openfisca_assistants_medicaux.distributions import COLONNES
from tests.cli.outils import GENERALISTE, lancer
from tests.documents.outils import resultat_modifie, situation_de
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

JOUR = datetime.date(2026, 11, 23)
LIGNE = {
    "date": "2021-12-31",
    "specialite": "dermatologie",
    "indicateur": "file_active",
    "population": "tous_ages",
    "percentile": "30",
    "valeur": "900",
    "certitude": "texte",
    "source": "CNAM",
}
DERMATOLOGUE = """
date_appreciation: 2026-11-23
medecin: {specialite: dermatologie, secteur: secteur_1}
patientele: {file_active: 1200}
contrat: {date_signature: 2026-03-02, option: 1}
"""


def ecrire(dossier: Path, *lignes: dict[str, str], nom: str = "officiels.csv") -> Path:
    fichier = dossier / nom
    cellules = [",".join(ligne.get(colonne, "") for colonne in COLONNES) for ligne in lignes]
    fichier.write_text("\n".join([",".join(COLONNES), *cellules]), encoding="utf-8")
    return fichier


@pytest.fixture
def ajoutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Percentiles that the environment adds to the law of this process."""
    fichier = ecrire(tmp_path, LIGNE)
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(fichier))
    return fichier


def empreinte() -> str:
    return empreinte_de_la_loi(apports_du_processus())


def test_le_contenu_fait_l_empreinte(tmp_path: Path) -> None:
    un, autre = tmp_path / "a", tmp_path / "b"
    un.mkdir()
    autre.mkdir()
    premier = AUCUN.avec([ecrire(un, LIGNE)])
    assert empreinte_de_la_loi(premier) != empreinte_de_la_loi(AUCUN)
    # The same content elsewhere is the same law; another content at the same place is another one.
    meme = AUCUN.avec([ecrire(autre, LIGNE, nom="copie.csv")])
    assert empreinte_de_la_loi(meme) == empreinte_de_la_loi(premier)
    change = AUCUN.avec([ecrire(un, {**LIGNE, "valeur": "901"})])
    assert empreinte_de_la_loi(change) != empreinte_de_la_loi(premier)


def test_un_fichier_change_est_relu(tmp_path: Path, ajoutes: Path) -> None:
    avant = empreinte()
    assert systeme(apports_du_processus()).distributions.publies("2021-12-31", "dermatologie", "file_active") == {
        30: 900
    }
    ecrire(tmp_path, {**LIGNE, "valeur": "1100"})
    assert empreinte() != avant
    assert systeme(apports_du_processus()).distributions.publies("2021-12-31", "dermatologie", "file_active") == {
        30: 1100
    }


def test_un_percentile_livre_se_retire(tmp_path: Path) -> None:
    livre = {"specialite": "medecine_generale", "indicateur": "patientele_mt", "percentile": "95", "valeur": "retirée"}
    sans = CountryTaxBenefitSystem(apports=AUCUN.avec([ecrire(tmp_path, {**LIGNE, **livre})]))
    assert 95 in systeme(AUCUN).distributions.publies("2021-12-31", "medecine_generale", "patientele_mt")
    assert 95 not in sans.distributions.publies("2021-12-31", "medecine_generale", "patientele_mt")


def test_openfisca_seul_dit_ce_qui_est_ajoute(ajoutes: Path) -> None:
    assert [f.nom for f in CountryTaxBenefitSystem().apports.distributions] == ["officiels.csv"]
    assert CountryTaxBenefitSystem(apports=AUCUN).apports == Apports()


def test_simuler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disagreement P14: what the environment adds changes the answer, and the answer says so."""
    situation = tmp_path / "d.yaml"
    situation.write_text(DERMATOLOGUE, encoding="utf-8")
    sans = Resultat.model_validate_json(lancer("simuler", situation, "--json").brut)
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(ecrire(tmp_path, LIGNE)))
    avec = Resultat.model_validate_json(lancer("simuler", situation, "--json").brut)
    seuils = [
        next(c.verdict for c in r.verdict.conditions if c.nom == "condition_seuil_activite") for r in (sans, avec)
    ]
    assert seuils == ["indeterminee", "remplie"]
    assert sans.version.empreinte_loi != avec.version.empreinte_loi
    assert [f.nom for f in avec.version.distributions] == ["officiels.csv"]
    assert "percentiles ajoutés : officiels.csv" in " ".join(lancer("simuler", situation).sortie.split())


def test_un_fichier_illisible_est_refuse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(tmp_path / "absent.csv"))
    reponse = lancer("simuler", GENERALISTE)
    assert reponse.code == 2
    assert "absent.csv" in reponse.erreurs
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(ecrire(tmp_path, {**LIGNE, "valeur": "beaucoup"})))
    reponse = lancer("simuler", GENERALISTE)
    assert reponse.code == 2
    assert "beaucoup" in reponse.erreurs


def test_expliquer(ajoutes: Path) -> None:
    dit = json.loads(lancer("expliquer", GENERALISTE, "eligible", "--json").brut)
    assert dit["version"]["empreinte_loi"] == empreinte()


def test_lot(tmp_path: Path, ajoutes: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text(
        "specialite,secteur,file_active,date_signature,option\ndermatologie,secteur_1,1200,2026-03-02,un_etp\n",
        encoding="utf-8",
    )
    for sortie in (tmp_path / "r.parquet", tmp_path / "r.csv"):
        reponse = lancer("lot", table, "-o", sortie, "--date", JOUR.isoformat())
        lu = (
            pl.read_parquet(sortie)
            if sortie.suffix == ".parquet"
            else pl.read_csv(sortie, separator=";", infer_schema=False)
        )
        assert set(lu["empreinte_loi"]) == {empreinte()}
        assert "officiels.csv" in reponse.sortie.replace("\n", "")


def test_page(client: Client, ajoutes: Path) -> None:
    adresse = (
        "/simulation/resultat?medecin.specialite=dermatologie&medecin.secteur=secteur_1&patientele.file_active=1200"
    )
    page = client.get(f"{adresse}&contrat.date_signature=2026-03-02&contrat.option=un_etp").content.decode()
    assert f"loi {empreinte()[:12]}" in page
    assert "officiels.csv" in page


def test_documents(ajoutes: Path) -> None:
    # Worked out anew: the results that other tests share are those of the law alone.
    resultat = resultat_modifie("generaliste-2026")
    texte = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.rendre(resultat, "x"))).pages)
    assert f"loi{empreinte()[:12]}" in re.sub(r"\s", "", texte)
    lignes = tableur.rendre(resultat).decode("utf-8-sig").splitlines()
    assert all(f"loi {empreinte()[:12]}" in ligne for ligne in lignes[1:])


def test_le_calendrier(ajoutes: Path) -> None:
    """Each of its events, which a diary keeps apart from the others."""
    lu = icalendar.Calendar.from_ical(calendrier.rendre(resultat_modifie("generaliste-2026")))
    descriptions = [str(evenement["description"]) for evenement in lu.walk("VEVENT")]
    assert any("€" in description for description in descriptions)
    for description in descriptions:
        assert f"loi {empreinte()[:12]}" in description
        assert "percentiles ajoutés : officiels.csv" in description


@pytest.mark.parametrize(
    ("options", "sous"),
    [(["--date", JOUR.isoformat()], "parametres"), (["--comparer", "2023-06-01", JOUR.isoformat()], "changements")],
)
def test_parametres(tmp_path: Path, ajoutes: Path, options: list[str], sous: str) -> None:
    dit = json.loads(lancer("parametres", *options, "--recherche", "preavis", "--json").brut)
    assert dit["version"]["empreinte_loi"] == empreinte()
    assert dit["version"]["distributions"][0]["nom"] == "officiels.csv"
    assert dit[sous]
    # What the command itself adds counts too.
    autre = ecrire(tmp_path, {**LIGNE, "valeur": "901"}, nom="autre.csv")
    dit = json.loads(lancer("parametres", *options, "--distributions", autre, "--json").brut)
    assert "autre.csv" in [fichier["nom"] for fichier in dit["version"]["distributions"]]
    assert dit["version"]["empreinte_loi"] != empreinte()


@pytest.mark.django_db
def test_le_reperage(ajoutes: Path, settings: Any) -> None:
    """The screening says what judged, in its table and on its pages, even once another law is in force."""
    settings.MFA_OBLIGATOIRE = False
    caisse = fabrique.caisse()
    medecin, delegue = fabrique.medecin(caisse), fabrique.agent(caisse, Role.DELEGUE)
    prospection.reperer(caisse.pk, delegue, jour=JOUR)
    garde, juge_par = Reperage.objects.get(medecin=medecin), empreinte()
    assert garde.empreinte_loi == juge_par
    assert "percentiles ajoutés : officiels.csv" in garde.version
    ajoutes.write_text(ajoutes.read_text(encoding="utf-8").replace("900", "901"), encoding="utf-8")
    assert empreinte() != juge_par
    client = client_de(delegue)
    for adresse in (reverse("caisse:prospection"), reverse("caisse:prospect", args=[medecin.pk])):
        page = client.get(adresse).content.decode()
        assert f"loi {juge_par[:12]}" in page, adresse
        assert "officiels.csv" in page, adresse


def test_api(client: Client, ajoutes: Path) -> None:
    corps = {
        "medecin": {"specialite": "dermatologie", "secteur": "secteur_1"},
        "patientele": {"file_active": 1200},
        "contrat": {"date_signature": "2026-03-02", "option": "un_etp"},
    }
    dit = client.post("/api/v1/simulations", corps, content_type="application/json").json()
    assert dit["version"]["empreinte_loi"] == empreinte()
    assert dit["version"]["distributions"][0]["nom"] == "officiels.csv"


def test_dossiers(ajoutes: Path) -> None:
    suivi = ContratSuivi(situation=situation_de("generaliste-2026"))
    assert next(suivre([suivi], JOUR)).empreinte_loi == empreinte()
    assert next(suivre([suivi], JOUR, AUCUN)).empreinte_loi == empreinte_de_la_loi(AUCUN) != empreinte()
    assert CalculConserve._meta.get_field("empreinte_loi").max_length == len(empreinte())


def test_le_guide_suit_la_loi_du_processus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nom = "distributions.dermatologie.file_active.p30"
    assert nom not in parametres_du(JOUR)
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(ecrire(tmp_path, LIGNE)))
    assert parametres_du(JOUR)[nom].valeur == 900


#: Where it is decided what the process adds to the law: the doors themselves. Anything else is told.
BORDS = {
    "dossiers/contrats/actes/avenants.py",
    "dossiers/contrats/echeances.py",
    "dossiers/contrats/etat.py",
    "dossiers/patientele/import_releves.py",
    "dossiers/patientele/prospection.py",
    "simulation/archive.py",
    "simulation/contrats_suivis.py",
    "simulation/valeurs.py",
    "simulation/moteur/systeme.py",
    "simulation/parametres.py",
    "simulation/reponse/simuler.py",
    "simulation/tables/lot.py",
    "site/guide/annee_3.py",
    "site/guide/loi.py",
    "site/guide/memoire.py",
    "site/simulateur/questions.py",
    "site/socle/sante.py",
    "site/wsgi.py",
}


def _appels(source: Path) -> Iterator[tuple[str, int]]:
    for noeud in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(noeud, ast.Call):
            nom = noeud.func.attr if isinstance(noeud.func, ast.Attribute) else getattr(noeud.func, "id", "")
            yield nom, len(noeud.args) + len(noeud.keywords)


def test_un_seul_endroit_dit_ce_que_le_processus_ajoute() -> None:
    """The environment is read in one place, the process asks it at its edges, and the law is never built unsaid."""
    racine = Path(binome.__file__).parent
    for source in racine.rglob("*.py"):
        relatif = source.relative_to(racine).as_posix()
        if relatif.startswith("cli/"):
            continue
        appels = list(_appels(source))
        noms = {nom for nom, _ in appels}
        if noms & {"apports_du_processus", "apports_avec", "loi_du_processus"}:
            assert relatif in BORDS, relatif
        if relatif != "simulation/moteur/systeme.py":
            assert not noms & {"CountryTaxBenefitSystem", "de_l_environnement"}, relatif
        # (« Acteur.systeme » is somebody, not the law.)
        if not relatif.startswith(("dossiers/", "site/")):
            assert ("systeme", 0) not in appels, relatif
