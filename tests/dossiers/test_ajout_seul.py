"""What was written stays as it was, whoever opens the database and however they write."""

# ruff: noqa: S608 - the names of our own tables
import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from binome.dossiers import garde_fous
from binome.dossiers.models import EcartAnnonce, Evaluation, LigneVersement
from binome.dossiers.models.cloison import AjoutSeul
from binome.dossiers.nomenclatures import Role
from binome.dossiers.paiements import banque, comptabilite
from binome.dossiers.patientele import releves
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer, rejeter

MODELES = [m for m in apps.get_models() if issubclass(m, AjoutSeul)]
FIGES = [m for m in apps.get_models() if m._meta.db_table in garde_fous.FIGES]
SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE est de SQLite")
POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE est de PostgreSQL")


def _nom(modele):
    return modele._meta.db_table


def ecrire_une_ligne_de_chaque_table():
    """A paid contract, with its evaluation: every table that is only added to holds a row."""
    caisse = fabrique.caisse()
    gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, SIGNATURE.replace(month=8, day=15), gestionnaire, valideur)
    Evaluation.objects.create(
        contrat=contrat,
        annee=1,
        releve_date=SIGNATURE,
        numerateur=1,
        denominateur=1,
        propose_numerateur=1,
        propose_denominateur=1,
    )
    rapport = rejeter("S", "INCONNUE")
    banque.recevoir(caisse.pk, "r.xml", rapport, valideur)
    comptabilite.clore(caisse.pk, SIGNATURE.replace(month=8, day=31), valideur)
    releve = fabrique.releve(contrat.medecin, SIGNATURE, 900, 1400)
    releves.corriger(releve.pk, gestionnaire, nombres={"patientele_mt": "950", "file_active": "1400"}, motif="essai")
    EcartAnnonce.objects.create(motif="essai", par="essai", a_compter_du=SIGNATURE, empreinte_loi="0" * 64)


@pytest.fixture
def scene(db):
    ecrire_une_ligne_de_chaque_table()


def test_chaque_table_marquee_est_gardee_et_elle_seule():
    assert {_nom(m) for m in MODELES} == set(garde_fous.AJOUT_SEUL_SUR)
    assert {_nom(m) for m in FIGES} == set(garde_fous.FIGES)
    for modele in FIGES:
        colonnes = {champ.column for champ in modele._meta.concrete_fields}
        assert set(garde_fous.FIGES[_nom(modele)].colonnes) <= colonnes


def refuse(ordre, parametres=()):
    """The order is refused by a trigger of ours, and by nothing else."""
    with pytest.raises(DatabaseError, match="ajout seul"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, parametres)


@pytest.mark.parametrize("modele", [*MODELES, *FIGES], ids=_nom)
def test_ni_modifier_ni_retirer(scene, modele):
    table = _nom(modele)
    cle = modele._base_manager.values_list("pk", flat=True).first()
    assert cle is not None
    colonnes = [c for c in garde_fous.FIGES[table].colonnes if c != "id"] if table in garde_fous.FIGES else ["id"]
    for colonne in colonnes:
        champ = next(c for c in modele._meta.concrete_fields if c.column == colonne)
        valeur = {"JSONField": """'{"x": 1}'""", "DateField": "'1999-01-01'", "DateTimeField": "'1999-01-01'"}
        nouvelle = valeur.get(champ.get_internal_type(), f"COALESCE({colonne}, 0) + 1")
        refuse(f"UPDATE {table} SET {colonne} = {nouvelle} WHERE id = %s", [cle])
    refuse(f"DELETE FROM {table} WHERE id = %s", [cle])


def test_une_ligne_vit_sans_changer_de_montant(scene):
    """Where a line stands, and why, follow its life."""
    assert LigneVersement.objects.update(statut="retournee", motif="AC04 : compte clos") == 1


@SQLITE
@pytest.mark.parametrize("modele", [*MODELES, *FIGES], ids=_nom)
def test_sqlite_ne_remplace_pas_une_ligne_par_ses_cles(scene, modele):
    """« INSERT OR REPLACE » on every unique key of the table, as any program may ask it."""
    table = _nom(modele)
    colonnes = [champ.column for champ in modele._meta.concrete_fields if champ.column != "id"]
    liste = ", ".join(colonnes)
    with connection.cursor() as curseur:
        curseur.execute("PRAGMA recursive_triggers=OFF")
    refuse(f"INSERT OR REPLACE INTO {table} (id, {liste}) SELECT id, {liste} FROM {table} LIMIT 1")
    for cle in garde_fous.cles(table):
        # The rows that this key can tell apart: its columns filled, its condition true.
        vraies = [f"{colonne} IS NOT NULL" for colonne in cle.colonnes]
        ou = " AND ".join([*vraies, *([cle.condition.format(table)] if cle.condition else [])])
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT count(*) FROM {table} WHERE {ou}")
            presente = curseur.fetchone()[0]
        if presente and cle != garde_fous.ID:
            refuse(f"INSERT OR REPLACE INTO {table} ({liste}) SELECT {liste} FROM {table} WHERE {ou} LIMIT 1")


@SQLITE
@pytest.mark.parametrize("modele", [*MODELES, *FIGES], ids=_nom)
def test_sqlite_garde_toutes_les_cles_de_la_table(db, modele):
    """A unique key added later to a table must be guarded too: it would be a way to replace a row."""
    with connection.cursor() as curseur:
        curseur.execute(f"PRAGMA index_list({_nom(modele)})")
        uniques = [ligne[1] for ligne in curseur.fetchall() if ligne[2]]
        trouvees = set()
        for index in uniques:
            curseur.execute(f"PRAGMA index_info({index})")
            trouvees.add(frozenset(ligne[2] for ligne in curseur.fetchall()))
    gardees = {frozenset(cle.colonnes) for cle in garde_fous.cles(_nom(modele))}
    assert trouvees | {frozenset({"id"})} == gardees


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_un_autre_programme_qui_ouvre_le_fichier_ne_remplace_rien(sans_garde_fous_a_la_fin):
    ecrire_une_ligne_de_chaque_table()
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as autre:
        assert autre.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        for table in (*garde_fous.AJOUT_SEUL_SUR, *garde_fous.FIGES):
            with pytest.raises(sqlite3.IntegrityError, match="ajout seul"):
                autre.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@POSTGRESQL
@pytest.mark.parametrize("modele", [*MODELES, *FIGES], ids=_nom)
def test_postgresql_ne_vide_pas_une_table(scene, modele):
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refuse(f"TRUNCATE {_nom(modele)} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_les_garde_fous_reviennent_apres_une_migration(sans_garde_fous_a_la_fin):
    """A migration makes tables anew, and their triggers are lost with the old ones: the command puts them back."""
    from django.core.management import call_command

    with connection.cursor() as curseur:
        for ordre in garde_fous.retirer(connection.vendor):
            curseur.execute(ordre)
    call_command("migrate", verbosity=0)
    ecrire_une_ligne_de_chaque_table()
    refuse("DELETE FROM dossiers_ecriture")
