"""What the database itself refuses, on SQLite and on PostgreSQL: written once here, put back after every migration.

- the ledger, the kept computations, the bank's files, the closed accounting periods and the log of reads are only
  added to;
- the journal of log-ins is only added to, and a row of it is erased after half a year at the soonest;
- a contract's events are only added to, except while its file is anonymised (a row of `dossiers_purge`);
- what a campaign's line pays, what an evaluation decided, what a statement said before it was corrected never change:
  only where they stand does;
- two engagements of one doctor never overlap.

It holds against « INSERT OR REPLACE » (SQLite: a program that opens the file may have no `recursive_triggers`, so an
insertion on a key that exists is refused) and against TRUNCATE (PostgreSQL). Whoever owns the tables may still drop
the triggers: the site's own role does not (`binome.dossiers.exploitation.role_du_site`), and `verifier_dossiers` finds
what was changed behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction


@dataclass(frozen=True)
class Cle:
    """Columns that no two rows share, among the rows of a condition written for « {} » (NEW, then the other row)."""

    colonnes: tuple[str, ...]
    condition: str = ""


ID = Cle(("id",))
EVENEMENTS = "dossiers_evenement"
ENGAGEMENTS = "dossiers_engagement"
PURGE = "dossiers_purge"

#: Tables that are only added to, and all their unique keys.
IMMUABLES: dict[str, tuple[Cle, ...]] = {
    "dossiers_ecriture": (ID, Cle(("cle",)), Cle(("annule_id",))),
    "dossiers_calculconserve": (ID, Cle(("empreinte",))),
    "dossiers_fichierbancaire": (
        ID,
        Cle(("caisse_id", "sens", "sha256")),
        Cle(("campagne_id",), "{}.sens = 'emis'"),
    ),
    "dossiers_consultation": (ID,),
    "dossiers_maillon": (ID, Cle(("contrat_id", "rang")), Cle(("evenement_id",)), Cle(("ecriture_id",))),
    "dossiers_loiconservee": (ID, Cle(("empreinte",))),
    "dossiers_ecartannonce": (ID,),
    "dossiers_reponsebancaire": (ID,),
    "dossiers_exportcomptable": (ID, Cle(("caisse_id", "numero")), Cle(("caisse_id", "debut"))),
    "dossiers_ecritureexportee": (ID, Cle(("ecriture_id",))),
}
#: The same for events, which are rewritten while their file is anonymised.
PURGEABLES: dict[str, tuple[Cle, ...]] = {EVENEMENTS: (ID, Cle(("contrat_id", "numero")))}
#: The same for the journal of log-ins, whose rows are erased at the end of their time, by the owner of the tables.
JOURNAL = "comptes_connexion"
#: Days before which a row of it is not erased, and the column that dates it.
GARDE_DU_JOURNAL, DATE_DU_JOURNAL = 180, "quand"
A_TERME: dict[str, tuple[Cle, ...]] = {JOURNAL: (ID,)}
AJOUT_SEUL_SUR = (*IMMUABLES, *PURGEABLES, *A_TERME)


@dataclass(frozen=True)
class Fige:
    """A table whose rows are never removed, and some of whose columns never change."""

    colonnes: tuple[str, ...]
    cles: tuple[Cle, ...]


#: What was decided or proposed stays; the state of the row, and the words about it, follow its life.
FIGES: dict[str, Fige] = {
    "dossiers_ancienreleve": Fige(
        (
            "id",
            "releve_id",
            "version",
            "patientele_mt",
            "patientele_mt_adultes",
            "patientele_mt_enfants",
            "file_active",
            "importe_id",
            "saisi_par_id",
            "saisi_le",
            "remplace_par_id",
            "remplace_le",
        ),
        (ID, Cle(("releve_id", "version"))),
    ),
    "dossiers_ligneversement": Fige(
        (
            "id",
            "campagne_id",
            "contrat_id",
            "details",
            "ecart",
            "reste_anterieur",
            "compensation",
            "indu",
            "montant",
            "compte_bancaire_id",
        ),
        (
            ID,
            Cle(("campagne_id", "contrat_id")),
            Cle(("contrat_id",), "{}.statut IN ('proposee', 'validee')"),
            Cle(("reference",), "{}.reference <> ''"),
        ),
    ),
    "dossiers_evaluation": Fige(
        (
            "id",
            "contrat_id",
            "annee",
            "version",
            "releve_date",
            "patientele_mt",
            "file_active",
            "propose_numerateur",
            "propose_denominateur",
            "numerateur",
            "denominateur",
            "decidee_le",
        ),
        (ID, Cle(("contrat_id", "annee", "version"))),
    ),
}

#: Messages that the database gives; pages translate the violation, they never show it raw.
AJOUT_SEUL = "binome: ajout seul"
CHEVAUCHEMENT = "binome: engagements qui se chevauchent"

#: Every trigger of ours, by the end of its name.
_ACTES = ("insert", "update", "delete", "truncate")


def garantir(connexion: Any) -> None:
    """Put the triggers back on the tables that exist, as they are written here: a migration that makes a table anew
    loses its triggers, and one release may protect more than the one before."""
    presentes = set(connexion.introspection.table_names())
    with transaction.atomic(using=connexion.alias), connexion.cursor() as curseur:
        for ordre in remettre(connexion.vendor, presentes):
            curseur.execute(ordre)


def retirer_les_gardes(apps: object, schema_editor: Any) -> None:
    """A step of a migration: remove the triggers. SQLite makes a table anew to change it, and its triggers go with the
    old one: they are removed before and put back after, on both databases."""
    del apps
    connexion = schema_editor.connection
    for ordre in retirer(connexion.vendor, connexion.introspection.table_names()):
        schema_editor.execute(ordre, params=None)


def remettre_les_gardes(apps: object, schema_editor: Any) -> None:
    """A step of a migration: install them."""
    del apps
    connexion = schema_editor.connection
    for ordre in remettre(connexion.vendor, connexion.introspection.table_names()):
        schema_editor.execute(ordre, params=None)


def remettre(moteur: str, presentes: Collection[str] | None = None) -> Iterator[str]:
    """The statements that install the triggers, whatever is there already."""
    yield from retirer(moteur, presentes)
    yield from poser(moteur, presentes)


def poser(moteur: str, presentes: Collection[str] | None = None) -> Iterator[str]:
    """The statements that install the triggers on « sqlite » or « postgresql », on the tables present, or on all."""
    yield from _sqlite(presentes) if moteur == "sqlite" else _postgresql(presentes)


def retirer(moteur: str, presentes: Collection[str] | None = None) -> Iterator[str]:
    """The statements that remove them."""
    for table in (*AJOUT_SEUL_SUR, *FIGES, ENGAGEMENTS):
        if _est_la(table, presentes):
            for acte in _ACTES:
                yield f"DROP TRIGGER IF EXISTS {table}_{acte}" + (f" ON {table}" if moteur == "postgresql" else "")
    if moteur == "postgresql":
        for fonction in (
            "binome_ajout_seul",
            "binome_evenements",
            "binome_engagements",
            "binome_vidage",
            "binome_journal",
        ):
            yield f"DROP FUNCTION IF EXISTS {fonction}()"


def _est_la(table: str, presentes: Collection[str] | None) -> bool:
    return presentes is None or table in presentes


def cles(table: str) -> tuple[Cle, ...]:
    """The unique keys of a guarded table."""
    if table in FIGES:
        return FIGES[table].cles
    return IMMUABLES.get(table) or PURGEABLES.get(table) or A_TERME[table]


def _sqlite(presentes: Collection[str] | None) -> Iterator[str]:
    refuser = f"BEGIN SELECT RAISE(ABORT, '{AJOUT_SEUL}'); END"
    sauf_purge = f"WHEN NOT EXISTS (SELECT 1 FROM {PURGE} WHERE contrat_id = OLD.contrat_id) "
    for table in (*AJOUT_SEUL_SUR, *FIGES):
        if not _est_la(table, presentes):
            continue
        deja = " OR ".join(_deja(table, cle) for cle in cles(table))
        yield f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN {deja} {refuser}"
        sauf = sauf_purge if table in PURGEABLES else ""
        jeune = (
            f"WHEN OLD.{DATE_DU_JOURNAL} > datetime('now', '-{GARDE_DU_JOURNAL} days') " if table in A_TERME else sauf
        )
        yield f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {jeune}{refuser}"
        if table in FIGES:
            change = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in FIGES[table].colonnes)
            yield f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} WHEN {change} {refuser}"
        else:
            yield f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {sauf}{refuser}"
    for acte in ("insert", "update") if _est_la(ENGAGEMENTS, presentes) else ():
        yield (
            f"CREATE TRIGGER {ENGAGEMENTS}_{acte} BEFORE {acte.upper()} ON {ENGAGEMENTS} "
            f"WHEN EXISTS (SELECT 1 FROM {ENGAGEMENTS} AS autre WHERE autre.rpps = NEW.rpps "
            "AND autre.id IS NOT NEW.id AND autre.debut <= NEW.fin AND NEW.debut <= autre.fin) "
            f"BEGIN SELECT RAISE(ABORT, '{CHEVAUCHEMENT}'); END"
        )


def _deja(table: str, cle: Cle) -> str:
    """True of a row about to be inserted on a key that another one holds: « OR REPLACE » would remove that other."""
    egales = [f"autre.{colonne} = NEW.{colonne}" for colonne in cle.colonnes]
    if cle.condition:
        egales += [cle.condition.format("autre"), cle.condition.format("NEW")]
    return f"EXISTS (SELECT 1 FROM {table} AS autre WHERE {' AND '.join(egales)})"


def _postgresql(presentes: Collection[str] | None) -> Iterator[str]:
    refuser = f"RAISE EXCEPTION '{AJOUT_SEUL}' USING ERRCODE = 'integrity_constraint_violation';"
    yield (f"CREATE FUNCTION binome_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuser} END $$")
    # An empty table may be emptied.
    yield (
        "CREATE FUNCTION binome_vidage() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE pleine boolean; BEGIN "
        "EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO pleine; "
        f"IF pleine THEN {refuser} END IF; RETURN NULL; END $$"
    )
    yield (
        "CREATE FUNCTION binome_evenements() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS (SELECT 1 FROM {PURGE} WHERE contrat_id = OLD.contrat_id) THEN {refuser} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE FUNCTION binome_journal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND OLD.{DATE_DU_JOURNAL} <= now() - interval '{GARDE_DU_JOURNAL} days' "
        f"THEN RETURN OLD; END IF; {refuser} END $$"
    )
    # Two transactions that bind the same doctor wait for each other: the lock is on the number of the doctor.
    yield (
        "CREATE FUNCTION binome_engagements() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_advisory_xact_lock(hashtext('engagement:' || NEW.rpps)); "
        f"IF EXISTS (SELECT 1 FROM {ENGAGEMENTS} autre WHERE autre.rpps = NEW.rpps "
        "AND autre.id IS DISTINCT FROM NEW.id AND autre.debut <= NEW.fin AND NEW.debut <= autre.fin) THEN "
        f"RAISE EXCEPTION '{CHEVAUCHEMENT}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    for table in (*AJOUT_SEUL_SUR, *FIGES):
        if not _est_la(table, presentes):
            continue
        fonction = "binome_evenements" if table in PURGEABLES else "binome_ajout_seul"
        if table in A_TERME:
            fonction = "binome_journal"
        quand = ""
        if table in FIGES:
            change = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in FIGES[table].colonnes)
            quand = f"WHEN ({change}) "
        for acte, condition in (("update", quand), ("delete", "")):
            yield (
                f"CREATE TRIGGER {table}_{acte} BEFORE {acte.upper()} ON {table} "
                f"FOR EACH ROW {condition}EXECUTE FUNCTION {fonction}()"
            )
        yield (
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION binome_vidage()"
        )
    for acte in ("insert", "update") if _est_la(ENGAGEMENTS, presentes) else ():
        yield (
            f"CREATE TRIGGER {ENGAGEMENTS}_{acte} BEFORE {acte.upper()} ON {ENGAGEMENTS} "
            "FOR EACH ROW EXECUTE FUNCTION binome_engagements()"
        )
