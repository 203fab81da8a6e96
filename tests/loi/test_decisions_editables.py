"""Decisions of ours with one reading: the parameter of each is read where it acts, and its other word computes."""

from __future__ import annotations

from typing import Any

import pytest
from openfisca_core.parameters import ParameterNode
from openfisca_core.reforms import Reform

from tests.loi.population import construire, systeme

JOUR = "2028-11-23"


def reformee(parametre: str, valeur: Any) -> Any:
    """The law with one parameter changed from its first day."""

    def editer(parametres: ParameterNode) -> ParameterNode:
        feuille: Any = parametres
        for partie in parametre.split("."):
            feuille = feuille.children[partie]
        for lue in feuille.values_list:
            lue.value = valeur
        return parametres

    class Editee(Reform):  # type: ignore[misc]
        def apply(self) -> None:
            self.modify_parameters(editer)

    return Editee(systeme())


#: Halfway to an objective that asks for 260 patients, and to one that asks for 110.
A_MI_CHEMIN = {
    "date_signature": ["2026-03-02"],
    "rang": [3],
    "option": ["un_etp"],
    "specialite": ["medecine_generale"],
    "patientele_mt": [1300],
    "file_active": [1800],
    "bande_notifiee": ["p70_p90"],
    "cible_notifiee_patientele_mt": [1560],
    "cible_notifiee_file_active": [1910],
    "resultat_patientele_mt": [1430],
    "resultat_file_active": [1840],
}
#: A third of the way: 22 000 € × 1/3 is no whole number of cents, nor half of it.
AU_TIERS = {**A_MI_CHEMIN, "cible_notifiee_patientele_mt": [1690], "resultat_file_active": [1801]}


@pytest.mark.parametrize(
    ("point", "parametre", "autre", "colonnes", "variable", "attendus"),
    [
        # 22 000 € × 130/260, or × 1840/1910 (the best of both).
        ("D11", "modulation.taux_d_atteinte", "part_de_la_cible", A_MI_CHEMIN, "montant_du", (1_100_000, 2_119_372)),
        # 22 000 € × 2/3: 14 666,67 € or 14 666,66 €.
        ("D10", "montants.arrondi_au_centime", "inferieur", AU_TIERS | {"resultat_patientele_mt": [1560]}, "montant_du",
         (1_466_667, 1_466_666)),
        # Half of an odd number of cents: 3 666,67 € or 3 666,66 €.
        ("D10", "montants.arrondi_au_centime", "inferieur", AU_TIERS, "versement_1_montant", (366_667, 366_666)),
        ("D10", "montants.arrondi_au_centime", "inferieur", AU_TIERS, "versement_2_montant", (366_666, 366_667)),
        # 22 000 € × 1/3 of the half of a part-time doctor: the scale itself.
        ("D10", "montants.arrondi_au_centime", "inferieur", A_MI_CHEMIN | {"quotite_liberale": [0.333333]},
         "montant_maximal", (733_333, 733_332)),
    ],
)  # fmt: skip
def test_l_autre_lecture_se_calcule(
    point: str, parametre: str, autre: str, colonnes: dict[str, list[Any]], variable: str, attendus: tuple[int, int]
) -> None:
    assert point
    lues = [
        construire(colonnes, annuites=1, tbs=loi).calculate(variable, JOUR).tolist()[0]
        for loi in (systeme(), reformee(parametre, autre))
    ]
    assert tuple(lues) == attendus


@pytest.mark.parametrize("variable", ["releve_reference", "releve_evaluation"])
def test_d17_le_releve_du_jour_meme(variable: str) -> None:
    """Signed on the day of a statement: the one before, or that one; on any other day the parameter changes nothing."""
    meme_jour, autre_jour = {**A_MI_CHEMIN, "date_signature": ["2026-06-30"]}, A_MI_CHEMIN
    admise = reformee("objectifs.releve_du_jour_admis", True)
    lus = [str(construire(meme_jour, annuites=1, tbs=loi).calculate(variable, JOUR)[0]) for loi in (systeme(), admise)]
    assert [jour[5:] for jour in lus] == ["12-31", "06-30"]
    ailleurs = {
        str(construire(autre_jour, annuites=1, tbs=loi).calculate(variable, JOUR)[0]) for loi in (systeme(), admise)
    }
    assert len(ailleurs) == 1
