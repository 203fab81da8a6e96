"""The cost of the assistant, as the command line shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from binome import francais
from binome.cli.affichage import certitude, dire, puces, tableau, titre
from binome.simulation.mots.ecriture import (
    AIDE_DEPASSE,
    COUT_PARTIEL,
    consultations,
    cout_partiel,
    euros_ronds,
    minuscule,
)

if TYPE_CHECKING:
    from rich.console import Console

    from binome.simulation import Cout, CoutOption, OptionPartielle


def montrer(sortie: Console, cout: Cout, choisie: str | None, *, detail: bool) -> None:
    """Write the cost of the chosen option, of each option when none is chosen; assumptions and sources if asked."""
    titre(sortie, "Ce que coûte l'assistant")
    if cout.salaire is not None:
        brut = francais.euros(cout.salaire.brut_mensuel)
        dire(sortie, f"Salaire brut d'un temps plein : {brut} par mois. {cout.salaire.raison}")
    if cout.non_determine is not None:
        dire(sortie, cout.non_determine, "yellow")
    puces(sortie, cout.avertissements, "yellow")
    for partielle in cout.connu:
        if choisie in {None, partielle.option} or len(cout.connu) == 1:
            _partielle(sortie, partielle)
    for option in cout.options:
        if choisie in {None, option.option} or len(cout.options) == 1:
            _option(sortie, option)
    defauts = [h for h in cout.hypotheses if h.par_defaut]
    if defauts:
        suppositions = " ; ".join(f"{minuscule(h.libelle)} : {h.valeur_ecrite}" for h in defauts)
        dire(sortie, f"Supposé, à remplacer par vos valeurs (champ « cout ») : {suppositions}.", "dim")
    if detail:
        _sources(sortie, cout)


def _option(sortie: Console, option: CoutOption) -> None:
    entetes = [option.libelle, "Coût par mois", "Coût", "Aide", "Reste à charge", "Consultations\nde plus par jour"]
    lignes = [
        [
            f"Année {annee.rang}{' *' if annee.legislation_constante else ''}",
            euros_ronds(annee.cout_mensuel),
            euros_ronds(annee.total),
            f"{'au plus ' if annee.aide_au_plus and annee.aide is not None else ''}{euros_ronds(annee.aide)}",
            euros_ronds(annee.reste_a_charge),
            consultations(annee),
        ]
        for annee in option.annees
    ]
    total = [
        "Total",
        "",
        euros_ronds(option.total_cinq_ans),
        euros_ronds(option.aide_cinq_ans),
        euros_ronds(option.reste_a_charge_cinq_ans),
        "",
    ]
    tableau(sortie, entetes, [*lignes, total], droite=range(1, len(entetes)))
    if any(annee.aide_au_plus and annee.aide is not None for annee in option.annees):
        dire(sortie, "« Au plus » : l'aide suivra les résultats ; le reste à charge est alors un minimum.", "dim")
    if any(annee.legislation_constante for annee in option.annees):
        dire(sortie, "* à législation constante.", "dim")
    if any((annee.reste_a_charge or 0) < 0 for annee in option.annees):
        dire(sortie, f"Reste à charge négatif : {AIDE_DEPASSE}.", "dim")


def _partielle(sortie: Console, option: OptionPartielle) -> None:
    """What is known of a cost that is not determined."""
    entetes = [option.libelle, *COUT_PARTIEL]
    lignes = [[f"Année {annee.rang}", *cout_partiel(annee)] for annee in option.annees]
    tableau(sortie, entetes, lignes, droite=range(1, len(entetes)))


def _sources(sortie: Console, cout: Cout) -> None:
    puces(sortie, cout.notes, "dim")
    sources = [
        f"{h.libelle} : {certitude(h.certitude)} — {h.source} [cout.{h.nom}]" for h in cout.hypotheses if h.certitude
    ]
    for source in cout.sources:
        date = "" if source.date is None else f", données du {francais.date_courte(source.date)}"
        sources.append(f"{source.titre}{f' {source.version}' if source.version else ''}{date}")
    puces(sortie, sources, "dim")
