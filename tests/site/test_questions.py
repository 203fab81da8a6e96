"""Nothing is asked that does not change the answer, and what changes it is asked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from binome.simulation.modele.chemins import MEMBRES, chemins, variable_de
from binome.simulation.modele.nomenclatures import NomSpecialite
from binome.simulation.modele.resultat import Resultat
from binome.simulation.reponse.simuler import simuler
from binome.site.simulateur import adresse, conversation, lecture, resultat
from binome.site.simulateur.champs import champ_de
from binome.site.simulateur.parcours import CONTRAT, GROUPE, MEMBRE, NOUVEAU, PARCOURS, Parcours
from binome.site.simulateur.questions import Question
from openfisca_assistants_medicaux import registre

AUJOURD_HUI = datetime.date(2026, 11, 23)
GENERALISTE = {"medecin.specialite": "medecine_generale", "medecin.secteur": "secteur_1"}


def posees(parcours, **reponses: str) -> set[str]:
    dites = {nom.replace("__", "."): texte for nom, texte in reponses.items()}
    vu = conversation.contexte(parcours, dites, AUJOURD_HUI)
    return {question.champ for etape in parcours.etapes for question in conversation.questions_de(etape, vu)}


def test_chaque_question_remplit_un_champ_du_modele() -> None:
    toutes = [question for parcours in PARCOURS.values() for etape in parcours.etapes for question in etape.toutes]
    assert len(toutes) > 60
    for question in toutes:
        assert champ_de(question.champ) is not None, question.champ
    for question in MEMBRE:
        assert champ_de(f"groupe.membres.1.{question.champ}") is not None, question.champ


def test_un_cardiologue_n_est_pas_interroge_sur_les_enfants() -> None:
    demandees = posees(NOUVEAU, medecin__specialite="cardiologie_vasculaire")
    assert "patientele.file_active" in demandees
    assert not {champ for champ in demandees if champ.startswith("patientele.patientele_mt")}
    assert "medecin.mode_exercice_particulier" not in demandees
    assert "medecin.zone" not in demandees
    assert "medecin.part_honoraires_cliniques" not in demandees


def test_un_chirurgien_dit_sa_part_clinique() -> None:
    assert "medecin.part_honoraires_cliniques" in posees(NOUVEAU, medecin__specialite="chirurgie_generale")


def test_un_generaliste_dit_ses_patients_et_sa_zone() -> None:
    demandees = posees(NOUVEAU, medecin__specialite="medecine_generale")
    assert {"patientele.patientele_mt", "patientele.file_active", "medecin.zone"} <= demandees
    assert "patientele.patientele_mt_adultes" not in demandees


def test_un_contrat_de_2020_compte_les_adultes_et_les_voisins() -> None:
    demandees = posees(
        CONTRAT,
        medecin__specialite="medecine_generale",
        contrat__date_signature="2020-09-01",
        contrat__option="demi_etp",
    )
    assert {"patientele.patientele_mt_adultes", "medecin.nombre_medecins_lieu", "contrat.date_bascule"} <= demandees
    assert {f"resultats.{annee}.file_active" for annee in (3, 4, 5)} <= demandees


def test_la_part_des_enfants_se_demande_la_ou_elle_dispense_et_ou_leur_nombre_manque() -> None:
    de_2020 = {"medecin__specialite": "medecine_generale", "contrat__date_signature": "2020-09-01"}
    assert "patientele.part_enfants" in posees(CONTRAT, **de_2020)
    assert "patientele.part_enfants" not in posees(CONTRAT, **de_2020, patientele__patientele_mt_adultes="500")
    assert "patientele.part_enfants" not in posees(CONTRAT, **de_2020 | {"contrat__date_signature": "2023-06-01"})
    juge = _reponse_de(de_2020 | {"patientele__patientele_mt": "600", "patientele__part_enfants": "30 %"})
    assert juge == "derogation"


def test_le_seuil_de_la_caisse_se_demande_la_ou_aucun_texte_ne_le_donne() -> None:
    for parcours in (NOUVEAU, CONTRAT):
        for medecin in (
            {"medecin__specialite": "dermatologie"},
            {"medecin__specialite": "medecine_generale", "medecin__mode_exercice_particulier": "oui"},
        ):
            situation = {**medecin, "contrat__date_signature": "2026-03-02", "patientele__file_active": "1200"}
            assert "contrat.seuil_notifie" in posees(parcours, **situation)
            # Once answered it stays, and it decides.
            assert "contrat.seuil_notifie" in posees(parcours, **situation, contrat__seuil_notifie="1100")
        assert "contrat.seuil_notifie" not in posees(
            parcours, medecin__specialite="medecine_generale", contrat__date_signature="2026-03-02"
        )
    dermatologue = {"medecin__specialite": "dermatologie", "contrat__date_signature": "2026-03-02"}
    dermatologue["patientele__file_active"] = "1200"
    assert _reponse_de(dermatologue) == "indeterminee"
    assert _reponse_de({**dermatologue, "contrat__seuil_notifie": "1 200"}) == "remplie"
    assert _reponse_de({**dermatologue, "contrat__seuil_notifie": "1 201"}) == "non_remplie"


def _reponse_de(dites: dict[str, str]) -> str:
    """Verdict on the activity threshold."""
    vu = conversation.contexte(CONTRAT, {n.replace("__", "."): v for n, v in dites.items()}, AUJOURD_HUI)
    assert vu.complet is not None
    return str(next(c.verdict for c in vu.complet.verdict.conditions if c.nom == "condition_seuil_activite"))


def test_un_contrat_recent_n_a_pas_encore_de_resultat() -> None:
    demandees = posees(
        CONTRAT,
        medecin__specialite="medecine_generale",
        contrat__date_signature="2026-03-02",
        contrat__option="un_etp",
    )
    assert not {champ for champ in demandees if champ.startswith("resultats.")}


def test_la_secretaire_promue_appelle_son_remplacement() -> None:
    sans = posees(NOUVEAU, medecin__specialite="medecine_generale")
    avec = posees(NOUVEAU, medecin__specialite="medecine_generale", assistant__secretaire_promue="oui")
    assert "assistant.remplacement_secretaire" not in sans
    assert "assistant.remplacement_secretaire" in avec


def test_le_docteur_junior_appelle_sa_date() -> None:
    avec = posees(GROUPE, groupe__membres__1__pamsu_docteur_junior="oui")
    assert "groupe.date_accueil_docteur_junior" in avec
    assert "groupe.date_accueil_docteur_junior" not in posees(GROUPE)


def test_une_reponse_devenue_inutile_est_oubliee() -> None:
    reponses = {
        "medecin.specialite": "cardiologie_vasculaire",
        "patientele.patientele_mt": "1300",
        "patientele.file_active": "1700",
        "patientele.date_releve": "2025-12-31",
    }
    vu = conversation.contexte(NOUVEAU, reponses, AUJOURD_HUI)
    utiles = conversation.utiles(NOUVEAU, reponses, vu)
    assert "patientele.patientele_mt" not in utiles
    assert utiles["patientele.date_releve"] == "2025-12-31", "ce qu'aucune question ne pose est gardé"


#: Values that would change an answer if the law read the field, for each conditional question.
AUTRES_VALEURS = {
    "medecin.part_honoraires_cliniques": ("1 %", "100 %"),
    "medecin.zone": ("zip", "zac", "hors_zone"),
    "medecin.nombre_medecins_lieu": ("1", "5"),
    "medecin.coordination_assistant_partage": ("oui", "non"),
    "medecin.engagement_exercice_coordonne": ("oui", "non"),
    "medecin.departement_sous_dote": ("oui", "non"),
    "medecin.mode_exercice_particulier": ("oui", "non"),
    "patientele.patientele_mt": ("1", "3000"),
    "assistant.locaux_adaptes": ("oui", "non"),
}
SIGNATURES = ("2019-12-02", "2020-09-01", "2023-06-15", "2025-02-03", "2026-11-23")
#: Fields of a result that repeat the question instead of answering it.
ECHO = {"situation", "valeurs_par_defaut"}


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "specialite", ["medecine_generale", "cardiologie_vasculaire", "chirurgie_generale", "pediatrie", "psychiatrie"]
)
def test_ce_qui_n_est_pas_demande_ne_change_rien(specialite: str, signature: str) -> None:
    assert specialite in set(NomSpecialite)
    reponses = {
        "date_appreciation": AUJOURD_HUI.isoformat(),
        "medecin.specialite": specialite,
        "medecin.secteur": "secteur_1",
        "patientele.file_active": "2000",
        "contrat.date_signature": signature,
        "contrat.option": "un_etp",
    }
    if specialite == "medecine_generale":
        reponses["patientele.patientele_mt"] = "1300"
    vu = conversation.contexte(CONTRAT, reponses, AUJOURD_HUI)
    demandees = {question.champ for etape in (*NOUVEAU.etapes, *CONTRAT.etapes) for question in etape.questions(vu)}
    reference = _reponse(reponses)
    for champ, valeurs in AUTRES_VALEURS.items():
        if champ in demandees or champ in reponses:
            continue
        for valeur in valeurs:
            assert _reponse(reponses | {champ: valeur}) == reference, f"{champ} = {valeur} change la réponse"


def _reponse(reponses: dict[str, str]) -> dict[str, object]:
    """What the simulation answers: an option refused is refused, by one condition or by two."""
    reponse = simuler(conversation.situation_de(reponses)).model_dump(exclude=ECHO)
    for option in reponse["options"]:
        if option["ouverte"] == "non":
            del option["conditions"]
    return reponse


@pytest.mark.parametrize("champ", ["medecin.zone", "medecin.mode_exercice_particulier", "assistant.locaux_adaptes"])
def test_ce_qui_est_demande_peut_changer_la_reponse(champ: str) -> None:
    reponses = GENERALISTE | {
        "date_appreciation": AUJOURD_HUI.isoformat(),
        "patientele.patientele_mt": "1300",
        "patientele.file_active": "1700",
        "contrat.date_signature": AUJOURD_HUI.isoformat(),
    }
    assert champ in posees(NOUVEAU, medecin__specialite="medecine_generale")
    issues = [_reponse(reponses | {champ: valeur}) for valeur in AUTRES_VALEURS[champ]]
    assert any(issue != issues[0] for issue in issues)


def test_l_adresse_d_une_conversation_est_celle_de_sa_situation() -> None:
    reponses = GENERALISTE | {"contrat.date_signature": "1/12/2026", "patientele.patientele_mt": "1 300"}
    situation = conversation.situation_de(reponses)
    assert situation.date_signature == datetime.date(2026, 12, 1)
    assert "patientele.patientele_mt=1300" in adresse.ecrire(situation)


def demandes(parcours: Parcours) -> set[str]:
    """Every field that a way may ask about, the result page's own questions included; members' under « * »."""
    champs = {question.champ for etape in parcours.etapes for question in etape.toutes}
    return champs | {f"{MEMBRES}.{question.champ}" for question in MEMBRE}


def sans_question(fiches: Iterable[registre.FicheCondition], parcours: Parcours, dispositif: str) -> list[str]:
    """Inputs that conditions read and that no question of a way asks: « condition : champ »."""
    par_variable, poses = chemins(dispositif), demandes(parcours)
    return [
        f"{fiche.nom} : {choix[0]}"
        for fiche in fiches
        for choix in fiche.entrees(dispositif)
        if not {par_variable.get(variable) for variable in choix} & poses
    ]


VOIES = [(NOUVEAU, "individuel"), (CONTRAT, "individuel"), (GROUPE, "collectif")]


@pytest.mark.parametrize(("parcours", "dispositif"), VOIES, ids=lambda v: getattr(v, "nom", v))
def test_chaque_champ_d_une_condition_est_demande_sur_chaque_parcours(parcours: Parcours, dispositif: str) -> None:
    assert sans_question(registre.conditions(), parcours, dispositif) == []


@pytest.mark.parametrize(("parcours", "dispositif"), VOIES, ids=lambda v: getattr(v, "nom", v))
def test_une_condition_nouvelle_sans_question_est_vue(parcours: Parcours, dispositif: str) -> None:
    """The check can fail: a condition that reads a field nobody asks, or one that the situation does not have."""
    locaux = registre.conditions()["condition_locaux"]
    for variable in ("couleur_des_volets", "date_debut_suspension" if dispositif == "collectif" else "titre"):
        nouvelle = replace(locaux, nom="condition_nouvelle", champs={dispositif: ((variable,),)})
        assert sans_question([nouvelle], parcours, dispositif) == [f"condition_nouvelle : {variable}"]


#: What one may answer to a question, by the kind of its field: few values, chosen for the rules to go every way.
REPONSES = {
    "oui_non": ("oui", "non"),
    "entier": ("1", "3", "900", "1600"),
    "decimal": ("1", "2"),
    "part": ("20 %", "90 %"),
    "date": ("2020-09-01", "2021-02-01", "2023-06-15", "2026-02-02", "2026-11-02"),
    "texte": ("x",),
}
NOMME = re.compile(r"\(([a-z_]+(?:\.[a-z_0-9]+)+)\)")


def reponses_a(question: Question) -> tuple[str, ...]:
    """Answers that a question takes."""
    champ = champ_de(question.champ)
    assert champ is not None
    if champ.liste is not None:
        return tuple(str(membre.value) for membre in champ.liste)
    return REPONSES["part"] if champ.part is not None else REPONSES[champ.genre]


@st.composite
def chemins_suivis(draw: st.DrawFn) -> tuple[Parcours, dict[str, str]]:
    """A way followed as people do: some of the boxes shown are filled in, which shows others; some stay empty."""
    parcours = draw(st.sampled_from(list(PARCOURS.values())))
    dites: dict[str, str] = {}
    for _ in range(2):
        vu = conversation.contexte(parcours, dites, AUJOURD_HUI)
        for etape in parcours.etapes:
            for question in conversation.questions_de(etape, vu):
                # What costs the employer is read by no condition.
                if question.champ.startswith(("cout.", "employeur.")) or question.champ in dites:
                    continue
                if draw(st.integers(0, 3)):
                    dites[question.champ] = draw(st.sampled_from(reponses_a(question)))
    return parcours, dites


def sans_case(parcours: Parcours, dites: dict[str, str]) -> list[str]:
    """What a result tells to give, and that no box of that way shows: « condition : champ »."""
    vu = conversation.contexte(parcours, dites, AUJOURD_HUI)
    if vu.complet is None or vu.complet.verdict.eligible == "non":
        # What another condition refuses needs nothing more: no answer would open the aid.
        return []
    montrees = {q.champ for etape in parcours.etapes for q in conversation.questions_de(etape, vu)}
    # A sentence names a field of the members once for all of them.
    montrees |= {re.sub(r"\.\d+(?=\.)", "", champ) for champ in montrees}
    # The same of an option that another condition refuses.
    choisie = tuple(c for o in vu.complet.options if o.choisie and o.ouverte != "non" for c in o.conditions)
    return [
        f"{condition.nom} : {champ}"
        for condition in (*vu.complet.verdict.conditions, *choisie)
        if condition.verdict == "indeterminee"
        for champ in NOMME.findall(condition.raison)
        if champ not in montrees and champ not in demandees_au_resultat(vu.complet)
    ]


def demandees_au_resultat(complet: Resultat) -> set[str]:
    """What the result page itself asks, beside what it could not determine."""
    ouverte = lecture.ouvrir(RequestFactory().get(f"/simulation/resultat?{adresse.ecrire(complet.situation)}"))
    manquants = resultat._manquants(ouverte)
    return set() if manquants is None else set(manquants.fields)


@settings(max_examples=50, derandomize=True)
@given(chemins_suivis())
def test_ce_qu_un_resultat_dit_de_renseigner_a_sa_case_sur_le_chemin_suivi(
    suivi: tuple[Parcours, dict[str, str]],
) -> None:
    parcours, dites = suivi
    assert sans_case(parcours, dites) == []


@pytest.mark.parametrize("parcours", PARCOURS.values(), ids=lambda parcours: parcours.nom)
def test_la_date_du_remplacement_de_la_secretaire_a_sa_case_des_qu_elle_est_promue(parcours: Parcours) -> None:
    """The result named it before its box was shown, which waited for the way of the replacement."""
    promue = {"medecin__specialite": "medecine_generale"} if parcours is not GROUPE else {}
    promue |= {"assistant__secretaire_promue": "oui", f"{parcours.signataire}__date_signature": "2026-10-01"}
    assert "assistant.date_remplacement_secretaire" in posees(parcours, **promue)
    assert sans_case(parcours, {nom.replace("__", "."): dit for nom, dit in promue.items()}) == []
    # Who will not be replaced has no date.
    aucun = posees(parcours, **promue, assistant__remplacement_secretaire="aucun")
    assert "assistant.date_remplacement_secretaire" not in aucun


def test_un_champ_nomme_est_un_champ_de_la_situation() -> None:
    for fiche in registre.conditions():
        for dispositif in ("individuel", "collectif"):
            for choix in fiche.entrees(dispositif):
                assert set(choix) <= set(chemins(dispositif)), (fiche.nom, dispositif, choix)


def test_les_questions_que_la_loi_appelle_sont_lues_par_une_condition() -> None:
    for champ in conversation.CONDITIONNELLES:
        variable, dispositif = variable_de(champ)
        assert registre.conditions().conditions_qui_lisent(variable, dispositif), champ
    assert "medecin.zone" in conversation.CONDITIONNELLES


def test_un_contrat_collectif_quitte_se_dit() -> None:
    """The waiting period was asked of no doctor."""
    base = {"medecin__specialite": "medecine_generale", "contrat__date_signature": "2026-12-01"}
    assert "contrat.date_fin_contrat_collectif" in posees(NOUVEAU, **base)
    assert "contrat.circonstances_exceptionnelles" not in posees(NOUVEAU, **base)
    assert "contrat.circonstances_exceptionnelles" in posees(
        NOUVEAU, **base, contrat__date_fin_contrat_collectif="2026-11-01"
    )


@pytest.mark.parametrize(("option", "attendu"), [("un_etp", False), ("un_etp_et_demi", True), ("deux_etp", True)])
def test_un_second_assistant_dit_le_contrat_en_cours(option: str, attendu: bool) -> None:
    demandees = posees(
        NOUVEAU,
        medecin__specialite="medecine_generale",
        medecin__zone="zip",
        contrat__date_signature="2026-12-01",
        contrat__option=option,
    )
    assert ("contrat.option_contrat_en_cours" in demandees) is attendu
