"""Several agents at once, on real threads and real connections: one payment, always."""

import datetime

import pytest

from binome.dossiers.contrats import cycle
from binome.dossiers.echanges import pieces
from binome.dossiers.echanges.depot import verifier
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Campagne, Ecriture, FichierBancaire, Piece
from binome.dossiers.nomenclatures import Nature, NaturePiece, Role
from binome.dossiers.paiements import banque, campagnes
from tests.documents.pieces import pdf
from tests.dossiers import fabrique
from tests.dossiers.fils import FILS, ensemble

pytestmark = pytest.mark.django_db(transaction=True)
SIGNATURE = datetime.date(2024, 7, 1)
DATE = datetime.date(2024, 8, 15)


@pytest.fixture
def scene(sans_garde_fous_a_la_fin):
    caisse = fabrique.caisse()
    gestionnaire = fabrique.agent(caisse)
    contrats = [fabrique.contrat_en_cours(gestionnaire, SIGNATURE) for _ in range(3)]
    valideurs = [fabrique.agent(caisse, Role.VALIDEUR) for _ in range(2)]
    return caisse, gestionnaire, valideurs, contrats


def test_deux_agents_valident_la_meme_campagne(scene):
    caisse, gestionnaire, valideurs, contrats = scene
    campagne = campagnes.ouvrir(caisse.pk, DATE, gestionnaire, quand=fabrique.instant(DATE))
    campagnes.preparer(campagne.pk)
    resultats = ensemble(lambda rang: campagnes.valider(campagne.pk, valideurs[rang % 2]))
    assert sum(isinstance(r, Campagne) for r in resultats) == 1
    assert Ecriture.objects.filter(nature=Nature.DROIT).count() == len(contrats)


def test_vingt_fils_paient_la_meme_echeance(scene):
    caisse, gestionnaire, valideurs, contrats = scene
    campagne = campagnes.ouvrir(caisse.pk, DATE, gestionnaire, quand=fabrique.instant(DATE))
    ensemble(lambda rang: campagnes.preparer(campagne.pk))
    assert campagne.lignes.count() == len(contrats)
    campagnes.valider(campagne.pk, valideurs[0])
    resultats = ensemble(lambda rang: banque.emettre_campagne(campagne.pk, valideurs[rang % 2]))
    assert sum(isinstance(r, FichierBancaire) for r in resultats) == 1
    assert Ecriture.objects.filter(nature=Nature.VERSEMENT).count() == len(contrats)


def test_un_quota_ne_se_depasse_pas_a_plusieurs(scene, settings, tmp_path):
    """One place left, twenty who want it: one takes it, and the store holds no content of the others."""
    settings.PIECES = tmp_path / "pieces"
    _, gestionnaire, _, contrats = scene
    tenu = sum(Piece.objects.filter(contrat=contrats[0]).values_list("taille", flat=True))
    envois = [pdf(Lang=f"{rang:02}") for rang in range(FILS)]
    for octets in envois:
        verifier("a.pdf", octets, 10_000)
    settings.QUOTA_DOSSIER = tenu + len(envois[0])

    def envoyer(rang):
        return pieces.deposer("a.pdf", envois[rang], NaturePiece.AUTRE, gestionnaire, contrat=contrats[0])

    resultats = ensemble(envoyer)
    assert sum(isinstance(r, Piece) for r in resultats) == 1
    assert all("quota du dossier" in str(r) for r in resultats if not isinstance(r, Piece))
    assert len(list(settings.PIECES.glob("*/*"))) == 1


def test_une_seule_campagne_s_ouvre(scene):
    caisse, gestionnaire, _, _ = scene
    resultats = ensemble(lambda rang: campagnes.ouvrir(caisse.pk, DATE, gestionnaire, quand=fabrique.instant(DATE)))
    assert sum(isinstance(r, Campagne) for r in resultats) == 1


def test_un_medecin_signe_deux_contrats_au_meme_moment(scene):
    caisse, gestionnaire, _, _ = scene
    medecin = fabrique.medecin(caisse)
    contrats = [fabrique.contrat_ouvert(gestionnaire, SIGNATURE, medecin) for _ in range(4)]
    for contrat in contrats:
        cycle.appliquer(contrat.pk, "preparer", gestionnaire, quand=fabrique.instant(SIGNATURE, 9))
    resultats = ensemble(
        lambda rang: cycle.appliquer(
            contrats[rang].pk, "signer", gestionnaire, date_effet=SIGNATURE, quand=fabrique.instant(SIGNATURE, 10)
        ),
        nombre=4,
    )
    assert sum(isinstance(r, Refus) for r in resultats) == 3
    assert medecin.engagements.count() == 1
