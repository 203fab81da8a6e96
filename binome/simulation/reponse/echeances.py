"""The deadlines of a contract, as the law counts them."""

from __future__ import annotations

import datetime

from binome import francais
from binome.simulation.modele.resultat import Echeance
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.explications import Figure
from openfisca_assistants_medicaux import registre

#: The day that replaces the term of a contract ended before it.
FIN_ANTICIPEE = "date_fin_anticipee"


def lister(calcul: Calcul, ligne: int) -> tuple[Echeance, ...]:
    """The deadlines of one row, in order; none after the last day of a terminated contract."""
    trouvees = []
    for fiche in registre.echeances().du_contrat:
        date = calcul.date(fiche.nom, ligne)
        if date is not None:
            trouvees.append(_echeance(calcul, fiche.nom, fiche.libelle, date, (fiche.nom, ligne)))
    for rang in range(calcul.annees):
        position = ligne * calcul.annees + rang
        evaluation = calcul.date("date_evaluation", position)
        # A year for which nothing is due (contract ended, or suspended throughout) is not evaluated.
        if evaluation is not None and int(calcul.colonne("jours_dus")[position]) > 0:
            releve = calcul.date("releve_evaluation", position)
            assert releve is not None  # noqa: S101 - an evaluated year always has its statement
            libelle = f"Évaluation de l'année {rang + 1} (relevé du {francais.date_courte(releve)})"
            nom = f"date_evaluation.{rang + 1}"
            trouvees.append(_echeance(calcul, nom, libelle, evaluation, ("date_evaluation", position)))
    fin = calcul.date(FIN_ANTICIPEE, ligne)
    if fin is not None:
        trouvees = [echeance for echeance in trouvees if echeance.date < fin]
        resilie = "Dernier jour du contrat, résilié"
        trouvees.append(_echeance(calcul, FIN_ANTICIPEE, resilie, fin, (FIN_ANTICIPEE, ligne)))
    return tuple(sorted(trouvees, key=lambda echeance: (echeance.date, echeance.nom)))


def _echeance(calcul: Calcul, nom: str, libelle: str, date: datetime.date, figure: Figure) -> Echeance:
    definition = calcul.loi.variables[figure[0]]
    return Echeance(
        nom=nom,
        libelle=libelle,
        date=date,
        reference="; ".join(definition.reference or ()),
        certitude=calcul.certitudes(*figure).name,
        origine=calcul.certitudes.origine(figure),
    )
