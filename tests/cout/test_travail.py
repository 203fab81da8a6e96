"""The employment itself: real hours, CDD, other hiring aids, and an aid that is no net money."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from binome import francais
from binome.argent import en_centimes
from binome.simulation.cout import travail
from binome.simulation.cout.postes import QUOTITES
from binome.simulation.modele.erreurs import SituationInvalide
from tests.cas_publics.situations import collectif, individuel
from tests.cout.outils import AUJOURD_HUI, NU, annees_de, cout_de, premiere

SIGNATURE = "2026-11-02"


def test_t13_un_poste_de_28_heures_pour_un_contrat_de_mi_temps() -> None:
    """The aid of the half-time contract, the cost of 28 hours."""
    sans = individuel(SIGNATURE, "1/2", le=AUJOURD_HUI)
    avec = individuel(SIGNATURE, "1/2", le=AUJOURD_HUI, cout={"heures_hebdomadaires": 28})
    assert avec.total_cinq_ans == sans.total_cinq_ans
    assert [a.montant_prevu for a in avec.annees] == [a.montant_prevu for a in sans.annees]
    assert avec.cout is not None
    (option,) = (o for o in avec.cout.options if o.option == "demi_etp")
    assert (option.heures_hebdomadaires, option.etp) == (28, Decimal("0.80"))
    attendu = premiere(SIGNATURE, le=AUJOURD_HUI, quotites=[Fraction(4, 5)])
    assert option.annees[0].total == attendu.total
    assert any("28" in h.valeur_ecrite for h in avec.cout.hypotheses if h.nom == "heures_hebdomadaires")


def test_les_heures_ne_raccourcissent_pas_une_option_comparee() -> None:
    """28 hours are less than the full time of the other option, priced at 35."""
    resultat = individuel(SIGNATURE, None, le=AUJOURD_HUI, cout={"heures_hebdomadaires": 28})
    assert resultat.cout is not None
    heures = {o.option: o.heures_hebdomadaires for o in resultat.cout.options}
    assert {nom: heures[nom] for nom in ("demi_etp", "un_etp")} == {"demi_etp": 28, "un_etp": 35}
    # Two assistants keep the time of their option.
    assert heures["un_etp_et_demi"] == Decimal("52.50")


@pytest.mark.parametrize(
    ("option", "heures", "attendu"),
    [("1", 28, "au moins les 35 heures"), ("1/2", 40, "au plus 35"), ("3/2", 28, "deux assistants")],
)
def test_des_heures_que_l_option_contredit_sont_refusees(option: str, heures: int, attendu: str) -> None:
    with pytest.raises(SituationInvalide, match=rf"cout.heures_hebdomadaires : .*{attendu}"):
        individuel(SIGNATURE, option, le=AUJOURD_HUI, cout={"heures_hebdomadaires": heures})


def test_un_groupe_suit_ses_etp() -> None:
    with pytest.raises(SituationInvalide, match=r"cout.heures_hebdomadaires : inattendues"):
        collectif(etp=2, membres=({}, {}), le=AUJOURD_HUI, cout={"heures_hebdomadaires": 28})


def test_t64b_un_cdd_coute_son_indemnite() -> None:
    """10 % of the salary, with its contributions and tax, while the CDD lasts; its end is said."""
    cdi = annees_de(SIGNATURE, le=AUJOURD_HUI, salaire_brut_mensuel=2000, **NU)
    cout = cout_de(SIGNATURE, le=AUJOURD_HUI, salaire_brut_mensuel=2000, type_contrat="cdd", duree_cdd_mois=6, **NU)
    cdd = cout.options[0].annees
    assert cdd[0].indemnite_fin_contrat == 6 * en_centimes(200)
    assert cdd[0].brut == cdi[0].brut
    assert [a.total for a in cdd[1:]] == [a.total for a in cdi[1:]]
    # Six months as a salary of 2 200 €, six as one of 2 000 €: contributions, relief and tax follow.
    hausse = annees_de(SIGNATURE, le=AUJOURD_HUI, salaire_brut_mensuel=2200, **NU)
    assert abs(2 * cdd[0].total - hausse[0].total - cdi[0].total) <= 2
    fin = francais.date_longue(datetime.date(2027, 5, 1))
    assert any("CDD de 6 mois" in dit and fin in dit for dit in cout.avertissements)
    assert not any("sauf remplacement" in dit for dit in cout.avertissements)


def test_un_cdd_de_plus_de_six_mois_devient_un_cdi_dit_la_convention() -> None:
    """Without a duration: the longest, 18 months; the collective agreement and the FAQ disagree, and both are said."""
    cout = cout_de(SIGNATURE, le=AUJOURD_HUI, type_contrat="cdd")
    assert [bool(a.indemnite_fin_contrat) for a in cout.options[0].annees] == [True, True, False, False, False]
    assert any("CDD de 18 mois" in dit for dit in cout.avertissements)
    assert any("sauf remplacement" in dit for dit in cout.avertissements)
    # The agreement does not apply overseas.
    ailleurs = cout_de(SIGNATURE, le=AUJOURD_HUI, type_contrat="cdd", territoire="972")
    assert not any("sauf remplacement" in dit for dit in ailleurs.avertissements)
    assert ailleurs.connu[0].annees[0].indemnite_fin_contrat


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [({"duree_cdd_mois": 6}, "inattendue sans"), ({"type_contrat": "cdd", "duree_cdd_mois": 24}, "au plus 18 mois")],
)
def test_une_duree_de_cdd_impossible_est_refusee(saisie: dict[str, Any], attendu: str) -> None:
    with pytest.raises(SituationInvalide, match=rf"cout.duree_cdd_mois : .*{attendu}"):
        individuel(SIGNATURE, "1", le=AUJOURD_HUI, cout=saisie)


def test_t73_une_autre_aide_a_l_embauche_est_renvoyee() -> None:
    """No text read says whether it cumulates: said, not counted."""
    sans = individuel(SIGNATURE, "1", le=AUJOURD_HUI)
    avec = individuel(SIGNATURE, "1", le=AUJOURD_HUI, cout={"autre_aide_embauche": "oui"})
    assert sans.cout is not None
    assert avec.cout is not None
    assert not any("Autre aide" in dit for dit in sans.cout.avertissements)
    assert any("aucun texte lu ne dit si elle se cumule" in dit for dit in avec.cout.avertissements)
    assert avec.cout.options == sans.cout.options


def test_l_aide_est_dite_imposable_des_qu_il_y_en_a_une() -> None:
    aidee = cout_de(SIGNATURE, aides=[en_centimes(38_000)] * 5)
    assert any("imposable" in note for note in aidee.notes)
    assert not any("imposable" in note for note in cout_de(SIGNATURE).notes)


def test_un_mi_temps_de_seize_heures_ne_se_dit_pas() -> None:
    """Sixteen hours are allowed; less is said, by the hours that are priced."""
    assert not cout_de(SIGNATURE, quotites=[Fraction(16, 35)]).options[0].temps_trop_court
    assert cout_de(SIGNATURE, quotites=[Fraction(15, 35)]).options[0].temps_trop_court
    tiers = cout_de("2021-07-01", quotites=QUOTITES["tiers_etp"], heures_hebdomadaires=20)
    assert (tiers.options[0].temps_trop_court, tiers.avertissements) == (False, ())


@pytest.mark.parametrize(
    ("duree", "dite"), [(Fraction(35, 3), "11,67\u00a0h"), (Decimal("17.5"), "17,5\u00a0h"), (Decimal(35), "35\u00a0h")]
)
def test_des_heures_se_disent_au_centieme(duree: Decimal | Fraction, dite: str) -> None:
    assert travail._en_heures(duree) == dite
