"""Every act of a file is declared once, and whole: its event, its effect, its words, its letter."""

from __future__ import annotations

import datetime
import inspect

import pytest

from binome.documents import courriers as lettres
from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.actes.avenants import AMENDABLES
from binome.dossiers.contrats.actes.declarations import DU_DOSSIER, Acte
from binome.dossiers.contrats.etat import EFFETS, NOTIFIABLES, REVIENNENT, SANS_EFFET
from binome.dossiers.nomenclatures import Genre
from binome.site.caisse.actes import ACTES, PAGES
from binome.site.caisse.modifications import champs_modifiables, changements
from binome.site.simulateur.champs import catalogue
from tests.dossiers import fabrique

#: Kinds of events that neither an act nor a transition writes, and what does.
AILLEURS = {
    Genre.EVALUATION: "evaluations.decider",
    Genre.CONTESTATION: "evaluations.contester",
    Genre.RELEVE: "releves.corriger",
    Genre.CORRECTION: "corrections",
    Genre.RESILIATION_ANNONCEE: "cycle, pour une résiliation à venir",
    Genre.PIECE: "pieces",
    Genre.PIECE_REFUSEE: "pieces",
    Genre.COURRIER: "courriers",
    Genre.COMPTE: "comptes",
    Genre.VERSEMENT: "campagnes",
    Genre.RETOUR: "banque",
    Genre.ANNULATION: "annulations",
    Genre.REMBOURSEMENT: "grand_livre",
}


def test_chaque_genre_a_un_effet_ou_dit_qu_il_n_en_a_pas() -> None:
    assert set(EFFETS) | SANS_EFFET | REVIENNENT | {Genre.OUVERTURE} == set(Genre)
    assert not set(EFFETS) & SANS_EFFET


def test_chaque_genre_est_ecrit_par_un_acte_ou_une_transition() -> None:
    """An event that nothing writes is dead; an act whose event is unknown would write another."""
    ecrits = {acte.genre for acte in ACTES.values()} | {t.genre for t in cycle.TRANSITIONS}
    assert ecrits | set(AILLEURS) == set(Genre)
    assert not ecrits & set(AILLEURS)


@pytest.mark.parametrize("acte", ACTES.values(), ids=lambda acte: acte.nom)
def test_un_acte_a_sa_regle_sa_page_et_ses_mots(acte: Acte) -> None:
    assert acte.libelle[0].isupper()
    assert not acte.aide or acte.aide.endswith(".")
    assert "Raises Refus" in (inspect.getdoc(acte.regle) or "")
    assert acte.statuts
    assert acte.roles
    assert not acte.courrier or lettres.modele(acte.courrier).titre
    assert acte.nom in PAGES


def test_aucune_page_sans_acte() -> None:
    assert set(PAGES) == set(ACTES)


def test_une_transition_propose_une_lettre_qui_existe() -> None:
    for transition in cycle.TRANSITIONS:
        assert not transition.courrier or lettres.modele(transition.courrier).titre


# -- what an agent may change


INDIVIDUEL = fabrique.situation(datetime.date(2024, 7, 1)).model_dump(mode="json", exclude_unset=True)
GROUPE = {
    "groupe": {
        "date_signature": "2026-11-02",
        "forme_juridique": "SISA",
        "etp_demandes": 2,
        "membres": [{"patientele_mt": 1200, "secteur": "secteur_1"}, {"patientele_mt": 900, "secteur": "secteur_1"}],
    }
}


def test_chaque_chemin_amendable_est_offert_par_le_formulaire() -> None:
    """The form offered three of ten paths."""
    offerts = {**champs_modifiables(AMENDABLES, INDIVIDUEL), **champs_modifiables(AMENDABLES, GROUPE)}
    for chemin in AMENDABLES:
        assert any(nom == chemin or nom.startswith(f"{chemin}.") for nom in offerts), chemin
    assert {"montants_notifies.annee_1", "contrat.bande_notifiee"} <= set(champs_modifiables(NOTIFIABLES, INDIVIDUEL))


def test_un_chemin_amendable_est_un_champ_de_la_situation() -> None:
    for chemin in AMENDABLES:
        assert any(nom == chemin or nom.startswith(f"{chemin}.") for nom in catalogue()), chemin


def test_un_groupe_n_a_ni_option_ni_bande() -> None:
    offerts = set(champs_modifiables(AMENDABLES, GROUPE))
    assert not {nom for nom in offerts if nom.startswith(("contrat.", "medecin."))}
    assert {"groupe.etp_demandes", "groupe.membres.2.patientele_mt"} <= offerts
    assert "groupe.membres.3.patientele_mt" not in offerts
    assert not {n for n in champs_modifiables(AMENDABLES, INDIVIDUEL) if n.startswith("groupe.")}


@pytest.mark.parametrize(
    ("situation", "ecrits", "attendus"),
    [
        (INDIVIDUEL, {}, {}),
        (INDIVIDUEL, {"medecin.quotite_liberale": "50"}, {"medecin.quotite_liberale": 0.5}),
        (INDIVIDUEL, {"montants_notifies.annee_1": "56 000,50"}, {"montants_notifies.annee_1": "56000.50"}),
        (INDIVIDUEL, {"contrat.bande_notifiee": "p70_p90"}, {"contrat.bande_notifiee": "p70_p90"}),
        (
            INDIVIDUEL,
            {"objectifs_notifies.file_active.gain": "120"},
            {"objectifs_notifies.file_active": {"gain": 120}},
        ),
        (
            GROUPE,
            {"groupe.membres.2.patientele_mt": "950"},
            {
                "groupe.membres": [
                    {"patientele_mt": 1200, "secteur": "secteur_1"},
                    {"patientele_mt": 950, "secteur": "secteur_1"},
                ]
            },
        ),
    ],
)
def test_ce_qui_est_ecrit_devient_un_changement(situation, ecrits, attendus) -> None:
    champs = champs_modifiables(AMENDABLES, situation)
    assert changements(AMENDABLES, champs, ecrits, situation) == attendus


def test_le_seuil_d_activite_se_notifie_comme_la_bande() -> None:
    offerts = champs_modifiables(NOTIFIABLES, INDIVIDUEL)
    demandes = changements(NOTIFIABLES, offerts, {"contrat.seuil_notifie": "1 200"}, INDIVIDUEL)
    assert demandes == {"contrat.seuil_notifie": 1200}
    assert "contrat.seuil_notifie" not in champs_modifiables(NOTIFIABLES, GROUPE)


#: Acts whose form asks more, or less, than the parameters of their rule: they have one of their own.
FORMULAIRES_PROPRES = {"modification", "embauche", "avenant", "lecture", "adhesion", "annulation", "bascule"}


@pytest.mark.parametrize("nom", sorted(ACTES))
def test_un_acte_demande_chaque_parametre_de_sa_regle(nom: str) -> None:
    """A parameter added to a rule is a box of its form, or fails here."""
    acte = ACTES[nom]
    assert bool(acte.donnees) != (nom in FORMULAIRES_PROPRES)
    if acte.donnees:
        assert set(acte.donnees) == set(inspect.signature(acte.regle).parameters) - set(DU_DOSSIER)
        assert [parametre.nom for parametre in acte.parametres()] == list(acte.donnees)


def test_ce_que_la_regle_exige_son_formulaire_l_exige() -> None:
    exigees = {nom: {p.nom for p in ACTES[nom].parametres() if p.obligatoire} for nom in ("absence", "retrait")}
    assert exigees == {"absence": {"debut"}, "retrait": {"adhesion_id", "date", "motif"}}
