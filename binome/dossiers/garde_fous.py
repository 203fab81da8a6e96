"""What the database itself refuses, on SQLite and on PostgreSQL: written once here, installed by a migration.

- the ledger, the kept computations, the bank's files and the log of reads are only added to;
- a contract's events are only added to, except while its file is anonymised (a row of `dossiers_purge`);
- two engagements of one doctor never overlap.
"""

from __future__ import annotations

from collections.abc import Iterator

#: Tables that are only added to.
IMMUABLES = ("dossiers_ecriture", "dossiers_calculconserve", "dossiers_fichierbancaire", "dossiers_consultation")
EVENEMENTS = "dossiers_evenement"
ENGAGEMENTS = "dossiers_engagement"

#: Messages that the database gives; pages translate the violation, they never show it raw.
AJOUT_SEUL = "binome: ajout seul"
CHEVAUCHEMENT = "binome: engagements qui se chevauchent"


def poser(moteur: str) -> Iterator[str]:
    """The statements that install the triggers on « sqlite » or « postgresql »."""
    yield from _sqlite() if moteur == "sqlite" else _postgresql()


def retirer(moteur: str) -> Iterator[str]:
    """The statements that remove them."""
    noms = [(table, f"{table}_{acte}") for table in (*IMMUABLES, EVENEMENTS) for acte in ("update", "delete")]
    noms += [(ENGAGEMENTS, f"{ENGAGEMENTS}_{acte}") for acte in ("insert", "update")]
    for table, nom in noms:
        yield f"DROP TRIGGER IF EXISTS {nom}" + (f" ON {table}" if moteur == "postgresql" else "")
    if moteur == "postgresql":
        for fonction in ("binome_ajout_seul", "binome_evenements", "binome_engagements"):
            yield f"DROP FUNCTION IF EXISTS {fonction}()"


def _sqlite() -> Iterator[str]:
    for table in IMMUABLES:
        for acte in ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_{acte} BEFORE {acte.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{AJOUT_SEUL}'); END"
            )
    for acte in ("update", "delete"):
        yield (
            f"CREATE TRIGGER {EVENEMENTS}_{acte} BEFORE {acte.upper()} ON {EVENEMENTS} "
            "WHEN NOT EXISTS (SELECT 1 FROM dossiers_purge WHERE contrat_id = OLD.contrat_id) "
            f"BEGIN SELECT RAISE(ABORT, '{AJOUT_SEUL}'); END"
        )
    for acte in ("insert", "update"):
        yield (
            f"CREATE TRIGGER {ENGAGEMENTS}_{acte} BEFORE {acte.upper()} ON {ENGAGEMENTS} "
            f"WHEN EXISTS (SELECT 1 FROM {ENGAGEMENTS} AS autre WHERE autre.rpps = NEW.rpps "
            "AND autre.id IS NOT NEW.id AND autre.debut <= NEW.fin AND NEW.debut <= autre.fin) "
            f"BEGIN SELECT RAISE(ABORT, '{CHEVAUCHEMENT}'); END"
        )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION binome_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{AJOUT_SEUL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        "CREATE FUNCTION binome_evenements() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM dossiers_purge WHERE contrat_id = OLD.contrat_id) THEN "
        f"RAISE EXCEPTION '{AJOUT_SEUL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
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
    for table in IMMUABLES:
        for acte in ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_{acte} BEFORE {acte.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION binome_ajout_seul()"
            )
    for acte in ("update", "delete"):
        yield (
            f"CREATE TRIGGER {EVENEMENTS}_{acte} BEFORE {acte.upper()} ON {EVENEMENTS} "
            "FOR EACH ROW EXECUTE FUNCTION binome_evenements()"
        )
    for acte in ("insert", "update"):
        yield (
            f"CREATE TRIGGER {ENGAGEMENTS}_{acte} BEFORE {acte.upper()} ON {ENGAGEMENTS} "
            "FOR EACH ROW EXECUTE FUNCTION binome_engagements()"
        )
