"""What whoever validates a payment must see on its line: a new account, a decision that departs from the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from binome import francais
from binome.dossiers.models import Evaluation, LigneVersement
from binome.dossiers.nomenclatures import StatutLigne
from binome.dossiers.paiements.recouvrement import Recouvrement, recouvrements


@dataclass(frozen=True)
class Signalement:
    """A word on a line, and what it means there."""

    nom: str
    libelle: str
    pourquoi: str


COMPTE_NOUVEAU = "compte_nouveau"
CONTRE_LES_REGLES = "contre_les_regles"
CREANCE = "creance"
LIBELLES = {
    COMPTE_NOUVEAU: "nouveau compte",
    CONTRE_LES_REGLES: "décision contraire aux règles",
    CREANCE: "trop-perçu non retenu",
}


def signaler(lignes: Iterable[LigneVersement]) -> Mapping[int, Sequence[Signalement]]:
    """What to look at, by line (its contract and its account already read). Five queries, whatever their number."""
    lignes = list(lignes)
    payes = _comptes_deja_payes(lignes)
    evaluations = _evaluations(lignes)
    creances = recouvrements(ligne.contrat_id for ligne in lignes)
    return {
        ligne.pk: [
            *_du_compte(ligne, payes),
            *_de_la_decision(ligne, evaluations),
            *_de_la_creance(ligne, creances.get(ligne.contrat_id, Recouvrement())),
        ]
        for ligne in lignes
    }


def _signalement(nom: str, pourquoi: str) -> Signalement:
    return Signalement(nom, LIBELLES[nom], pourquoi)


def _comptes_deja_payes(lignes: Sequence[LigneVersement]) -> set[int]:
    """Accounts that a transfer reached before, in another campaign."""
    comptes = {ligne.compte_bancaire_id for ligne in lignes if ligne.compte_bancaire_id is not None}
    campagnes = {ligne.campagne_id for ligne in lignes}
    emises = LigneVersement.objects.filter(compte_bancaire__in=comptes, statut=StatutLigne.EMISE)
    return {cle for cle in emises.exclude(campagne__in=campagnes).values_list("compte_bancaire", flat=True) if cle}


def _du_compte(ligne: LigneVersement, payes: set[int]) -> Iterable[Signalement]:
    compte = ligne.compte_bancaire
    if compte is None or compte.pk in payes:
        return
    ancien = "aucun virement ne lui a encore été fait"
    valide = "" if compte.valide_par is None else f", validé par {compte.valide_par}"
    par = "" if compte.saisi_par is None else f" ; proposé par {compte.saisi_par}{valide}"
    yield _signalement(COMPTE_NOUVEAU, ancien + par)


def _evaluations(lignes: Sequence[LigneVersement]) -> Mapping[int, Mapping[int, Evaluation]]:
    """The last decision of each year, by contract."""
    par_contrat: dict[int, dict[int, Evaluation]] = defaultdict(dict)
    contrats = [ligne.contrat_id for ligne in lignes]
    for evaluation in Evaluation.objects.filter(contrat__in=contrats).order_by("contrat", "annee", "version"):
        par_contrat[evaluation.contrat_id][evaluation.annee] = evaluation
    return par_contrat


def _de_la_decision(
    ligne: LigneVersement, evaluations: Mapping[int, Mapping[int, Evaluation]]
) -> Iterable[Signalement]:
    decision = ligne.contrat.etat.get("decision_caisse")
    if decision and ligne.details:
        yield _signalement(CONTRE_LES_REGLES, f"contrat signé par décision de la caisse : {decision}")
    for annee in dict.fromkeys(detail["annee"] for detail in ligne.details):
        evaluation = evaluations.get(ligne.contrat_id, {}).get(annee)
        if evaluation is not None and (ecart := ecart_decide(evaluation)):
            yield _signalement(CONTRE_LES_REGLES, f"année {annee} : {ecart}")


def _de_la_creance(ligne: LigneVersement, creance: Recouvrement) -> Iterable[Signalement]:
    """A transfer leaves whole to a doctor who owes money."""
    if ligne.montant and not ligne.compensation and (pourquoi := creance.sans_retenue):
        yield _signalement(CREANCE, f"{francais.euros(creance.du)} dus à la caisse, rien n'est retenu : {pourquoi}")


def ecart_decide(evaluation: Evaluation) -> str:
    """How a decision departs from what the rules proposed, and why; empty when it follows them."""
    decidee = Fraction(evaluation.numerateur, evaluation.denominateur)
    proposee = None
    if evaluation.propose_numerateur is not None and evaluation.propose_denominateur:
        proposee = Fraction(evaluation.propose_numerateur, evaluation.propose_denominateur)
    if decidee == proposee:
        return ""
    dit = "rien" if proposee is None else francais.part(proposee)
    return f"{francais.part(decidee)} décidés, {dit} proposé par les règles ; motif : {evaluation.motif}"
