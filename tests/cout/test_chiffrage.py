"""Conventions of the cost: years, seniority, replays, invoice, group, break-even."""

from __future__ import annotations

import cProfile
import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from binome.argent import en_centimes
from binome.simulation.cout import emploi, hypotheses
from binome.simulation.cout.bareme import bareme
from binome.simulation.cout.hypotheses import PARAMETRES
from binome.simulation.cout.postes import QUOTITES
from binome.simulation.cout.rentabilite import consultations_par_jour
from binome.simulation.cout.salaire import taux_anciennete
from binome.simulation.modele.cout import HypothesesCout
from binome.simulation.modele.erreurs import SituationInvalide, traduire
from binome.simulation.modele.nomenclatures import NomTerritoire
from binome.simulation.modele.situation import Situation
from tests.cas_publics.situations import collectif, individuel
from tests.cout.outils import AUJOURD_HUI, NU, annees_de, cout_de, premiere
from tests.loi.population import feuilles

JOUR = datetime.date(2026, 11, 23)


def test_les_lignes_font_le_total_et_le_reste() -> None:
    aides = [en_centimes(aide) for aide in (38000, 28000, 22000, 22000, 0)]
    for annee in annees_de("2024-07-01", le=AUJOURD_HUI, aides=aides):
        payees = (
            annee.brut
            + annee.indemnite_fin_contrat
            + annee.cotisations
            + annee.formation
            + annee.taxe_apprentissage
            + annee.taxe_salaires
        )
        assert annee.total == payees - annee.allegement + annee.mutuelle + annee.prevoyance + annee.facture
        assert annee.aide is not None
        assert annee.reste_a_charge == annee.total - annee.aide
        assert annee.aide_couvre_tout is (annee.reste_a_charge <= 0)
        assert (annee.consultations_par_jour is None) is annee.aide_couvre_tout


def test_une_annee_a_cheval_prend_le_bareme_de_chaque_mois() -> None:
    """Ten months of 2022, two of 2023, at the same salary; contribution rates are constant in each."""
    a_cheval = premiere("2022-03-01", le=AUJOURD_HUI, salaire_brut_mensuel=2500, **NU)
    en_2022 = premiere("2022-01-01", le=AUJOURD_HUI, salaire_brut_mensuel=2500, **NU)
    en_2023 = premiere("2023-01-01", le=AUJOURD_HUI, salaire_brut_mensuel=2500, **NU)
    assert a_cheval.cotisations == pytest.approx((10 * en_2022.cotisations + 2 * en_2023.cotisations) / 12, abs=1)
    assert a_cheval.taxe_salaires == pytest.approx((10 * en_2022.taxe_salaires + 2 * en_2023.taxe_salaires) / 12, abs=1)


def test_le_smic_suit_les_mois() -> None:
    """March 2026 to February 2027: three months before the rise of June, nine after."""
    assert premiere("2026-03-02", le=AUJOURD_HUI).brut == en_centimes(3 * Decimal("1823.03") + 9 * Decimal("1867.02"))


def test_un_rejeu_ne_connait_que_les_regles_d_alors() -> None:
    """Standing in March 2026, the SMIC of June is not known; the following years say so."""
    alors = annees_de("2026-03-02", le="2026-03-02")
    assert alors[0].brut == en_centimes(12 * Decimal("1823.03"))
    assert [annee.legislation_constante for annee in alors] == [True] * 5
    ancien = annees_de("2020-01-15", le=AUJOURD_HUI)
    assert [annee.legislation_constante for annee in ancien] == [False] * 5


def test_l_anciennete_court_pendant_le_contrat() -> None:
    """4 % after three years: the fourth contract year."""
    bruts = [annee.brut for annee in annees_de("2026-07-01", le="2026-12-31", salaire_brut_mensuel=2000)]
    assert bruts == [en_centimes(m) for m in (24_000, 24_000, 24_000, 24_960, 24_960)]
    # Two years already: the rise comes a year later than three minus two.
    bruts = [a.brut for a in annees_de("2026-07-01", anciennete_annees=5, salaire_brut_mensuel=2080)]
    assert bruts == [en_centimes(m) for m in (24_960, 25_680, 25_680, 25_680, 26_400)]
    assert [taux_anciennete(n, JOUR) for n in (0, 2, 3, 6, 9, 12, 15, 18, 20, 40)] == [
        0, 0, 400, 700, 1000, 1300, 1600, 1800, 2000, 2000
    ]  # fmt: skip


def test_la_prevoyance_commence_apres_un_an() -> None:
    annees = annees_de("2026-07-01", salaire_brut_mensuel=2000, taux_prevoyance="0.01")
    assert [annee.prevoyance for annee in annees[:2]] == [0, en_centimes(240)]
    assert premiere("2026-07-01", anciennete_annees=1, salaire_brut_mensuel=2000, taux_prevoyance="0.01").prevoyance


@pytest.mark.parametrize(
    ("le", "position_5", "position_9"),
    [
        ("2019-08-21", "1642", "1953"),
        ("2021-06-01", "1678", "1996"),
        ("2022-07-01", "1728.34", "2055.88"),
        ("2023-07-01", "1780.19", "2117.56"),
        ("2024-01-01", "1815.79", "2159.91"),
    ],
)
def test_les_grilles_sont_celles_du_texte_officiel(le: str, position_5: str, position_9: str) -> None:
    """The five grids of IDCC 1147, read in the official text; the day before each, the previous one."""
    jour = datetime.date.fromisoformat(le)
    for nom, attendu in (("position_basse", position_5), ("position_haute", position_9)):
        entree = emploi.valeur(f"salaire_minimal.{nom}", jour, JOUR)
        assert (Decimal(str(entree.valeur)), entree.date_effet) == (Decimal(attendu), le)
        assert entree.certitude.name == "texte"
        assert "JO du" in entree.references[0]["title"], "date d'extension"
    assert emploi.dates_d_effet("salaire_minimal.position_basse", JOUR)[-1] == datetime.date(2024, 1, 1)


def test_le_smic_est_le_plancher_depuis_la_derniere_grille() -> None:
    cout = cout_de("2026-07-01")
    assert cout.salaire is not None
    assert cout.salaire.brut_mensuel == cout.salaire.smic > cout.salaire.minimum_conventionnel
    assert cout.salaire.certitude == "secondaire"
    assert "avenant 90" in cout.sources[1].titre


def test_la_prevoyance_conventionnelle_suit_le_texte() -> None:
    """Signed on 1 January 2022: nothing for a year, 1,42 % for three months of 2023, then 1,54 %; said so."""
    cout = cout_de("2022-01-01", le=AUJOURD_HUI, salaire_brut_mensuel=2000)
    annees = cout.options[0].annees
    assert annees[0].prevoyance == 0
    assert annees[1].prevoyance == en_centimes(3 * Decimal("28.40") + 9 * Decimal("30.80"))
    assert annees[2].prevoyance == en_centimes(12 * Decimal("30.80"))
    (dite,) = (h for h in cout.hypotheses if h.nom == "taux_prevoyance")
    assert (dite.valeur, dite.certitude) == (Decimal("0.0142"), "texte")
    assert dite.valeur_ecrite.replace("\xa0", " ") == "1,42 %, puis 1,54 % au 01/04/2023"
    # Standing in 2022, the rate of 2023 is not known.
    assert cout_de("2022-01-01", salaire_brut_mensuel=2000).options[0].annees[2].prevoyance == en_centimes(
        12 * Decimal("28.40")
    )


def test_la_contribution_conventionnelle_s_ajoute_depuis_2021() -> None:
    bruts = {annee: premiere(f"{annee}-01-01", salaire_brut_mensuel=2000).formation for annee in (2020, 2021, 2026)}
    assert bruts == {2020: en_centimes(132), 2021: en_centimes(144), 2026: en_centimes(144)}
    assert premiere("2026-01-01", salaire_brut_mensuel=2000, taux_formation="0.0055").formation == en_centimes(132)


def test_un_tiers_temps_est_sous_le_minimum_de_seize_heures() -> None:
    """11 h 40 a week: said, unless the assistant asked for it in writing; 17 h 30 is allowed."""
    tiers = cout_de("2021-07-01", quotites=QUOTITES["tiers_etp"])
    assert tiers.options[0].heures_hebdomadaires == Decimal("11.67")
    assert any("11,67" in dit and "16" in dit for dit in tiers.avertissements)
    demande = cout_de("2021-07-01", quotites=QUOTITES["tiers_etp"], temps_partiel_demande="oui")
    assert demande.avertissements == ()
    assert cout_de("2021-07-01", quotites=QUOTITES["demi_etp"]).avertissements == ()


def test_la_facture_remplace_tout() -> None:
    payee = premiere("2026-07-01", quotites=QUOTITES["demi_etp"], facture_mensuelle="2628")
    assert payee.facture == payee.total == en_centimes(15768)
    assert payee.cout_mensuel == en_centimes(1314)
    assert payee.brut == payee.taxe_salaires == payee.mutuelle == 0
    cout = cout_de("2026-07-01", facture_mensuelle="2628")
    assert cout.salaire is None
    assert {h.nom for h in cout.hypotheses} >= {"facture_mensuelle", "honoraire_consultation"}
    assert "mutuelle_mensuelle" not in {h.nom for h in cout.hypotheses}


def test_une_aide_inconnue_laisse_le_reste_inconnu() -> None:
    cout = cout_de("2026-07-01", aides=[en_centimes(38000), None, None, None, None]).options[0]
    assert cout.annees[0].reste_a_charge is not None
    assert cout.annees[1].reste_a_charge is cout.annees[1].consultations_par_jour is None
    assert not cout.annees[1].aide_couvre_tout
    assert cout.aide_cinq_ans is cout.reste_a_charge_cinq_ans is None
    assert cout.total_cinq_ans == sum(annee.total for annee in cout.annees)


def test_deux_assistants_sont_deux_salaries() -> None:
    un = premiere("2026-07-01", **NU)
    deux = premiere("2026-07-01", quotites=QUOTITES["deux_etp"], **NU)
    for ligne in ("brut", "cotisations", "allegement"):
        assert getattr(deux, ligne) == pytest.approx(2 * getattr(un, ligne), abs=1)
    # The franchise and the décote serve once.
    assert deux.taxe_salaires > 2 * un.taxe_salaires


def test_seuil_de_rentabilite() -> None:
    # 6 000 € / (30 € × 53 % × 200 days) = 1,886…
    assert consultations_par_jour(600_000, 3_000, Decimal("0.47"), 200) == Decimal("1.89")
    assert consultations_par_jour(0, 3_000, Decimal("0.47"), 200) is None
    assert consultations_par_jour(-500, 3_000, Decimal("0.47"), 200) is None
    assert consultations_par_jour(None, 3_000, Decimal("0.47"), 200) is None


# -- in a simulation ------------------------------------------------------------------------------------------------


def test_une_simulation_chiffre_les_options_aidees() -> None:
    resultat = individuel("2026-03-02", "1", le=AUJOURD_HUI)
    assert resultat.cout is not None
    assert [o.option for o in resultat.cout.options] == [o.option for o in resultat.options if o.annees]
    for option in resultat.cout.options:
        (memes,) = (o for o in resultat.options if o.option == option.option)
        assert [a.aide for a in option.annees] == [a.montant_prevu for a in memes.annees]
        assert [(a.debut, a.fin) for a in option.annees] == [(a.debut, a.fin) for a in memes.annees]
        assert option.aide_cinq_ans == memes.total_cinq_ans


def test_un_refus_laisse_voir_le_cout_sans_aide() -> None:
    resultat = individuel("2026-03-02", "1", le=AUJOURD_HUI, medecin={"specialite": "radiologie"})
    assert resultat.verdict.eligible == "non"
    assert resultat.cout is not None
    (option,) = resultat.cout.options
    assert option.option == "un_etp"
    assert option.aide_cinq_ans == 0
    assert option.reste_a_charge_cinq_ans == option.total_cinq_ans > 0
    assert option.annees[0].debut == datetime.date(2026, 3, 2)
    assert option.annees[4].fin == datetime.date(2031, 3, 1)


def test_un_groupe_paie_ses_postes() -> None:
    resultat = collectif(etp=2.5, membres=({}, {}, {}), le=AUJOURD_HUI)
    assert resultat.cout is not None
    (option,) = resultat.cout.options
    assert (option.option, option.etp, option.libelle) == ("groupe", Decimal("2.50"), "2,5 ETP")
    assert option.aide_cinq_ans == resultat.total_cinq_ans
    separes = premiere("2026-03-02", le=AUJOURD_HUI, quotites=[Fraction(1), Fraction(1), Fraction(1, 2)])
    assert option.annees[0].total == separes.total


def test_un_groupement_d_employeurs_est_invite_a_donner_sa_facture() -> None:
    sans = individuel("2026-03-02", "1", employeur={"mode": "groupement_employeurs"})
    avec = individuel("2026-03-02", "1", employeur={"mode": "groupement_employeurs"}, cout={"facture_mensuelle": 2700})
    assert sans.cout is not None
    assert avec.cout is not None
    assert any("saisissez sa facture" in note for note in sans.cout.notes)
    assert not any("saisissez sa facture" in note for note in avec.cout.notes)


def test_la_situation_sans_cout_ne_change_pas_la_loi() -> None:
    sans = individuel("2026-03-02", "1").model_dump(exclude={"cout", "situation"})
    avec = individuel("2026-03-02", "1", cout={"salaire_brut_mensuel": "2400"}).model_dump(
        exclude={"cout", "situation"}
    )
    assert sans == avec


# -- what is entered, and what is not -------------------------------------------------------------------------------


def test_saisi_et_suppose_se_distinguent() -> None:
    cout = cout_de("2026-07-01", honoraire_consultation="35.50", anciennete_annees=0)
    dites = {h.nom: h for h in cout.hypotheses}
    assert not dites["honoraire_consultation"].par_defaut
    assert dites["honoraire_consultation"].certitude is None
    assert not dites["anciennete_annees"].par_defaut
    assert dites["part_de_charges"].par_defaut
    assert dites["part_de_charges"].source
    assert cout.certitude == "hypothese"
    assert cout.sources[0].version == "176.1.8"
    assert cout.sources[0].date is not None


def test_les_defauts_du_modele_sont_ceux_de_la_loi() -> None:
    for champ in ("assujetti_taxe_salaires", "redevable_taxe_apprentissage"):
        defaut = HypothesesCout.model_fields[champ].default
        (nom,) = PARAMETRES[champ]
        assert defaut is emploi.valeur(nom, JOUR, JOUR).valeur


def test_la_contribution_formation_est_celle_d_openfisca_france() -> None:
    (taux,) = {periode.formation for periode in bareme().periodes}
    assert taux / 100_000 == emploi.valeur("charges.contribution_formation", JOUR, JOUR).valeur


def test_chaque_valeur_du_theme_emploi_est_lue(monkeypatch: pytest.MonkeyPatch) -> None:
    """No value of the topic is there for nothing (the law's own rules do not read it)."""
    lues: set[str] = set()
    vraie = emploi.valeur.__wrapped__

    def lire(nom: str, date: datetime.date, appreciation: datetime.date) -> Any:
        lues.add(f"emploi.{nom}")
        return vraie(nom, date, appreciation)

    from binome.simulation.cout import salaire, territoire

    for cache in (
        hypotheses._retenir,
        hypotheses._defaut_du_jour,
        salaire.taux_anciennete,
        salaire.minimum_conventionnel,
    ):
        cache.cache_clear()
    territoire.lieu.cache_clear()
    monkeypatch.setattr(emploi, "valeur", lire)
    cout_de("2026-07-01", anciennete_annees=17, aides=[en_centimes(38_000)] * 5)
    for outre_mer in NomTerritoire:
        cout_de("2026-07-01", territoire=outre_mer)
    individuel("2026-03-02", "1", cout={"type_contrat": "cdd", "duree_cdd_mois": 3})
    assert {p.name for p in feuilles() if p.name.startswith("emploi.")} == lues


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("salaire_brut_mensuel", "0"),
        ("salaire_brut_mensuel", "2300.505"),
        ("salaire_brut_mensuel", "beaucoup"),
        ("salaire_brut_mensuel", "NaN"),
        ("part_de_charges", "1"),
        ("part_de_charges", "-0.1"),
        ("jours_par_an", 0),
        ("jours_par_an", 400),
        ("honoraire_consultation", 0),
        ("honoraire_consultation", 30_000),
        ("facture_mensuelle", 0),
        ("mutuelle_mensuelle", 1_000_000),
        ("anciennete_annees", -1),
        ("autres_salaires_annuels", ["-1"]),
        ("inconnu", 1),
    ],
)
def test_une_valeur_impossible_est_refusee(champ: str, valeur: Any) -> None:
    with pytest.raises(ValidationError):
        HypothesesCout.model_validate({champ: valeur})


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        ("beaucoup", "nombre attendu"),
        ("2300.505", "2 chiffres au plus"),
        ("NaN", "nombre attendu"),
        ("0", "strictement supérieur à 0"),
        ("99999", "au plus égal à 9500"),
    ],
)
def test_un_refus_dit_ce_qui_est_attendu(valeur: str, attendu: str) -> None:
    with pytest.raises(ValidationError) as refus:
        Situation.model_validate({"cout": {"salaire_brut_mensuel": valeur}})
    messages = [str(traduire(detail)) for detail in refus.value.errors()]
    assert any("cout.salaire_brut_mensuel" in message and attendu in message for message in messages), messages


@pytest.mark.parametrize("valeur", ["2300", "2300.50", 2300, 2300.5])
def test_un_montant_s_ecrit_comme_un_texte_ou_un_nombre(valeur: Any) -> None:
    assert HypothesesCout.model_validate({"salaire_brut_mensuel": valeur}).salaire_brut_mensuel == Decimal(str(valeur))


def test_un_salaire_sous_le_smic_est_refuse() -> None:
    with pytest.raises(SituationInvalide, match=r"cout.salaire_brut_mensuel : « 1642 » : au moins le SMIC"):
        individuel("2026-03-02", "1", cout={"salaire_brut_mensuel": "1642"})
    assert individuel("2026-03-02", "1", cout={"salaire_brut_mensuel": "1823"}).cout, "le SMIC, aux centimes près"


def test_chiffrer_est_rapide() -> None:
    """Counted in calls, for a busy machine counts the same: a millisecond of an idle one, once the data are loaded."""
    cout_de("2026-07-01", salaire_brut_mensuel=2000)
    with cProfile.Profile() as compteur:
        cout_de("2026-07-01", salaire_brut_mensuel=2001)
    assert sum(fonction.callcount for fonction in compteur.getstats()) < 10_000


def test_ce_qui_est_saisi_ne_depend_pas_de_la_demande_d_avant() -> None:
    """Two equal sets of assumptions, one written and the other left to its defaults, are told apart."""
    ecrit = HypothesesCout.model_validate({"redevable_taxe_apprentissage": False, "honoraire_consultation": "30"})
    tu = HypothesesCout.model_validate({"honoraire_consultation": "30.00"})
    assert ecrit == tu
    for saisies, defaut in ((ecrit, False), (tu, True), (ecrit, False)):
        _, dites = hypotheses.retenir(saisies, JOUR, JOUR)
        dite = {h.nom: h for h in dites}
        assert dite["redevable_taxe_apprentissage"].par_defaut is defaut
        assert str(dite["honoraire_consultation"].valeur) == ("30.00" if defaut else "30")
