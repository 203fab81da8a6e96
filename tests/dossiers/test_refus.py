"""Refusals that no life of a contract meets by itself: each is asked for, and nothing is written."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle, evaluations, ouverture
from binome.dossiers.echanges import courriels_en_echec, pieces
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Caisse, Contrat, Evenement
from binome.dossiers.nomenclatures import IssueVisite, NaturePiece, Role
from binome.dossiers.patientele import prospection
from tests.documents.pieces import image
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db

SIGNATURE = datetime.date(2024, 7, 1)
DEMAIN = SIGNATURE + datetime.timedelta(days=1)
LE_JOUR = fabrique.instant(SIGNATURE)


@pytest.fixture(name="caisse")
def _caisse() -> Caisse:
    return fabrique.caisse()


@pytest.fixture(name="agent")
def _agent(caisse: Caisse) -> Acteur:
    return fabrique.agent(caisse)


def refuse(dit: str, acte: Callable[..., Any], *args: Any, **champs: Any) -> None:
    """Asked, the act is refused in these words, and no file holds anything more."""
    avant = Evenement.objects.count()
    with pytest.raises(Refus, match=dit):
        acte(*args, **champs)
    assert Evenement.objects.count() == avant


@pytest.fixture(name="signe")
def _signe(agent: Acteur) -> Contrat:
    return fabrique.contrat_signe(agent, SIGNATURE)


# -- files ---------------------------------------------------------------------------------------------------------


def test_un_dossier_s_ouvre_par_un_agent_pour_un_medecin_de_sa_caisse(caisse: Caisse, agent: Acteur) -> None:
    situation, medecin = fabrique.situation(SIGNATURE), fabrique.medecin(caisse)
    etranger = fabrique.medecin(fabrique.caisse())
    for acteur in (Acteur(None, Role.MEDECIN, caisse.pk), Acteur(None, Role.GESTIONNAIRE, None)):
        refuse("réservé aux agents de la caisse", ouverture.ouvrir, situation, acteur, medecin=medecin)
    refuse("n'est pas de cette caisse", ouverture.ouvrir, situation, agent, medecin=etranger)
    assert not Contrat.objects.exists()


def test_un_brouillon_se_modifie_par_un_agent_et_plus_ensuite(agent: Acteur, signe: Contrat) -> None:
    situation, brouillon = fabrique.situation(SIGNATURE), fabrique.contrat_ouvert(agent, SIGNATURE)
    modifier = ouverture.modifier_brouillon
    refuse("réservé aux agents de la caisse", modifier, brouillon, situation, fabrique.agent(fabrique.caisse()))
    refuse("n'est plus un brouillon : un avenant est nécessaire", modifier, signe, situation, agent)


def test_ce_qui_n_a_pas_de_date_se_fait_le_jour_meme(agent: Acteur, signe: Contrat) -> None:
    refuse("date du jour attendue", cycle.appliquer, signe.pk, "demarrer", agent, date_effet=DEMAIN, quand=LE_JOUR)


def test_une_signature_ne_notifie_que_ce_que_la_caisse_notifie(agent: Acteur) -> None:
    contrat = fabrique.contrat_ouvert(agent, SIGNATURE)
    cycle.appliquer(contrat.pk, "preparer", agent, quand=LE_JOUR)
    notifie = {"notifies": {"medecin.specialite": "pediatrie"}}
    signer = (contrat.pk, "signer", agent)
    refuse("ne se notifie pas", cycle.appliquer, *signer, date_effet=SIGNATURE, donnees=notifie, quand=LE_JOUR)


# -- evaluations ---------------------------------------------------------------------------------------------------


def test_une_evaluation_est_decidee_par_la_caisse_et_contestee_ensuite(caisse: Caisse, agent: Acteur) -> None:
    contrat = fabrique.contrat_en_cours(agent, datetime.date(2021, 9, 1))
    le = fabrique.instant(datetime.date(2023, 9, 15))
    valideur, ailleurs = fabrique.agent(caisse, Role.VALIDEUR), fabrique.agent(fabrique.caisse())
    for acteur in (valideur, ailleurs):
        refuse("réservé à un gestionnaire ou au responsable", evaluations.decider, contrat.pk, 3, acteur, quand=le)
    contester = evaluations.contester
    refuse("une évaluation décidée est attendue", contester, contrat.pk, 3, agent, motif="erreur", quand=le)
    evaluations.decider(contrat.pk, 3, agent, taux=Fraction(1), motif="relevé en attente", quand=le)
    refuse("réservé aux agents de la caisse", contester, contrat.pk, 3, ailleurs, motif="erreur", quand=le)
    refuse("motif : attendu", contester, contrat.pk, 3, agent, motif=" ", quand=le)
    assert contester(contrat.pk, 3, agent, motif="erreur", quand=le).motif == "erreur"


# -- visits, documents, mails --------------------------------------------------------------------------------------


def test_une_visite_se_rend_une_fois_avec_son_resultat_et_pas_d_avance(caisse: Caisse) -> None:
    medecin, delegue = fabrique.medecin(caisse), fabrique.agent(caisse, Role.DELEGUE)
    refuse(
        "réservée aux agents",
        prospection.planifier,
        medecin.pk,
        fabrique.agent(caisse, Role.VALIDEUR),
        prevue_le=DEMAIN,
    )
    visite = prospection.planifier(medecin.pk, delegue, prevue_le=DEMAIN)
    for issue, faite_le, dit in (
        (IssueVisite.PREVUE, SIGNATURE, "celui de la visite faite est attendu"),
        (IssueVisite.INTERESSE, datetime.date(2999, 1, 1), "date passée attendue"),
    ):
        refuse(dit, prospection.rendre_compte, visite.pk, delegue, faite_le=faite_le, issue=issue)
    prospection.rendre_compte(visite.pk, delegue, faite_le=SIGNATURE, issue=IssueVisite.INTERESSE)
    refuse(
        "déjà enregistrée", prospection.rendre_compte, visite.pk, delegue, faite_le=SIGNATURE, issue=IssueVisite.REFUS
    )


def test_une_piece_a_un_proprietaire_et_un_contenu(agent: Acteur, signe: Contrat) -> None:
    refuse("est attendu", pieces.deposer, "a.png", image(), NaturePiece.DIPLOME, agent)
    piece = fabrique.piece(signe, NaturePiece.DIPLOME)
    pieces.chemin_de(piece.sha256).unlink()
    refuse("contenu introuvable dans le dépôt ; restaurez-le", pieces.contenu, piece)


@pytest.mark.parametrize(
    ("role", "dit"), [(Role.GESTIONNAIRE, "réservé au responsable"), (Role.RESPONSABLE, "n'est pas")]
)
def test_le_courriel_d_un_compte_se_classe_par_le_responsable(caisse: Caisse, role: Role, dit: str) -> None:
    refuse(dit, courriels_en_echec.classer_de_compte, 0, fabrique.agent(caisse, role))
