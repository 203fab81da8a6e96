"""Backup, restoration, migrations, checks."""

import hashlib
import io
import json
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
from tests.dossiers.commandes import PEUPLER, manage


@pytest.fixture
def base_neuve(tmp_path):
    """Makes empty databases of the engine under test: their addresses."""
    with ExitStack() as pile:
        yield lambda nom: pile.enter_context(bases.base_neuve(nom, tmp_path))


def test_sauvegarder_puis_restaurer(base_neuve, tmp_path):
    ici, la = base_neuve("ici"), base_neuve("la")
    manage(ici, tmp_path / "ici", "migrate", "-v0")
    manage(ici, tmp_path / "ici", "shell", "--no-imports", "-c", PEUPLER)
    dit = manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"))
    assert "aide.droit': 1900000" in dit
    assert "existe déjà" in manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"), attendu=2)
    assert "Restauré et vérifié" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"))
    # The triggers came back with the tables, and the documents with them.
    assert "ajout seul" in manage(
        la,
        tmp_path / "la",
        "shell",
        "--no-imports",
        "-c",
        "from binome.dossiers.models import Ecriture; Ecriture.objects.update(montant=1)",
        attendu=1,
    )
    assert "0 faute" in manage(la, tmp_path / "la", "verifier_dossiers")
    assert "n'est pas vide" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)
    deposes = [f for f in (tmp_path / "la/pieces").rglob("*") if f.is_file()]
    assert deposes
    assert all(f.read_bytes() for f in deposes)
    # The values too: both versions, who brought them, and the computation that names the last one is done again.
    versions = depot.historique(tmp_path / "la/valeurs")
    assert [(v.fichier.nom, v.par) for v in versions] == [("b.yaml", "Mme Test"), ("a.yaml", "Mme Test")]
    assert [v.fichier for v in versions] == [v.fichier for v in depot.historique(tmp_path / "ici/valeurs")]


def test_une_sauvegarde_abimee_est_refusee(base_neuve, tmp_path):
    ici, la = base_neuve("ici"), base_neuve("la")
    manage(ici, tmp_path / "ici", "migrate", "-v0")
    manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"))
    with (tmp_path / "copie/pieces.tar").open("ab") as flux:
        flux.write(b"x")
    assert "abîmée" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)
    bilan = json.loads((tmp_path / "copie/bilan.json").read_text())
    assert bilan["tables"]["dossiers_caisse"] == 0


@pytest.mark.django_db
def test_la_sauvegarde_d_un_autre_moteur_est_refusee(tmp_path):
    (tmp_path / sauvegarde.BILAN).write_text(json.dumps({"moteur": "autre", "sha256": {}}), encoding="utf-8")
    with pytest.raises(Refus, match="une base du même moteur est attendue"):
        sauvegarde.restaurer(tmp_path)


@pytest.mark.lent
def test_migrer_depuis_la_version_precedente(base_neuve, tmp_path):
    """The release before had one table of Django's and no data of its own; it must be brought up, and back."""
    base = base_neuve("avant")
    manage(base, tmp_path, "migrate", "contenttypes", "-v0")
    manage(base, tmp_path, "migrate", "-v0")
    manage(base, tmp_path, "shell", "--no-imports", "-c", PEUPLER)
    assert "0 faute" in manage(base, tmp_path, "verifier_dossiers")
    # The triggers can be removed and put back by their own migration, with data under them.
    manage(base, tmp_path, "migrate", "dossiers", "0001", "-v0")
    manage(base, tmp_path, "migrate", "-v0")
    assert "0 faute" in manage(base, tmp_path, "verifier_dossiers")


@pytest.mark.django_db
def test_aucune_migration_ne_manque():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    assert connections["default"].introspection.table_names()


@pytest.mark.lent
def test_des_valeurs_qui_manquent_sont_dites(base_neuve, tmp_path):
    """An archive that lost a version, sums made right again: the account still tells; a taken folder is refused."""
    ici, la = base_neuve("ici"), base_neuve("la")
    manage(ici, tmp_path / "ici", "migrate", "-v0")
    manage(ici, tmp_path / "ici", "shell", "--no-imports", "-c", PEUPLER)
    assert "2 fichier(s) de valeurs" in manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"))
    manage(la, tmp_path / "la", "migrate", "-v0")
    occupe = tmp_path / "la/valeurs/20260101T000000000000Z-x.yaml"
    occupe.write_text("a: 1")
    assert "il tient déjà des valeurs" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)
    occupe.unlink()
    archive, manifeste = tmp_path / "copie/valeurs.tar", tmp_path / "copie/bilan.json"
    with tarfile.open(archive, "w"):
        pass
    bilan = json.loads(manifeste.read_text())
    bilan["sha256"]["valeurs.tar"] = hashlib.sha256(archive.read_bytes()).hexdigest()
    manifeste.write_text(json.dumps(bilan))
    refus = manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)
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


@pytest.mark.lent
def test_une_restauration_interrompue_se_recommence(base_neuve, tmp_path):
    """Killed at each of its steps, one after the other, then left to end."""
    ici, la = base_neuve("ici"), base_neuve("la")
    manage(ici, tmp_path / "ici", "migrate", "-v0")
    manage(ici, tmp_path / "ici", "shell", "--no-imports", "-c", PEUPLER)
    manage(ici, tmp_path / "ici", "sauvegarder", str(tmp_path / "copie"))
    for mort in MORTS.values():
        script = (
            f"import os, pathlib, shutil\nfrom binome.dossiers.exploitation import sauvegarde as s\n{mort}"
            f"s.restaurer(pathlib.Path({str(tmp_path / 'copie')!r}))\n"
        )
        manage(la, tmp_path / "la", "shell", "--no-imports", "-c", script, attendu=9)
    assert "Restauré et vérifié" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"))
    assert "0 faute" in manage(la, tmp_path / "la", "verifier_dossiers")
    # Once whole, it is a base like another: nothing is put back over it.
    assert "n'est pas vide" in manage(la, tmp_path / "la", "restaurer", str(tmp_path / "copie"), attendu=2)


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
