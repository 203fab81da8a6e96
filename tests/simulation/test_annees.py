"""The sentence of a contract year: from the cell that was read, and from what each indicator did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from binome.simulation.contrats_suivis import ContratSuivi, TauxDecide, suivre
from binome.simulation.modele.resultat import Annee
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from tests.cas_publics.situations import collectif, individuel, jour

OBJECTIFS = {"patientele_mt": {"cible": 1560}, "file_active": {"cible": 1910}}


def la_loi() -> Any:
    """The very law that simulations run."""
    return Simulation(sans_resultat()).loi


@contextmanager
def table(case: str, valeur: object, de: str = "deux_indicateurs") -> Iterator[None]:
    """The law with one cell of a table of the modulation changed, put back afterwards."""
    parametre: Any = getattr(la_loi().parameters.modulation, de)
    for morceau in case.split("."):
        parametre = parametre.children[morceau]
    avant = parametre.values_list
    try:
        parametre.update(start="2019-08-21", stop=None, value=valeur)
        yield
    finally:
        parametre.values_list = avant


def sans_resultat() -> Situation:
    """A full time of 2023, without results."""
    return individuel("2023-06-01", "1").situation


def annee_3(mt: int | None, fa: int | None) -> Annee:
    """Year 3 of a full time of 2023: 1 300 MT patients to 1 560, file active 1 800 to 1 910."""
    vus = {nom: n for nom, n in (("patientele_mt", mt), ("file_active", fa)) if n is not None}
    return individuel(
        "2023-06-01",
        "1",
        le="2026-11-23",
        patientele={"patientele_mt": 1300, "file_active": 1800},
        contrat={"bande_notifiee": "p70_p90"},
        objectifs_notifies=OBJECTIFS,
        resultats=[{"annee": 3, **vus}],
    ).annees[2]


@pytest.mark.parametrize(
    ("mt", "fa", "montant", "phrase"),
    [
        (
            1560,
            1910,
            22_000,
            "Patientèle médecin traitant et file active : objectif atteint. L'aide est entière.",
        ),
        (
            1560,
            1799,
            0,
            "Patientèle médecin traitant : objectif atteint ; file active : sous son niveau de départ. "
            "Aucune aide pour l'année.",
        ),
        (
            1365,
            1855,
            11_000,
            "Patientèle médecin traitant et file active : objectif non atteint, sans baisse. "
            "Aide au prorata du meilleur taux d'atteinte : 1/2.",
        ),
    ],
)
def test_la_phrase_dit_le_constat_puis_la_case(mt: int, fa: int, montant: int, phrase: str) -> None:
    annee = annee_3(mt, fa)
    assert (annee.montant_du, annee.explication) == (montant * 100, phrase)


def test_la_phrase_vient_de_la_case_lue_et_non_des_etats() -> None:
    """A text that pays half although an indicator fell: the cents and the sentence say so together."""
    with table("file_active_baisse.patientele_mt_atteint", 0.5):
        annee = annee_3(1560, 1799)
    assert annee.montant_du == 1100000
    assert annee.taux_modulation == "1/2"
    assert annee.explication == (
        "Patientèle médecin traitant : objectif atteint ; file active : sous son niveau de départ. "
        "Part versée : 1/2 du maximum."
    )


def test_une_case_entiere_malgre_une_baisse_se_dit_entiere() -> None:
    with table("file_active_baisse.patientele_mt_atteint", 1.0):
        annee = annee_3(1560, 1799)
    assert annee.montant_du == 2200000
    assert annee.explication.endswith("file active : sous son niveau de départ. L'aide est entière.")


def test_une_case_inconnue_se_dit_inconnue() -> None:
    with table("file_active_baisse.patientele_mt_atteint", None):
        annee = annee_3(1560, 1799)
    assert annee.montant_du is None
    assert annee.explication == "Part non déterminée par les textes lus : à demander à la CPAM."


def d_un_indicateur(fa: int) -> Annee:
    """Year 3 of a cardiologist: file active alone, 1 800 to 1 910."""
    return individuel(
        "2023-06-01",
        "1",
        le="2026-11-23",
        medecin={"specialite": "cardiologie_vasculaire"},
        patientele={"file_active": 1800},
        contrat={"bande_notifiee": "p70_p90"},
        objectifs_notifies={"file_active": {"cible": 1910}},
        resultats=[{"annee": 3, "file_active": fa}],
    ).annees[2]


def au_p95(mt: int, fa: int) -> Annee:
    """Year 3 from P95 up: 3 000 MT patients and a file active of 3 800 to keep."""
    return individuel(
        "2023-06-01",
        "1",
        le="2026-11-23",
        patientele={"patientele_mt": 3000, "file_active": 3800},
        contrat={"bande_notifiee": "p95_plus"},
        resultats=[{"annee": 3, "patientele_mt": mt, "file_active": fa}],
    ).annees[2]


def du_groupe(mt: int, fa: int, d19: str | None = None) -> Annee:
    """Year 3 of a group: 1 800 MT patients to 3 000, file active 2 800 to 4 000."""
    return collectif(
        le="2029-06-01",
        groupe={"lectures": {"d19": d19}},
        objectifs_notifies={"patientele_mt": {"cible": 3000}, "file_active": {"cible": 4000}},
        resultats=[{"annee": 3, "patientele_mt": mt, "file_active": fa}],
    ).annees[2]


ATTEINT = "Patientèle médecin traitant : objectif atteint ; file active : "
#: A year, the table and the cell that it reads, what each indicator did, and how an entire part is said.
LUES: dict[str, tuple[Callable[[], Annee], str, str, str, str]] = {
    **{
        f"un indicateur, {etat}": (
            partial(d_un_indicateur, fa),
            "un_indicateur",
            f"file_active_{etat}",
            f"File active : {dit}. ",
            "L'aide est entière.",
        )
        for etat, fa, dit in (
            ("atteint", 1910, "objectif atteint"),
            ("stable", 1855, "objectif non atteint, sans baisse"),
            ("baisse", 1799, "sous son niveau de départ"),
        )
    },
    "P95, sans baisse": (
        partial(au_p95, 3000, 3800),
        "p95_plus",
        "sans_baisse",
        f"{ATTEINT}sans baisse, objectif non déterminé. ",
        "Patientèle d'au moins P95 : montant fixe.",
    ),
    "P95, avec baisse": (
        partial(au_p95, 2900, 3800),
        "p95_plus",
        "avec_baisse",
        "Patientèle médecin traitant : sous son niveau de départ ; file active : sans baisse, objectif non déterminé. ",
        "Patientèle d'au moins P95 : montant fixe.",
    ),
    **{
        f"groupe, lecture {lecture or 'supposée'}": (
            partial(du_groupe, 3000, 2799, lecture),
            table_lue,
            "file_active_baisse.patientele_mt_atteint",
            f"{ATTEINT}sous son niveau de départ. ",
            "L'aide est entière.",
        )
        for lecture, table_lue in (
            (None, "deux_objectifs_exiges"),
            ("a", "deux_objectifs_exiges"),
            ("b", "deux_indicateurs"),
        )
    },
}


@pytest.mark.parametrize("cas", LUES)
def test_chaque_table_de_la_modulation_se_dit_comme_elle_paie(cas: str) -> None:
    """Half, whole, nothing, unknown: whatever the cell says, the cents and the sentence say it together."""
    annee, de, case, constat, entiere = LUES[cas]
    maximum = annee().montant_maximal
    assert maximum is not None
    for valeur, du, fin in (
        (0.5, maximum // 2, "Part versée : 1/2 du maximum."),
        (1.0, maximum, entiere),
        (0.0, 0, "Aucune aide pour l'année."),
    ):
        with table(case, valeur, de):
            changee = annee()
        assert (changee.montant_du, changee.explication) == (du, f"{constat}{fin}"), valeur
    with table(case, None, de):
        inconnue = annee()
    assert inconnue.montant_du is None
    assert inconnue.explication == "Part non déterminée par les textes lus : à demander à la CPAM."


@pytest.mark.parametrize(
    ("part", "fin"), [(Fraction(5, 8), "Part décidée par la caisse : 5/8 du maximum."), (Fraction(1), "entière.")]
)
def test_une_part_decidee_par_la_caisse_se_dit_quand_elle_s_ecarte_des_regles(part: Fraction, fin: str) -> None:
    situation = individuel(
        "2023-06-01",
        "1",
        le="2026-11-23",
        patientele={"patientele_mt": 1300, "file_active": 1800},
        contrat={"bande_notifiee": "p70_p90"},
        objectifs_notifies=OBJECTIFS,
        resultats=[{"annee": 3, "patientele_mt": 1560, "file_active": 1910}],
    ).situation
    decide = TauxDecide(annee=3, numerateur=part.numerator, denominateur=part.denominator)
    suivi = next(suivre([ContratSuivi(situation=situation, taux_decides=(decide,))], jour("2026-11-23")))
    assert suivi.annees[2].explication.endswith(fin)


def test_une_annee_supposee_est_marquee_et_elle_seule() -> None:
    suppose = [{"annee": 4, "patientele_mt": 1500, "file_active": 1900}]
    vu = [{"annee": 3, "patientele_mt": 1560, "file_active": 1910}]
    annees = individuel("2023-06-01", "1", le="2026-11-23", resultats=vu, projections=suppose).annees
    assert [annee.rang for annee in annees if annee.projection] == [4]


def test_une_annee_interrompue_dit_combien_de_jours_sont_dus() -> None:
    """Ended on the 184th day of its second year: that year says so, and its instalment too; the first says nothing."""
    annees = individuel("2023-06-01", "1", contrat={"date_fin_anticipee": "2024-11-30"}).annees
    assert "Contrat interrompu : 183 jours dus sur 365." in annees[1].explication
    assert all("après régularisation" in versement.libelle for versement in annees[1].versements)
    assert "interrompu" not in annees[0].explication
    assert not any("régularisation" in versement.libelle for versement in annees[0].versements)
