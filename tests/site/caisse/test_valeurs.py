"""The page of the operator's values: who may, what a file would change, what is in force for every process."""

from __future__ import annotations

import cProfile
import datetime
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Consultation
from binome.dossiers.nomenclatures import Role
from binome.site.simulateur import adresse
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.valeurs import depot
from openfisca_assistants_medicaux.valeurs.catalogue import catalogue
from openfisca_assistants_medicaux.valeurs.fichier import lire
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
PREAVIS = (
    "par: Mme Texte\nvaleurs:\n"
    "  - nom: preavis_resiliation\n    valeur: {mois}\n    effet: 2024-06-22\n    connu: 2026-01-05\n"
    "    source: Convention 2024, annexe 9\n"
)


@pytest.fixture(autouse=True)
def lieu(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MFA_OBLIGATOIRE = False
    dossier = tmp_path / "valeurs"
    dossier.mkdir()
    monkeypatch.setenv("BINOME_VALEURS", str(dossier))
    return dossier


@pytest.fixture
def administrateur() -> Client:
    return client_de(fabrique.agent(None, Role.ADMINISTRATEUR))


def texte(reponse: Any) -> str:
    return " ".join(re.sub(r"[\u202f\u00a0]", " ", reponse.content.decode()).split())


def envoyer(client: Client, contenu: str, nom: str = "valeurs.yaml") -> Any:
    return client.post(reverse("caisse:valeurs"), {"fichier": SimpleUploadedFile(nom, contenu.encode())})


def jeton(apercu: Any) -> dict[str, str]:
    trouve = re.search(r'name="jeton" value="([^"]+)"', apercu.content.decode())
    assert trouve is not None
    return {"jeton": trouve[1]}


def confirmer(client: Client, apercu: Any) -> Any:
    return client.post(reverse("caisse:importer_valeurs"), jeton(apercu), follow=True)


def test_importer_apres_avoir_vu(administrateur: Client, lieu: Path) -> None:
    vide = texte(administrateur.get(reverse("caisse:valeurs")))
    assert "Aucune valeur n’est ajoutée à la loi" in vide
    assert catalogue()["preavis_resiliation"].debloque in vide.replace("&#x27;", "'").replace("’", "'")

    apercu = envoyer(administrateur, PREAVIS.format(mois=5))
    assert apercu.status_code == 200
    assert "5 mois, depuis le 22/06/2024 (connu le 05/01/2026" in texte(apercu)
    assert depot.historique(lieu) == []

    page = texte(confirmer(administrateur, apercu))
    assert "En vigueur : valeurs.yaml" in page
    for montre in ("5 mois", "22/06/2024", "05/01/2026", "Convention 2024, annexe 9", "Mme Texte"):
        assert montre in page
    (version,) = depot.historique(lieu)
    assert version.par.startswith("Agent")
    assert version.par in page
    assert Consultation.objects.filter(action="importer", objet="valeurs").exists()

    # The second one shows what it replaces, and the first one stays in the history.
    apercu = envoyer(administrateur, PREAVIS.format(mois=4))
    assert "modifiée" in texte(apercu)
    assert re.search(r"5 mois, depuis.*4 mois, depuis", texte(apercu))
    confirmer(administrateur, apercu)
    assert len(depot.historique(lieu)) == 2
    rendu = administrateur.get(reverse("caisse:version_valeurs", args=[version.fichier.empreinte]))
    assert rendu.content == PREAVIS.format(mois=5).encode()
    assert administrateur.get(reverse("caisse:version_valeurs", args=["0" * 64])).status_code == 404


@pytest.mark.parametrize(
    ("contenu", "attendus"),
    [
        (PREAVIS.format(mois=40), ["ligne 4, valeur 1 (preavis_resiliation), valeur : « 40 »", "de 0 à 12"]),
        (PREAVIS.format(mois=3) + "    option: 1\n", ["ligne 8, valeur 1", "option : champ inconnu"]),
        ("valeurs: [", ["YAML illisible"]),
        ("", ["vide"]),
    ],
)
def test_un_fichier_faux_est_refuse_en_mots(
    administrateur: Client, lieu: Path, contenu: str, attendus: list[str]
) -> None:
    reponse = envoyer(administrateur, contenu)
    assert reponse.status_code == 422
    for attendu in attendus:
        assert attendu in texte(reponse)
    assert depot.historique(lieu) == []


#: Each list holds the one before nine times: a few lines that would be written in a thousand million words.
RENVOIS = "a0: &a0 [x]\n" + "".join(f"a{r}: &a{r} [{', '.join([f'*a{r - 1}'] * 9)}]\n" for r in range(1, 10))
HOSTILES = {
    "renvois": RENVOIS + "valeurs: [{nom: *a9}]\n",
    "renvois_des_cles": RENVOIS + "valeurs: [{*a9 : 1}]\n",
    "nom_demesure": f"valeurs:\n  - nom: {'preavis_resiliation' * 20_000}\n",
    "imbrications": "valeurs: " + "[" * 200_000,
    "fautes": "valeurs: [" + "1," * 150_000 + "1]",
}


#: Calls of functions that a refusal costs the site: a page, and nothing that grows with the file.
APPELS = 250_000


@pytest.mark.parametrize("contenu", HOSTILES.values(), ids=HOSTILES)
def test_un_fichier_hostile_ne_coute_que_ses_bornes(administrateur: Client, lieu: Path, contenu: str) -> None:
    """In a process of its own: the site's does not grow, and the page says why in words."""
    avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with cProfile.Profile() as compteur:
        reponse = envoyer(administrateur, contenu)
    assert reponse.status_code == 422
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant < 20_000
    # What the site does itself, counted rather than timed.
    assert sum(fonction.callcount for fonction in compteur.getstats()) < APPELS
    assert len(reponse.content) < 100_000
    assert re.search("renvoi|inconnu du catalogue|illisible|trop lourd|autres fautes", texte(reponse))
    assert depot.historique(lieu) == []


def test_un_fichier_trop_grand(administrateur: Client) -> None:
    reponse = envoyer(administrateur, "#" * 600_000)
    assert reponse.status_code == 422
    assert "au plus 500 ko" in texte(reponse)


def test_rien_ne_passe_sans_apercu_ni_apres_un_autre_import(administrateur: Client, lieu: Path) -> None:
    faux = administrateur.post(reverse("caisse:importer_valeurs"), {"jeton": "inventé"}, follow=True)
    assert "redonnez le fichier" in texte(faux)
    apercu = envoyer(administrateur, PREAVIS.format(mois=5))
    confirmer(administrateur, envoyer(administrateur, PREAVIS.format(mois=4)))
    assert "importées entre-temps" in texte(confirmer(administrateur, apercu))
    (seule,) = depot.historique(lieu)
    assert b"valeur: 4" in seule.fichier.contenu


def test_qui_voit_et_qui_importe(lieu: Path) -> None:
    caisse = fabrique.caisse()
    medecin = fabrique.medecin(caisse)
    contenu = PREAVIS.format(mois=5)
    codes = {}
    for role in Role:
        hors = role in {Role.MEDECIN, Role.PILOTAGE, Role.ADMINISTRATEUR}
        client = client_de(
            fabrique.agent(None if hors else caisse, role, medecin=medecin if role == Role.MEDECIN else None)
        )
        page = client.get(reverse("caisse:valeurs"))
        codes[role] = (page.status_code, envoyer(client, contenu).status_code)
        if page.status_code == 200:
            assert ("Importer un fichier" in texte(page)) == (codes[role][1] == 200)
    assert codes == {
        Role.MEDECIN: (403, 403),
        Role.DELEGUE: (403, 403),
        Role.GESTIONNAIRE: (200, 403),
        Role.VALIDEUR: (200, 403),
        Role.RESPONSABLE: (200, 200),
        Role.PILOTAGE: (200, 403),
        Role.ADMINISTRATEUR: (200, 200),
    }
    # Values compute the files of every fund: the head of one among others does not change them.
    responsable = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    apercu = envoyer(responsable, contenu)
    fabrique.caisse()
    assert envoyer(responsable, contenu).status_code == 403
    assert responsable.post(reverse("caisse:importer_valeurs"), jeton(apercu)).status_code == 403
    gestionnaire = client_de(fabrique.agent(caisse))
    assert gestionnaire.post(reverse("caisse:importer_valeurs"), jeton(apercu)).status_code == 403
    assert depot.historique(lieu) == []


def test_sans_dossier_la_page_le_dit(administrateur: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fichier = tmp_path / "seul.yaml"
    fichier.write_text(PREAVIS.format(mois=5), encoding="utf-8")
    monkeypatch.setenv("BINOME_VALEURS", str(fichier))
    page = texte(administrateur.get(reverse("caisse:valeurs")))
    assert "seul.yaml" in page
    assert "rien ne peut être importé ici" in page


def test_le_fichier_a_remplir_se_remplit(administrateur: Client) -> None:
    """Each entry, its « # » taken off and its blanks filled in, is a valid value."""
    vide = administrateur.get(reverse("caisse:valeurs_a_remplir")).content.decode()
    assert [n for n in catalogue() if f"- nom: {n}\n" not in vide] == []
    debut, _, suite = vide.partition("#  - nom: preavis_resiliation")
    entree = ("#  - nom: preavis_resiliation" + suite.split("\n\n")[0]).replace("#", "", 1).replace("\n#", "\n")
    entree = re.sub("valeur:.*", "valeur: 3", entree)
    rempli = debut.split("\n\n")[0].replace("par: #", "par: moi #") + "\n"
    rempli += entree.replace("connu: ", "connu: 2026-01-05").replace("source: ", "source: annexe")
    (valeur,) = lire(Fichier("r.yaml", rempli.encode())).valeurs
    assert (valeur.nom.nom, valeur.valeur) == ("preavis_resiliation", 3)


AUTRE_PROCESSUS = """
import sys
from binome.simulation.moteur.systeme import loi_du_processus
for _ in sys.stdin:
    print(loi_du_processus().parameters.vie_du_contrat.resiliation_medecin.preavis("2026-02-01"), flush=True)
"""


def test_chaque_processus_calcule_avec_le_nouveau_fichier(administrateur: Client, client: Client) -> None:
    """The process that imports, and another one that already computed, without a restart."""
    with subprocess.Popen(
        [sys.executable, "-c", AUTRE_PROCESSUS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as autre:
        assert autre.stdin is not None
        assert autre.stdout is not None

        def ailleurs() -> str:
            autre.stdin.write("\n")  # type: ignore[union-attr]
            autre.stdin.flush()  # type: ignore[union-attr]
            return autre.stdout.readline().strip()  # type: ignore[union-attr]

        resultat = f"/simulation/resultat?{adresse.ecrire(fabrique.situation(datetime.date(2026, 3, 2)))}"
        avant = ailleurs()
        assert "valeurs.yaml" not in texte(client.get(resultat))
        confirmer(administrateur, envoyer(administrateur, PREAVIS.format(mois=7)))
        assert "valeurs.yaml" in texte(client.get(resultat))
        assert (avant, ailleurs()) == ("2", "7")
        autre.stdin.close()
