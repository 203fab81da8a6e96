"""Open points in the fund: nothing is paid on one reading alone; the agent settles, and the decision is kept."""

import datetime
from fractions import Fraction

import pytest

from binome.dossiers.contrats import evaluations, journal
from binome.dossiers.contrats.actes import lectures
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Ecriture
from binome.dossiers.nomenclatures import Role, StatutLigne
from binome.dossiers.paiements import banque, campagnes, rejeux
from binome.simulation.modele.nomenclatures import NomLecture
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2020, 10, 1)
AN_3 = datetime.date(2022, 10, 1)
#: Avenant 8, half time, 1 100 adults and a file active of 1 800; objectives 1 560 and 1 910 (see `fabrique.situation`).
PLEIN, PRORATA = 1_050_000, 525_000


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def valideur(caisse):
    return fabrique.agent(caisse, Role.VALIDEUR)


@pytest.fixture
def contrat(gestionnaire):
    """MT objective reached, file active half of the way: half under the reading a, all under the reading b."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    releve = fabrique.releve(contrat.medecin, datetime.date(2022, 6, 30), 1900, 1855)
    releve.patientele_mt_adultes = 1600
    releve.save()
    return contrat


def proposer(caisse, date, gestionnaire):
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=fabrique.instant(date))
    return campagnes.preparer(campagne.pk, quand=fabrique.instant(date))


def le(jour):
    return fabrique.instant(datetime.date.fromisoformat(jour))


def test_l_evaluation_ne_propose_rien_sur_une_seule_lecture(contrat, gestionnaire):
    proposition = evaluations.proposer(contrat, journal.etat_de(contrat), 3, AN_3)
    assert proposition.taux is None
    assert proposition.lectures.point == "d12"
    assert "5 250 € (a) ou 10 500 € (b)" in proposition.explication.replace("\u202f", " ").replace("\u00a0", " ")
    with pytest.raises(Refus, match="les règles ne proposent rien"):
        evaluations.decider(contrat.pk, 3, gestionnaire, quand=le("2022-10-05"))


@pytest.mark.parametrize(("lecture", "part", "montant"), [("a", Fraction(1, 2), PRORATA), ("b", Fraction(1), PLEIN)])
def test_le_point_tranche_l_evaluation_et_le_versement_suivent(
    caisse, contrat, gestionnaire, valideur, lecture, part, montant
):
    evenement = lectures.trancher(
        contrat.pk,
        gestionnaire,
        point="d12",
        lecture=NomLecture(lecture),
        motif="instruction reçue",
        quand=le("2022-10-03"),
    )
    assert (evenement.genre, evenement.donnees) == ("lecture", {"point": "d12", "lecture": lecture})
    contrat.refresh_from_db()
    evaluation = evaluations.decider(contrat.pk, 3, gestionnaire, quand=le("2022-10-05"))
    assert Fraction(evaluation.numerateur, evaluation.denominateur) == part
    campagne = proposer(caisse, datetime.date(2022, 10, 10), gestionnaire)
    campagnes.valider(campagne.pk, valideur, quand=le("2022-10-10"))
    banque.emettre_campagne(campagne.pk, valideur, quand=le("2022-10-10"))
    lignes = Ecriture.objects.filter(annee=3)
    assert sum(e.montant for e in lignes) == montant
    # Rebuilt from its events, and each payment replayed: the same contract, the same cents.
    contrat.refresh_from_db()
    assert journal.reconstruire(contrat) == journal.etat_de(contrat)
    assert journal.etat_de(contrat).situation["contrat"]["lectures"] == {"d12": lecture}
    assert all(rejeux.rejouer(e.calcul).identique for e in lignes)
    assert journal.au(contrat, datetime.date(2022, 10, 2)).situation["contrat"].get("lectures") is None


def test_la_campagne_ecarte_la_ligne_avec_sa_cause(caisse, contrat, gestionnaire):
    """A renewed contract: paid as a third year, or from the first; nothing is proposed before the fund settles."""
    suite = fabrique.contrat_en_cours(gestionnaire, datetime.date(2025, 10, 2), renouvellement=True)
    del contrat
    campagne = proposer(caisse, datetime.date(2025, 10, 20), gestionnaire)
    ligne = campagne.lignes.get(contrat=suite)
    assert (ligne.statut, ligne.montant, ligne.details) == (StatutLigne.BLOQUEE, 0, [])
    assert ligne.motif.startswith("année 1 : deux lectures (E3), 11\u202f000")
    assert ligne.motif.endswith("à trancher avant tout versement")


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"point": "d19"}, "point « d19 » : un point ouvert de ce contrat est attendu"),
        ({"motif": " "}, "motif : attendu"),
    ],
)
def test_refus_de_trancher(contrat, gestionnaire, champs, message):
    demande = {"point": "d12", "lecture": NomLecture.a, "motif": "texte lu"} | champs
    with pytest.raises(Refus, match=message):
        lectures.trancher(contrat.pk, gestionnaire, **demande)


def test_trancher_deux_fois_corrige(contrat, gestionnaire):
    for lecture in (NomLecture.a, NomLecture.b):
        lectures.trancher(contrat.pk, gestionnaire, point="d12", lecture=lecture, motif="texte lu")
    contrat.refresh_from_db()
    (point,) = [p for p in lectures.points_a_trancher(journal.etat_de(contrat)) if p.point == "d12"]
    assert point.tranchee == "b"
    with pytest.raises(Refus, match="déjà tranché ainsi"):
        lectures.trancher(contrat.pk, gestionnaire, point="d12", lecture=NomLecture.b, motif="texte lu")


def test_un_contrat_de_2024_n_a_pas_de_point_sur_la_modulation(gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2024, 7, 1))
    # The band is its only one: D12 is about avenants 7 and 8.
    assert [p.point for p in lectures.points_a_trancher(journal.etat_de(contrat))] == ["d7"]
