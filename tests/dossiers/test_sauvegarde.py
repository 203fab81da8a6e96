"""Backup, restoration, migrations, checks."""

import hashlib
import io
import json
import shutil
import tarfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections

from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import sauvegarde
from openfisca_assistants_medicaux.valeurs import depot
from tests import bases
from tests.dossiers.commandes import PEUPLER, ecrire, enchainer, manage


@pytest.fixture
def base_neuve(tmp_path):
    """Makes empty databases of the engine under test: their addresses."""
    with ExitStack() as pile:
        yield lambda nom: pile.enter_context(bases.base_neuve(nom, tmp_path))


@pytest.fixture(scope="module")
def ici(django_db_setup, tmp_path_factory):
    """A small life and its backup (`copie`), made once: the address of the database, and the folder of both."""
    dossier = tmp_path_factory.mktemp("ici")
    with bases.base_migree("ici", dossier) as base:
        (peuple, _), (sauve, dit), (de_nouveau, refus) = enchainer(
            base,
            dossier,
            ecrire(PEUPLER),
            ("sauvegarder", str(dossier / "copie")),
            ("sauvegarder", str(dossier / "copie")),
        )
        assert (peuple, sauve, de_nouveau) == (0, 0, 2)
        assert "aide.droit': 1900000" in dit
        assert "2 fichier(s) de valeurs" in dit
        assert "existe déjà" in refus
        yield base, dossier


@pytest.fixture
def copie(ici, tmp_path):
    """A backup to spoil."""
    return Path(shutil.copytree(ici[1] / "copie", tmp_path / "copie"))


MODIFIER = "from binome.dossiers.models import Ecriture; Ecriture.objects.update(montant=1)"


def test_sauvegarder_puis_restaurer(ici, base_neuve, tmp_path):
    la, copie = base_neuve("la"), str(ici[1] / "copie")
    assert "Restauré et vérifié" in manage(la, tmp_path / "la", "restaurer", copie)
    assert "n'est pas vide" in manage(la, tmp_path / "la", "restaurer", copie, attendu=2)
    # The triggers came back with the tables, and the documents with them.
    modifie, verifie = enchainer(la, tmp_path / "la", ecrire(MODIFIER), ("verifier_dossiers",))
    assert modifie[0] == 1
    assert "ajout seul" in modifie[1]
    assert verifie[0] == 0
    assert "0 faute" in verifie[1]
    deposes = [f for f in (tmp_path / "la/pieces").rglob("*") if f.is_file()]
    assert deposes
    assert all(f.read_bytes() for f in deposes)
    # The values too: both versions, who brought them, and the computation that names the last one is done again.
    versions = depot.historique(tmp_path / "la/valeurs")
    assert [(v.fichier.nom, v.par) for v in versions] == [("b.yaml", "Mme Test"), ("a.yaml", "Mme Test")]
    assert [v.fichier for v in versions] == [v.fichier for v in depot.historique(ici[1] / "valeurs")]


def test_une_sauvegarde_abimee_est_refusee(copie, base_neuve, tmp_path):
    with (copie / "pieces.tar").open("ab") as flux:
        flux.write(b"x")
    assert "abîmée" in manage(base_neuve("la"), tmp_path / "la", "restaurer", str(copie), attendu=2)
    bilan = json.loads((copie / "bilan.json").read_text())
    assert bilan["tables"]["dossiers_caisse"] == 1


@pytest.mark.django_db
def test_la_sauvegarde_d_un_autre_moteur_est_refusee(tmp_path):
    (tmp_path / sauvegarde.BILAN).write_text(json.dumps({"moteur": "autre", "sha256": {}}), encoding="utf-8")
    with pytest.raises(Refus, match="une base du même moteur est attendue"):
        sauvegarde.restaurer(tmp_path)


def test_migrer_depuis_la_version_precedente(base_neuve, tmp_path):
    """The release before had one table of Django's and no data of its own; it must be brought up, and back."""
    base = base_neuve("avant")
    faits = enchainer(
        base,
        tmp_path,
        ("migrate", "contenttypes", "-v0"),
        ("migrate", "-v0"),
        ecrire(PEUPLER),
        ("verifier_dossiers",),
        # The triggers can be removed and put back by their own migration, with data under them.
        ("migrate", "dossiers", "0001", "-v0"),
        ("migrate", "-v0"),
        ("verifier_dossiers",),
    )
    assert [code for code, _ in faits] == [0] * len(faits), faits
    assert all("0 faute" in faits[rang][1] for rang in (3, 6))


@pytest.mark.django_db
def test_aucune_migration_ne_manque():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    assert connections["default"].introspection.table_names()


def test_des_valeurs_qui_manquent_sont_dites(copie, django_db_setup, tmp_path):
    """An archive that lost a version, sums made right again: the account still tells; a taken folder is refused."""
    occupe = tmp_path / "la/valeurs/20260101T000000000000Z-x.yaml"
    occupe.parent.mkdir(parents=True)
    occupe.write_text("a: 1")
    with bases.base_migree("la", tmp_path) as la:
        refus = manage(la, tmp_path / "la", "restaurer", str(copie), attendu=2)
        assert "il tient déjà des valeurs" in refus
        occupe.unlink()
        archive, manifeste = copie / "valeurs.tar", copie / "bilan.json"
        with tarfile.open(archive, "w"):
            pass
        bilan = json.loads(manifeste.read_text())
        bilan["sha256"]["valeurs.tar"] = hashlib.sha256(archive.read_bytes()).hexdigest()
        manifeste.write_text(json.dumps(bilan))
        refus = manage(la, tmp_path / "la", "restaurer", str(copie), attendu=2)
        assert "a.yaml attendu, None trouvé" in refus


# -- interruptions -----------------------------------------------------------------------------------------------


def test_une_piece_qui_arrive_ou_s_en_va_n_empeche_pas_la_sauvegarde(tmp_path, monkeypatch):
    """A document being received is under a name of its own; one that is gone was erased at the end of its keeping."""
    depot = tmp_path / "pieces"
    (depot / "ab").mkdir(parents=True)
    (depot / "ab" / "abcd").write_bytes(b"gardee")
    (depot / "ab" / ".depot-x1y2").write_bytes(b"a moitie recue")
    trouves = sorted(depot.rglob("*"))
    monkeypatch.setattr(Path, "rglob", lambda *_: [*trouves, depot / "ab" / "partie"])
    flux = io.BytesIO()
    with tarfile.open(fileobj=flux, mode="w") as archive:
        sauvegarde._archiver(depot, archive)
    flux.seek(0)
    with tarfile.open(fileobj=flux) as archive:
        assert archive.getnames() == ["ab", "ab/abcd"]


#: A restoration killed at one of its steps: half of the documents, half of the database, or once all is written.
MORTS = {
    "des pieces": "def a_moitie(*_, **__):\n    os._exit(9)\npathlib.Path.replace = a_moitie\n",
    "de la base": (
        "def copier(source, cible):\n"
        "    octets = pathlib.Path(source).read_bytes()\n"
        "    pathlib.Path(cible).write_bytes(octets[: len(octets) // 2])\n"
        "    os._exit(9)\n"
        "shutil.copyfile = copier\n"
        "lancer = s._lancer\n"
        "def tuer(programme, *arguments):\n"
        "    lancer(programme, *(a for a in arguments if a != '--single-transaction'), '--section=pre-data')\n"
        "    os._exit(9)\n"
        "s._lancer = tuer\n"
    ),
    "de la verification": "s._conforme = lambda *_: os._exit(9)\n",
}


def test_une_restauration_interrompue_se_recommence(ici, base_neuve, tmp_path):
    """Killed at each of its steps, one after the other, then left to end."""
    la, copie = base_neuve("la"), str(ici[1] / "copie")
    for mort in MORTS.values():
        script = (
            f"import os, pathlib, shutil\nfrom binome.dossiers.exploitation import sauvegarde as s\n{mort}"
            f"s.restaurer(pathlib.Path({copie!r}))\n"
        )
        manage(la, tmp_path / "la", *ecrire(script), attendu=9)
    restaure, verifie, encore = enchainer(
        la, tmp_path / "la", ("restaurer", copie), ("verifier_dossiers",), ("restaurer", copie)
    )
    assert "Restauré et vérifié" in restaure[1]
    assert "0 faute" in verifie[1]
    # Once whole, it is a base like another: nothing is put back over it.
    assert encore[0] == 2
    assert "n'est pas vide" in encore[1]


# -- from one engine to the other ----------------------------------------------------------------------------------

EMPREINTES = (
    "import json\nfrom binome.dossiers.exploitation.transfert import empreintes\n"
    "print('EMPREINTES', json.dumps(empreintes('default')))\n"
)
SUITE = (
    "import datetime\nfrom binome.dossiers.acteur import Acteur\nfrom binome.dossiers.contrats.actes import notes\n"
    "from binome.dossiers.models import Affectation, Contrat\n"
    "g = Acteur.de(Affectation.objects.select_related('utilisateur').get(role='gestionnaire'))\n"
    "notes.noter(Contrat.objects.get().pk, g, 'de l autre côté')\n"
)


def _empreintes(base, donnees):
    dit = manage(base, donnees, "shell", "--no-imports", "-c", EMPREINTES)
    return json.loads(dit.partition("EMPREINTES ")[2].splitlines()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="de SQLite à PostgreSQL")
def test_de_sqlite_a_postgresql(base_neuve, tmp_path):
    ici, la = f"sqlite:///{tmp_path}/ici.sqlite3", base_neuve("la")
    manage(ici, tmp_path / "ici", "migrate", "-v0")
    manage(ici, tmp_path / "ici", "shell", "--no-imports", "-c", PEUPLER)
    manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"))
    assert "Restauré et vérifié" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"))
    avant = _empreintes(ici, tmp_path / "ici")
    assert len(avant) > 30
    assert _empreintes(la, tmp_path / "la") == avant
    assert "0 faute" in manage(la, tmp_path / "la", "verifier_dossiers")
    # The file goes on there: keys follow, the chain too, and the triggers hold.
    manage(la, tmp_path / "la", "shell", "--no-imports", "-c", SUITE)
    assert "0 faute" in manage(la, tmp_path / "la", "verifier_dossiers")
    assert "n'est pas vide" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)
    # And back: what PostgreSQL holds goes to PostgreSQL only, in words.
    manage(la, tmp_path / "la", "sauvegarder", str(tmp_path / "retour"))
    autre = f"sqlite:///{tmp_path}/autre.sqlite3"
    assert "même moteur" in manage(autre, tmp_path / "autre", "restaurer", str(tmp_path / "retour"), attendu=2)
