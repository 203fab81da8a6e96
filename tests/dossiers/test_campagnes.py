"""Campaigns: what is due, proposed, validated, issued, returned; replays."""

import datetime
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from binome.documents.sepa.retour import Retour
from binome.dossiers.contrats import cycle, evaluations
from binome.dossiers.contrats.actes import assistant, avenants
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import CalculConserve, Campagne, Ecriture, Evenement, FichierBancaire
from binome.dossiers.nomenclatures import Compte, Nature, Role, StatutLigne
from binome.dossiers.paiements import banque, campagnes, creances, grand_livre, rejeux
from tests.documents.messages_bancaires import rapport, retour_054
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer, proposer, rejeter

pytestmark = pytest.mark.django_db


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def valideur(caisse):
    return fabrique.agent(caisse, Role.VALIDEUR)


def test_t40_un_ordre_rejete_en_entier_redevient_du_sur_le_meme_compte(caisse, gestionnaire, valideur):
    """Public case T40: the bank refuses the batch; every transfer is due again, and nobody asks for a new account."""
    un, deux = (fabrique.contrat_en_cours(gestionnaire, SIGNATURE) for _ in range(2))
    _, fichier = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    numero = fichier.nom.removesuffix(".xml")
    lot = "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>Code invalide</AddtlInf></StsRsnInf>"
    bilan = banque.recevoir(caisse.pk, "r.xml", rapport("<GrpSts>ACCP</GrpSts>", lot, ordre=numero), valideur)
    assert (bilan.retournes, bilan.centimes, bilan.ordres_rejetes) == (2, 3_800_000, (numero,))
    assert bilan.inconnues == ()
    for contrat in (un, deux):
        assert grand_livre.solde(contrat).aide == 1_900_000
        ligne = contrat.lignes_versement.get()
        assert (ligne.statut, ligne.motif) == (StatutLigne.NON_EXECUTEE, "NARR : Code invalide")
    encore = rapport(lot=lot, ordre=numero).replace(b"Code", b"Le code")
    assert banque.recevoir(caisse.pk, "s.xml", encore, valideur).retournes == 0
    suivante = proposer(caisse, datetime.date(2024, 8, 20), gestionnaire)
    assert {(li.statut, li.montant) for li in suivante.lignes.all()} == {(StatutLigne.PROPOSEE, 1_900_000)}


def test_un_ordre_rejete_d_une_autre_caisse_ne_change_rien(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    _, fichier = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    ailleurs = fabrique.caisse("Autre")
    numero = fichier.nom.removesuffix(".xml")
    recu = rapport("<GrpSts>RJCT</GrpSts>", ordre=numero)
    bilan = banque.recevoir(ailleurs.pk, "r.xml", recu, fabrique.agent(ailleurs, Role.VALIDEUR))
    assert (bilan.retournes, bilan.inconnues) == (0, (numero,))
    assert grand_livre.solde(contrat).aide == 0


def test_un_virement_accepte_dans_un_lot_rejete_reste_paye(caisse, gestionnaire, valideur):
    contrats = [fabrique.contrat_en_cours(gestionnaire, SIGNATURE) for _ in range(2)]
    _, fichier = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    accepte = contrats[0].lignes_versement.get().reference
    recu = rapport(
        lot="<PmtInfSts>RJCT</PmtInfSts>",
        transactions=f"<TxInfAndSts><OrgnlEndToEndId>{accepte}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>",
        ordre=fichier.nom.removesuffix(".xml"),
    )
    assert banque.recevoir(caisse.pk, "r.xml", recu, valideur).retournes == 1
    assert [grand_livre.solde(contrat).aide for contrat in contrats] == [0, 1_900_000]


def test_un_accuse_de_reception_se_garde_et_ne_change_rien(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    _, fichier = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    recu = rapport("<GrpSts>ACCP</GrpSts>", ordre=fichier.nom.removesuffix(".xml"))
    bilan = banque.recevoir(caisse.pk, "r.xml", recu, valideur)
    assert (bilan.retournes, bilan.acceptes) == (0, 1)
    assert bytes(FichierBancaire.objects.get(sens="recu").octets) == recu
    assert grand_livre.solde(contrat).aide == 0


def test_t44_un_montant_rendu_different_se_dit_et_ne_s_inscrit_pas(caisse, gestionnaire, valideur):
    """Public case T44: 9 495 € come back of a transfer of 19 000 €: told, not booked."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    ligne, _ = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    bilan = banque.recevoir(caisse.pk, "r.xml", retour_054(ligne.reference), valideur)
    assert [(e.reference, e.vire, e.rendu) for e in bilan.ecarts] == [(ligne.reference, 1_900_000, 949_500)]
    assert (bilan.retournes, grand_livre.solde(contrat).aide) == (0, 0)
    assert contrat.lignes_versement.get().statut == StatutLigne.EMISE
    juste = banque.recevoir(caisse.pk, "s.xml", retour_054(ligne.reference, rendu="19000.00"), valideur)
    assert (juste.retournes, juste.ecarts) == (1, ())


def test_t46_un_retour_sans_reference_est_dit_inconnu(caisse, valideur):
    bilan = banque.recevoir(caisse.pk, "r.xml", retour_054("NOTPROVIDED"), valideur)
    assert (bilan.retournes, bilan.inconnues) == (0, ("NOTPROVIDED",))


def test_trois_annees_de_versements(caisse, gestionnaire, valideur):
    """19 000, 14 000, puis 11 000 × 1/2 en deux acomptes : le demi-temps de 2024, au prorata la troisième année."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    ligne, fichier = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    assert (ligne.montant, ligne.statut) == (1_900_000, StatutLigne.EMISE)
    assert b"19000.00" in bytes(fichier.octets)
    ligne, _ = payer(caisse, datetime.date(2025, 7, 15), gestionnaire, valideur)
    assert ligne.montant == 1_400_000
    # Year 3 waits for its evaluation.
    campagne = proposer(caisse, datetime.date(2026, 7, 15), gestionnaire)
    ligne = campagne.lignes.get()
    assert (ligne.statut, ligne.motif) == (StatutLigne.BLOQUEE, "année 3 à évaluer")
    campagnes.annuler(campagne.pk, gestionnaire, motif="évaluations d'abord")
    fabrique.releve(contrat.medecin, datetime.date(2026, 6, 30), 1365, 1855)
    quand = fabrique.instant(datetime.date(2026, 7, 20))
    evaluation = evaluations.decider(contrat.pk, 3, gestionnaire, quand=quand)
    assert Fraction(evaluation.numerateur, evaluation.denominateur) == Fraction(1, 2)
    ligne, _ = payer(caisse, datetime.date(2026, 8, 1), gestionnaire, valideur)
    assert ligne.montant == 275_000
    assert "prorata" in ligne.details[0]["explication"]
    for ecriture in Ecriture.objects.exclude(calcul=None):
        assert rejeux.rejouer(ecriture.calcul).identique
    assert grand_livre.solde(contrat).aide == 0
    assert contrat.evenements.filter(genre="versement").count() == 3


def test_rien_n_est_paye_deux_fois(caisse, gestionnaire, valideur):
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    campagne = proposer(caisse, datetime.date(2024, 8, 16), gestionnaire)
    assert not campagne.lignes.exists()


def test_qui_propose_ne_valide_pas(caisse, gestionnaire):
    responsable = fabrique.agent(caisse, Role.RESPONSABLE)
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    campagne = proposer(caisse, datetime.date(2024, 8, 15), responsable)
    with pytest.raises(Refus, match="autre agent"):
        campagnes.valider(campagne.pk, responsable)
    with pytest.raises(Refus, match="réservé"):
        campagnes.valider(campagne.pk, gestionnaire)
    # And the database itself refuses.
    with pytest.raises(DatabaseError), transaction.atomic():
        Campagne.objects.filter(pk=campagne.pk).update(validee_par=responsable.utilisateur)
    assert not Ecriture.objects.exists()


def test_un_virement_rejete_attend_un_nouveau_rib(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    ligne, _ = payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    octets = rejeter("S1", ligne.reference)
    bilan = banque.recevoir(caisse.pk, "retour.xml", octets, valideur)
    assert (bilan.retournes, bilan.centimes) == (1, 1_900_000)
    assert bytes(FichierBancaire.objects.get(sens="recu").octets) == octets
    with pytest.raises(Refus, match="déjà reçu"):
        banque.recevoir(caisse.pk, "retour.xml", octets, valideur)
    # The same transfer told again in another file changes nothing.
    assert banque.recevoir(caisse.pk, "autre.xml", rejeter("S2", ligne.reference), valideur).retournes == 0
    assert grand_livre.solde(contrat).aide == 1_900_000
    campagne = proposer(caisse, datetime.date(2024, 9, 15), gestionnaire)
    assert "nouveau RIB" in campagne.lignes.get().motif
    campagnes.annuler(campagne.pk, gestionnaire, motif="RIB attendu")
    fabrique.compte(contrat.medecin)
    ligne, _ = payer(caisse, datetime.date(2024, 9, 20), gestionnaire, valideur)
    assert (ligne.montant, ligne.reste_anterieur, ligne.ecart) == (1_900_000, 1_900_000, 0)
    assert grand_livre.solde(contrat).aide == 0


def test_une_resiliation_en_cours_d_annee_fait_une_creance_remboursee(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    cycle.appliquer(
        contrat.pk,
        "resilier",
        gestionnaire,
        date_effet=datetime.date(2024, 12, 31),
        motif="départ du médecin",
        donnees={"par": "caisse"},
        quand=fabrique.instant(datetime.date(2024, 10, 1)),
    )
    ligne, fichier = payer(caisse, datetime.date(2025, 1, 15), gestionnaire, valideur)
    # 184 days due of 365: 19 000 € × 184/365 = 9 578,08 €.
    assert (ligne.montant, ligne.indu, ligne.statut) == (0, 1_900_000 - 957_808, StatutLigne.SANS_VIREMENT)
    assert fichier is None
    assert grand_livre.solde(contrat).du_par_le_medecin == 942_192
    with pytest.raises(Refus, match="entre 0,01 € et la créance"):
        grand_livre.rembourser(contrat.pk, 942_193, valideur, date=datetime.date(2025, 2, 1), motif="chèque")
    recu = grand_livre.rembourser(contrat.pk, 942_192, valideur, date=datetime.date(2025, 2, 1), motif="chèque")
    assert grand_livre.solde(contrat).du_par_le_medecin == 0
    grand_livre.contre_passer(recu.pk, valideur, motif="chèque sans provision")
    assert grand_livre.solde(contrat).du_par_le_medecin == 942_192
    with pytest.raises(Refus, match="déjà annulée"):
        grand_livre.contre_passer(recu.pk, valideur, motif="encore")


def test_une_evaluation_corrigee_se_retient_sur_le_versement_suivant(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    payer(caisse, datetime.date(2025, 7, 15), gestionnaire, valideur)
    fabrique.releve(contrat.medecin, datetime.date(2026, 6, 30), 1600, 1950)
    quand = fabrique.instant(datetime.date(2026, 7, 20))
    evaluations.decider(contrat.pk, 3, gestionnaire, quand=quand)
    ligne, _ = payer(caisse, datetime.date(2026, 8, 1), gestionnaire, valideur)
    assert ligne.montant == 550_000
    with pytest.raises(Refus, match="motif"):
        evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(1, 4), quand=quand)
    evaluations.contester(contrat.pk, 3, gestionnaire, motif="doublons dans le relevé", quand=quand)
    evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(1, 4), motif="doublons retirés", quand=quand)
    ligne, _ = payer(caisse, datetime.date(2026, 8, 20), gestionnaire, valideur)
    assert (ligne.montant, ligne.indu) == (0, 412_500)
    jour = datetime.date(2026, 9, 1)
    creances.notifier(contrat.pk, gestionnaire, date=jour, quand=fabrique.instant(jour))
    creances.choisir_la_retenue(contrat.pk, gestionnaire, mode="totale", quand=fabrique.instant(jour))
    # Second instalment of year 3: 11 000 × 1/4 / 2, kept back whole.
    ligne, _ = payer(caisse, datetime.date(2027, 1, 15), gestionnaire, valideur)
    assert (ligne.montant, ligne.compensation, ligne.ecart) == (0, 137_500, 137_500)
    assert grand_livre.solde(contrat).du_par_le_medecin == 275_000


def test_rien_n_est_verse_pendant_une_suspension(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    assistant.noter_absence(
        contrat.pk, gestionnaire, debut=datetime.date(2024, 8, 1), quand=fabrique.instant(datetime.date(2024, 8, 2))
    )
    with pytest.raises(Refus, match="responsable"):
        cycle.appliquer(
            contrat.pk,
            "suspendre",
            gestionnaire,
            date_effet=datetime.date(2024, 8, 10),
            motif="absence",
            quand=fabrique.instant(datetime.date(2024, 8, 10)),
        )
    cycle.appliquer(
        contrat.pk,
        "suspendre",
        gestionnaire,
        date_effet=datetime.date(2024, 11, 5),
        motif="absence",
        quand=fabrique.instant(datetime.date(2024, 11, 6)),
    )
    campagne = proposer(caisse, datetime.date(2024, 11, 15), gestionnaire)
    assert "suspendu" in campagne.lignes.get().motif
    campagnes.annuler(campagne.pk, gestionnaire, motif="suspension")
    cycle.appliquer(
        contrat.pk,
        "reprendre",
        gestionnaire,
        date_effet=datetime.date(2024, 12, 5),
        quand=fabrique.instant(datetime.date(2024, 12, 6)),
    )
    ligne, _ = payer(caisse, datetime.date(2024, 12, 15), gestionnaire, valideur)
    # 30 suspended days of 365: 19 000 € × 335/365.
    assert ligne.montant == 1_743_836


def test_une_ligne_perimee_est_ecartee_a_la_validation(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    campagne = proposer(caisse, datetime.date(2024, 8, 15), gestionnaire)
    cycle.appliquer(
        contrat.pk,
        "resilier",
        gestionnaire,
        date_effet=datetime.date(2024, 12, 31),
        motif="départ",
        donnees={"par": "caisse"},
        quand=fabrique.instant(datetime.date(2024, 8, 16)),
    )
    campagnes.valider(campagne.pk, valideur)
    assert campagne.lignes.get().statut == StatutLigne.ECARTEE
    assert not Ecriture.objects.exists()


@pytest.mark.parametrize("modele", [Ecriture, CalculConserve, FichierBancaire, Evenement])
def test_la_base_refuse_de_recrire_et_d_effacer(caisse, gestionnaire, valideur, modele):
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    assert modele.objects.exists()
    for acte in (lambda: modele.objects.update(id=0), lambda: modele.objects.all()._raw_delete(modele.objects.db)):
        with pytest.raises(DatabaseError, match="ajout seul"), transaction.atomic():
            acte()


def test_un_avenant_ne_change_que_les_annees_qui_le_suivent(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    with pytest.raises(Refus, match="premier jour d'une année"):
        avenants.amender(
            contrat.pk,
            gestionnaire,
            date_effet=datetime.date(2025, 3, 1),
            changements={"medecin.quotite_liberale": 0.5},
            motif="temps partiel",
        )
    avenants.amender(
        contrat.pk,
        gestionnaire,
        date_effet=datetime.date(2025, 7, 1),
        changements={"medecin.quotite_liberale": 0.5},
        motif="temps partiel",
        quand=fabrique.instant(datetime.date(2025, 5, 1)),
    )
    ligne, _ = payer(caisse, datetime.date(2025, 7, 15), gestionnaire, valideur)
    assert ligne.montant == 700_000
    assert (
        Ecriture.objects.filter(compte=Compte.AIDE, nature=Nature.DROIT).aggregate(s=Sum("montant"))["s"] == 2_600_000
    )


def test_les_roles_de_la_banque(caisse, gestionnaire):
    assert Retour("R", "rejete", "AC04", "compte clos").ordre == ""
    with pytest.raises(Refus, match="réservé"):
        banque.recevoir(caisse.pk, "x.xml", rejeter("S", "R"), gestionnaire)


def test_un_contrat_jamais_commence_ne_doit_rien(caisse, gestionnaire):
    contrat = fabrique.contrat_signe(gestionnaire, SIGNATURE)
    campagne = proposer(caisse, datetime.date(2024, 8, 15), gestionnaire)
    assert "pas mis en cours" in campagne.lignes.get().motif
    campagnes.annuler(campagne.pk, gestionnaire, motif="essai")
    cycle.appliquer(
        contrat.pk,
        "resilier",
        gestionnaire,
        date_effet=datetime.date(2024, 9, 30),
        motif="le médecin renonce",
        donnees={"par": "caisse"},
        quand=fabrique.instant(datetime.date(2024, 9, 20)),
    )
    assert not proposer(caisse, datetime.date(2024, 10, 15), gestionnaire).lignes.exists()


def test_un_contrat_de_l_avenant_8_est_evalue_sur_les_adultes(caisse, gestionnaire):
    """Base 1 100 adults (of 1 300), target 1 560: 1 330 adults are half of the way, whatever the children."""
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2021, 9, 1))
    fabrique.releve(contrat.medecin, datetime.date(2023, 6, 30), 1530, 1800)
    contrat.medecin.releves.update(patientele_mt_adultes=1330, patientele_mt_enfants=200)
    quand = fabrique.instant(datetime.date(2023, 10, 1))
    evaluation = evaluations.decider(contrat.pk, 3, gestionnaire, quand=quand)
    assert evaluation.patientele_mt == 1330
    assert Fraction(evaluation.numerateur, evaluation.denominateur) == Fraction(1, 2)


def test_sans_releve_l_agent_decide_par_un_motif(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2021, 9, 1))
    quand = fabrique.instant(datetime.date(2023, 10, 1))
    with pytest.raises(Refus, match=r"Relevé du 30/06/2023 manquant.*une part est attendue"):
        evaluations.decider(contrat.pk, 3, gestionnaire, quand=quand)
    with pytest.raises(Refus, match="motif"):
        evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(1), quand=quand)
    with pytest.raises(Refus, match="entre 0 et 1"):
        evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(3, 2), motif="x", quand=quand)
    evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(1), motif="relevé perdu", quand=quand)
    with pytest.raises(Refus, match="année évaluée"):
        evaluations.decider(contrat.pk, 1, gestionnaire, taux=Fraction(1), motif="x", quand=quand)


def test_la_bascule_rouvre_aux_regles_nouvelles(caisse, gestionnaire):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2021, 9, 1))
    with pytest.raises(Refus, match="ne s'ouvre"):
        avenants.basculer(
            contrat.pk, gestionnaire, date=datetime.date(2022, 3, 1),
            quand=fabrique.instant(datetime.date(2022, 3, 1)),
        )  # fmt: skip
    quand, nouvel = fabrique.instant(datetime.date(2023, 9, 1)), {"objectifs_notifies.patientele_mt": {"cible": 1700}}
    with pytest.raises(Refus, match="comptait les adultes seuls"):
        avenants.basculer(contrat.pk, gestionnaire, date=datetime.date(2023, 9, 1), quand=quand)
    avenants.basculer(contrat.pk, gestionnaire, date=datetime.date(2023, 9, 1), objectifs=nouvel, quand=quand)
    contrat.refresh_from_db()
    (objectif,) = (o for o in contrat.etat["verdict"]["objectifs"] if o["indicateur"] == "patientele_mt")
    assert (objectif["base"], objectif["cible"]) == (1300, 1700)
    assert contrat.etat["verdict"]["adultes_seuls"] is False
    assert contrat.etat["verdict"]["eligible"] == "oui"
    with pytest.raises(Refus, match="déjà fait"):
        avenants.basculer(contrat.pk, gestionnaire, date=datetime.date(2024, 1, 1))


def test_un_compte_remplace_apres_la_proposition_ne_recoit_rien(caisse, gestionnaire, valideur):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    campagne = proposer(caisse, datetime.date(2024, 8, 15), gestionnaire)
    ancien = contrat.medecin.comptes_bancaires.get(actif=True)
    nouveau = fabrique.compte(contrat.medecin)
    campagnes.valider(campagne.pk, valideur)
    assert banque.emettre_campagne(campagne.pk, valideur) is None
    assert "remplacé" in campagne.lignes.get().motif
    assert grand_livre.solde(contrat).aide == 1_900_000
    ligne, fichier = payer(caisse, datetime.date(2024, 9, 15), gestionnaire, valideur)
    assert ligne.montant == 1_900_000
    assert nouveau.iban.encode() in bytes(fichier.octets)
    assert ancien.iban.encode() not in bytes(fichier.octets)
