"""Two roles on PostgreSQL: the site's own is enough to live, and cannot touch what is only added to."""

# ruff: noqa: S608 - the names of our own tables
import os
import re
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection

from binome.dossiers import garde_fous
from tests import bases
from tests.dossiers.commandes import PEUPLER, manage

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite ne connaît pas de rôles")
ROLE = f"binome_site_{os.getpid()}"


@pytest.fixture
def base(django_db_setup, tmp_path):
    """A migrated database, and a role that the site alone uses."""
    with ExitStack() as pile:
        adresse = pile.enter_context(bases.base_migree("droits", tmp_path))
        bases.ordonner(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'site'")
        pile.callback(bases.ordonner, f"DROP ROLE {ROLE}")
        pile.callback(_abandonner, adresse)
        yield adresse


def _abandonner(adresse):
    with psycopg.connect(adresse.replace("postgres:", "postgresql:")) as serveur:
        serveur.execute(f"DROP OWNED BY {ROLE}")


def du_site(adresse):
    return re.sub(r"//[^@]*@", f"//{ROLE}:site@", adresse)


def test_le_site_vit_et_ne_reecrit_rien(base, tmp_path):
    ecrits = manage(base, tmp_path, "droits_postgresql", ROLE)
    assert f'GRANT SELECT, INSERT ON "dossiers_ecriture" TO {ROLE};' in ecrits
    # Written, nothing was given yet.
    manage(du_site(base), tmp_path, "verifier_dossiers", attendu=1)
    for _ in range(2):
        assert "droits donnés" in manage(base, tmp_path, "droits_postgresql", ROLE, "--appliquer")
    site = du_site(base)
    manage(site, tmp_path, "shell", "--no-imports", "-c", PEUPLER)
    assert "0 faute" in manage(site, tmp_path, "verifier_dossiers")
    assert "propriétaire" in manage(site, tmp_path, "purger_journal", attendu=2)
    assert "0 ligne" in manage(base, tmp_path, "purger_journal")
    with psycopg.connect(site.replace("postgres:", "postgresql:"), autocommit=True) as serveur:
        vides = {
            table
            for table in garde_fous.AJOUT_SEUL_SUR
            if not serveur.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        }
        # Only where something happened that this life does not hold: no difference was announced.
        assert vides == {"dossiers_ecartannonce"}
        for table in garde_fous.AJOUT_SEUL_SUR:
            for ordre in (
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"DROP TRIGGER {table}_update ON {table}",
                f"DROP TABLE {table} CASCADE",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    serveur.execute(ordre)
        for ordre in (
            "DELETE FROM dossiers_ligneversement",
            "INSERT INTO dossiers_purge (contrat_id, ouverte_le) SELECT id, now() FROM dossiers_contrat",
            "CREATE TABLE a_moi (id int)",
            "SET session_replication_role = replica",
            "CREATE OR REPLACE FUNCTION binome_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                serveur.execute(ordre)


def test_un_role_qui_peut_tout_est_refuse(base, tmp_path):
    bases.ordonner(f"ALTER ROLE {ROLE} SUPERUSER")
    assert "superutilisateur" in manage(base, tmp_path, "droits_postgresql", ROLE, "--appliquer", attendu=2)
    bases.ordonner(f"ALTER ROLE {ROLE} NOSUPERUSER")
    assert "minuscules" in manage(base, tmp_path, "droits_postgresql", "Site; --", attendu=2)
