"""Where the fields of a letter come from: one source for each thing of the file, named in the templates (`de:`)."""

from binome.dossiers.echanges.sources import argent, contrat, decisions, loi, parties, suites, suivi
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.parties import REPONSE
from binome.dossiers.echanges.sources.source import Rangee, Source

#: Every source by its name.
SOURCES: dict[str, type[Source]] = {
    source.nom: source
    for source in (
        parties.DeLaLettre,
        parties.DeLaCaisse,
        parties.DuMedecin,
        parties.DeLaSociete,
        parties.DeLAdherent,
        parties.DuPassage,
        contrat.DeLaDemande,
        contrat.DeLAccord,
        contrat.DuRefus,
        contrat.DuContrat,
        contrat.DeLaSignature,
        argent.DuVirement,
        argent.DuRejet,
        argent.DeLIndu,
        argent.DesComptes,
        decisions.DeLEvaluation,
        decisions.DeLaReevaluation,
        decisions.DeLaSuspension,
        decisions.DeLaReprise,
        decisions.DeLaResiliationParLeMedecin,
        decisions.DeLaResiliationParLaCaisse,
        decisions.DeLaFin,
        decisions.DeLAvenant,
        suites.DeLaBascule,
        suites.DuRenouvellement,
        suivi.DesPieces,
        suivi.DeLaDemandeDePieces,
        suivi.DeLEcheance,
        suivi.DuDebutDeFormation,
        suivi.DeLaQualification,
        suivi.DuPoste,
        suivi.DuRemplacement,
        suivi.DuReleve,
        loi.DeLaLoi,
    )
}

__all__ = ["REPONSE", "SOURCES", "Contexte", "Rangee", "Source"]
