"""The register of conditions: one entry each, that says what the rule reads and where it comes from."""

from __future__ import annotations

import datetime

import pytest

from binome.simulation.modele.nomenclatures import NomSpecialite
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import Dispositif, Regime
from openfisca_assistants_medicaux.variables.eligibilite.synthese import CONDITIONS_DU_MEDECIN, CONDITIONS_DU_PROJET
from openfisca_assistants_medicaux.variables.options import CONDITIONS_DE_L_OPTION
from tests.loi.population import AUJOURD_HUI, calculer, construire, systeme, tirer, valeurs

CONDITIONS = dict.fromkeys(CONDITIONS_DU_MEDECIN + CONDITIONS_DU_PROJET + CONDITIONS_DE_L_OPTION)

#: What every condition reads, and nobody forgets to tell.
TOUJOURS_LUES = {"date_signature", "dispositif"}
#: The reading of a point that the fund settles: a decision of its own, that no fact of the doctor makes.
LECTURE = "lecture_"


def test_chaque_condition_a_sa_fiche_et_rien_d_autre_n_en_a() -> None:
    """A condition of the law without its entry would be counted by no verdict, and have no effect."""
    de_la_loi = {nom for nom in systeme().variables if nom.startswith("condition_")}
    sans_fiche, sans_regle = de_la_loi - set(CONDITIONS), set(CONDITIONS) - de_la_loi
    assert not sans_fiche, f"sans fiche dans textes/conditions.yaml : {sorted(sans_fiche)}"
    assert not sans_regle, f"sans variable dans variables/ : {sorted(sans_regle)}"


def test_une_fiche_dit_quels_verdicts_la_comptent() -> None:
    assert all(fiche.verdicts for fiche in registre.conditions())
    assert set(registre.conditions().conditions) == set(CONDITIONS)


@pytest.mark.parametrize("nom", CONDITIONS)
def test_une_fiche_parle_francais_sans_nommer_de_variable(nom: str) -> None:
    fiche = registre.conditions()[nom]
    phrases = (fiche.court, fiche.pour_changer, fiche.a_demander, *fiche.refus.values())
    for phrase in phrases:
        assert phrase
        assert phrase[0].islower() or phrase[:2].isupper() or phrase.startswith("{"), phrase
        assert not phrase.endswith("."), phrase
    assert "condition" not in " ".join(fiche.refus.values())


#: What the law is told of a whole group, and the fields of its members that make it.
TOTAUX: dict[str, tuple[str, ...]] = {
    "nombre_adherents": (),
    "nombre_adherents_refuses": ("secteur", "specialite", "mode_exercice_particulier"),
    "nombre_adherents_indetermines": ("secteur", "specialite", "mode_exercice_particulier"),
    "nombre_adherents_sous_contrat_individuel": ("contrat_individuel_en_cours",),
    "nombre_pamsu_docteur_junior": ("pamsu_docteur_junior",),
}


def entrees_lues(simulation: Simulation, variable: str, vues: set[str]) -> set[str]:
    """Inputs of the law from which a computed variable comes, seen in the trace."""
    if variable in vues:
        return set()
    vues.add(variable)
    if not simulation.loi.variables[variable].formulas:
        return set(TOTAUX.get(variable, (variable,)))
    dependances = simulation.calcul.certitudes.noeud(variable).dependances
    return set().union(*(entrees_lues(simulation, nom, vues) for nom, _ in dependances))


@pytest.fixture(scope="module")
def simulations() -> list[Simulation]:
    """One simulation for each way that the rules can go."""
    toutes = []
    for signature, option in (
        ("2019-10-01", "un_etp"),
        ("2020-06-01", "un_etp"),
        ("2023-06-01", "demi_etp"),
        ("2026-12-01", "deux_etp"),
    ):
        donnees = {
            "date_appreciation": "2026-11-23",
            "medecin": {"specialite": "medecine_generale", "zone": "zac", "nombre_medecins_lieu": 1},
            "patientele": {"patientele_mt": 1200},
            "contrat": {"date_signature": signature, "option": option},
        }
        toutes.append(Simulation(Situation.model_validate(donnees)))
    groupe = {"date_signature": "2026-12-01", "etp_demandes": 1, "membres": [{"patientele_mt": 1200}]}
    toutes.append(Simulation(Situation.model_validate({"date_appreciation": "2026-11-23", "groupe": groupe})))
    return toutes


@pytest.mark.parametrize("nom", CONDITIONS)
def test_la_fiche_nomme_tout_ce_que_la_regle_lit_et_rien_d_autre(nom: str, simulations: list[Simulation]) -> None:
    """A rule that reads a new input fails here until its entry names it."""
    fiche = registre.conditions()[nom]
    lues = set().union(*(entrees_lues(simulation, nom, set()) for simulation in simulations)) - TOUJOURS_LUES
    lues = {entree for entree in lues if not entree.startswith(LECTURE)}
    nommees = {variable for d in Dispositif for choix in fiche.entrees(d.name) for variable in choix}
    assert nommees == lues


def test_les_champs_a_renseigner_ont_leurs_mots() -> None:
    demandes = {choix[0] for fiche in registre.conditions() for liste in fiche.champs.values() for choix in liste}
    assert demandes == set(registre.conditions().champs)


@pytest.mark.parametrize("nom", CONDITIONS)
def test_un_refus_ne_nomme_que_ce_que_la_condition_lit(nom: str) -> None:
    fiche = registre.conditions()[nom]
    for regime in Regime:
        for champ in fiche.nommes(regime.name):
            assert any(fiche.lit(champ, dispositif.name) for dispositif in Dispositif), champ


def test_sans_article_la_condition_est_sans_objet() -> None:
    """On random contracts: the articles say under which régimes a condition applies, as the law does."""
    population = tirer(4000, graine=20261126)
    vus = calculer(construire(population), [*CONDITIONS, "regime"], AUJOURD_HUI)
    for fiche in registre.conditions():
        for regime in {regime.name for regime in Regime} - set(fiche.articles) - {"aucun"}:
            rendus = set(vus[fiche.nom][vus["regime"] == regime])
            assert rendus <= {"sans_objet"}, (fiche.nom, regime)


@pytest.mark.parametrize("regime", [regime.name for regime in Regime if regime is not Regime.aucun])
def test_chaque_regime_pose_ses_conditions(regime: str) -> None:
    """Under a régime that no article names, every doctor would be eligible without a word."""
    assert any(fiche.article(regime) for fiche in registre.conditions()), f"textes/conditions.yaml : {regime}"


def test_un_regime_garde_les_articles_de_celui_qu_il_modifie() -> None:
    zone, statut = registre.conditions()["condition_zone"], registre.conditions()["condition_statut_exercice"]
    assert statut.article("AV8") == statut.article("AV7")
    assert zone.article("AV8") != zone.article("AV7")
    assert registre.conditions()["condition_specialite"].refus_de("AV8").endswith("dans ce département")
    with pytest.raises(registre.RegistreInvalide, match="AV99"):
        registre._reprises({"AV99": "AV7"})


def test_un_article_est_celui_du_regime() -> None:
    fiche = registre.conditions()["condition_conventionnement"]
    titres = {regime: article.titre for regime, article in fiche.articles.items()}
    assert "Avenant 7" in titres["AV7"]
    assert "Convention" not in titres["AV7"]
    assert "2024-2029" in titres["CM24"]
    assert fiche.article("COLL") is None


def test_l_aide_collective_n_est_jamais_d_un_texte_lu() -> None:
    for fiche in registre.conditions():
        article = fiche.article("COLL")
        assert article is None or article.certitude <= Certitude.secondaire, fiche.nom


def test_aucune_source_n_est_plus_sure_que_ce_qu_elle_dit() -> None:
    """A text « non lu », or read in somebody's page, is never « texte »; every source serves."""
    brutes = registre._lire("conditions.yaml")
    servies = {source for fiche in brutes["conditions"].values() for source in fiche["articles"].values()}
    assert servies == set(brutes["sources"])
    for nom, source in brutes["sources"].items():
        if any(mot in source["titre"] for mot in ("non lu", "lu dans", "lue dans", "Mesdocs", "Aucune")):
            assert source["certitude"] != "texte", nom


def test_chaque_specialite_a_son_article() -> None:
    assert set(registre.specialites()) == set(NomSpecialite)
    assert all(mots.startswith(("la ", "l'", "le ")) for mots in registre.specialites().values())


FICHE = {"court": "x", "verdicts": ["option"], "refus": "x", "pour_changer": "x", "a_demander": "x", "articles": {}}


@pytest.mark.parametrize(
    ("fiche", "attendu"),
    [
        ({"court": "x"}, "a_demander"),
        (FICHE | {"autre": 1}, "autre"),
        (FICHE | {"articles": {"AV7": "nulle"}}, "nulle"),
        (FICHE | {"articles": {"AV99": "s"}}, "AV99"),
        (FICHE | {"lus": {"duo": []}}, "duo"),
        (FICHE | {"verdicts": ["poste"]}, "poste"),
    ],
)
def test_une_fiche_mal_ecrite_est_refusee(fiche: dict[str, object], attendu: str) -> None:
    sources = {"s": registre.SourceDeCondition("source", Certitude.texte)}
    with pytest.raises(registre.RegistreInvalide, match=attendu):
        registre._fiche("condition_x", fiche, sources)


# -- deadlines


def test_toute_date_calculee_est_une_echeance_ou_dit_pourquoi_pas() -> None:
    """A deadline of the law left out of the register would never be shown."""
    dates = {nom for nom, v in systeme().variables.items() if v.value_type is datetime.date and v.formulas}
    connues = registre.echeances()
    sans_fiche, sans_regle = dates - {*connues.fiches, *connues.autres}, {*connues.fiches, *connues.autres} - dates
    assert not sans_fiche, f"ni « echeances » ni « autres » dans textes/echeances.yaml : {sorted(sans_fiche)}"
    assert not sans_regle, f"sans variable dans variables/ : {sorted(sans_regle)}"
    assert not set(connues.fiches) & set(connues.autres)


def test_les_dates_limites_sont_des_echeances() -> None:
    assert {nom for nom in systeme().variables if nom.startswith("date_limite_")} <= set(registre.echeances().fiches)


@pytest.mark.parametrize("fiche", tuple(registre.echeances()), ids=lambda fiche: fiche.nom)
def test_une_echeance_a_ses_mots(fiche: registre.FicheEcheance) -> None:
    assert fiche.libelle[0].isupper()
    assert fiche.aide.endswith(".")
    assert fiche.source
    assert systeme().variables[fiche.nom].entity.is_person is fiche.par_annee


def test_une_condition_attend_une_echeance_qui_existe() -> None:
    attendues = {fiche.echeance for fiche in registre.conditions()} - {None}
    assert attendues <= set(registre.echeances().fiches)
    assert attendues


#: Facts that give a deadline, and for each fact that cancels it the value that does.
ANNULATIONS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "date_suspension_possible": (
        {"date_debut_absence": "2026-02-02"},
        {"date_fin_absence": "2026-04-17", "assistant_remplace": True, "date_debut_suspension": "2026-02-02"},
    ),
    "date_limite_debut_formation": (
        {"date_embauche": "2023-06-01", "profil_assistant": "autre"},
        {"profil_assistant": "cqp_am"},
    ),
    "date_limite_qualification": (
        {"date_embauche": "2023-06-01", "profil_assistant": "autre"},
        {"profil_assistant": "cqp_am"},
    ),
}


@pytest.mark.parametrize("fiche", tuple(registre.echeances()), ids=lambda fiche: fiche.nom)
def test_chaque_fait_qui_annule_une_echeance_la_fait_disparaitre(fiche: registre.FicheEcheance) -> None:
    base, faits = ANNULATIONS.get(fiche.nom, ({}, {}))
    assert set(fiche.annulee_par) == set(faits)
    for fait, valeur in faits.items():
        signe = {"date_signature": "2023-06-01", "option": "un_etp", **base}
        (avant,) = valeurs({nom: [v] for nom, v in signe.items()}, fiche.nom)
        (apres,) = valeurs({nom: [v] for nom, v in {**signe, fait: valeur}.items()}, fiche.nom)
        assert avant != "0001-01-01", fiche.nom
        assert apres == "0001-01-01", (fiche.nom, fait)


@pytest.mark.parametrize(
    ("fiche", "attendu"),
    [({"libelle": "x", "aide": "x", "rappel": True}, "source"),
     ({"libelle": "x", "aide": "x", "rappel": True, "source": "x", "plus": 1}, "plus")],
)  # fmt: skip
def test_une_fiche_d_echeance_mal_ecrite_est_refusee(fiche: dict[str, object], attendu: str) -> None:
    with pytest.raises(registre.RegistreInvalide, match=attendu):
        registre._fiche_d_echeance("date_x", fiche)
