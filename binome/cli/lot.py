"""`binome lot`: a table of doctors through the same rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from binome.cli.arguments import Distributions
from binome.tableaux.formats import Format

if TYPE_CHECKING:
    import datetime

    from binome.simulation.tables.lot import BilanDuLot

#: Faults written on the screen; all of them are in the rejects file.
FAUTES_MONTREES = 10

Medecins = Annotated[
    str,
    typer.Argument(
        metavar="MEDECINS",
        help="Un médecin par ligne (CSV, .xlsx, .ods) ; « binome schema lot » donne les colonnes.",
        show_default=False,
    ),
]
Resultats = Annotated[
    str,
    typer.Option("-o", "--sortie", metavar="FICHIER", help="Résultats : .csv, .xlsx ou .parquet.", show_default=False),
]
Rejets = Annotated[
    str | None,
    typer.Option(
        "--rejets",
        metavar="FICHIER",
        help="Lignes refusées et leurs raisons (par défaut : la sortie, terminée par « .rejets.csv »).",
        show_default=False,
    ),
]
Ecriture = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="csv (tableur français), csv-programme (virgule, point décimal), parquet ou xlsx ; par défaut, "
        "selon l'extension de la sortie.",
        show_default=False,
    ),
]
Jour = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="AAAA-MM-JJ", help="Date d'appréciation (aujourd'hui par défaut).", show_default=False
    ),
]


def lot(
    medecins: Medecins,
    sortie: Resultats,
    rejets: Rejets = None,
    date: Jour = None,
    distributions: Distributions = None,
    ecriture: Ecriture = None,
) -> None:
    """Simule une table de médecins ; les lignes refusées sont écrites à part (code de sortie 1 s'il y en a).

    Là où les textes lus ont deux lectures qui ne donnent pas la même réponse, « points_ouverts » les nomme et les deux
    totaux sont donnés : « total_cinq_ans_d7_a » et « total_cinq_ans_d7_b » pour le point D7.
    """
    from binome.cli.commandes import REJETS
    from binome.cli.fichiers import distributions_lues, lire_date
    from binome.erreurs import BinomeErreur
    from binome.simulation import aujourd_hui, raison

    jour = aujourd_hui() if date is None else lire_date(date, "--date")
    ajoutees = distributions_lues(distributions or ())
    entree, resultats = Path(medecins), Path(sortie)
    refuses = Path(rejets) if rejets else resultats.with_suffix(".rejets.csv")
    try:
        # Opened first: the engine and Polars take long to import, a wrong path must answer at once.
        with entree.open("rb"):
            pass
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {medecins} » : {raison(erreur)}") from erreur
    for champ, chemin in (("--sortie", resultats), ("--rejets", refuses)):
        if not chemin.parent.is_dir():
            raise BinomeErreur(f"{champ} : dossier « {chemin.parent} » introuvable ; un dossier qui existe est attendu")
        if chemin.resolve() == entree.resolve():
            raise BinomeErreur(f"{champ} : « {chemin} » est le fichier lu ; un autre fichier est attendu")
    if resultats.resolve() == refuses.resolve():
        raise BinomeErreur(f"--rejets : « {refuses} » est aussi la sortie ; un autre fichier est attendu")
    bilan = _traiter(entree, resultats, refuses, jour, ajoutees, ecriture)
    _rendre_compte(bilan, resultats, refuses, jour)
    if bilan.rejetees:
        raise typer.Exit(REJETS)


def _traiter(
    entree: Path,
    sortie: Path,
    rejets: Path,
    jour: datetime.date,
    distributions: tuple[str, ...],
    ecriture: Format | None,
) -> BilanDuLot:
    """Run the batch under a progress bar, on stderr and only where someone watches."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from binome.cli.affichage import console
    from binome.simulation import aujourd_hui
    from binome.simulation.tables.lot import traiter

    ecran = console(erreurs=True)
    colonnes = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*colonnes, console=ecran, transient=True, disable=not ecran.is_terminal) as barre:
        tache = barre.add_task("Lecture", total=None)

        def avancement(faits: int, total: int) -> None:
            barre.update(tache, description="Médecins", completed=faits, total=total)

        rejeu = jour < aujourd_hui()
        return traiter(entree, sortie, rejets, jour, distributions, avancement, rejeu=rejeu, genre=ecriture)


def _rendre_compte(bilan: BilanDuLot, sortie: Path, rejets: Path, jour: datetime.date) -> None:
    from binome import francais
    from binome.cli.affichage import console, dire, tableau
    from binome.simulation import phrase_de_la_version

    ecran = console()
    lues = francais.pluriel(bilan.lignes, "ligne lue", "lignes lues")
    gardees = francais.pluriel(bilan.acceptees, "simulée")
    refusees = francais.pluriel(bilan.rejetees, "refusée") if bilan.rejetees else "aucune refusée"
    dire(ecran, f"{lues}, {gardees} au {francais.date_courte(jour)}, {refusees}.", "bold", retrait=0)
    dire(ecran, f"Résultats : {sortie}", retrait=0)
    if bilan.annees_ignorees:
        laisses = francais.pluriel(bilan.annees_ignorees, "année", "années")
        dire(ecran, f"Résultats non connus à cette date, laissés de côté : {laisses}.", retrait=0)
    if bilan.points_ouverts:
        comptes = [f"{nom.upper()} {francais.pluriel(lignes, 'ligne')}" for nom, lignes in bilan.points_ouverts.items()]
        dire(ecran, f"Deux lectures, deux totaux (colonne « points_ouverts ») : {', '.join(comptes)}.", retrait=0)
    if bilan.version is not None:
        dire(ecran, phrase_de_la_version(bilan.version), "dim", retrait=0)
    if not bilan.rejetees:
        return
    dire(ecran, f"Lignes refusées : {rejets}", "yellow", retrait=0)
    ecran.print()
    montrees = bilan.fautes[:FAUTES_MONTREES]
    tableau(ecran, ("Ligne", "Champ", "Raison"), [(str(f.ligne), f.champ, f.message) for f in montrees], droite=(0,))
    reste = len(bilan.fautes) - len(montrees)
    if reste:
        dire(ecran, f"… et {francais.pluriel(reste, 'autre faute', 'autres fautes')}.", "dim")
