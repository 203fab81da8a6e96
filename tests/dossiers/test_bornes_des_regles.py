"""Where each rule stops: the last thing that it refuses, and the first that it lets through.

Each of these was a fault of one line that no test saw (`bench/mutants.py` holds them, and counts those seen).
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from binome.documents.sepa.retour import REJETE
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.echanges import pieces
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import donnees_personnelles
from binome.dossiers.models import Assistant, Caisse, CompteBancaire, Contrat, Ecriture, Engagement
from binome.dossiers.nomenclatures import Compte, EtatPiece, Genre, Nature, NaturePiece, Role, Statut, StatutLigne
from binome.dossiers.paiements import banque, campagnes, grand_livre
from tests.documents.messages_bancaires import rapport
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer, proposer, rejeter

pytestmark = pytest.mark.django_db
AOUT = datetime.date(2024, 8, 15)
JOUR = datetime.timedelta(days=1)


@pytest.fixture(name="caisse")
def _caisse() -> Caisse:
    return fabrique.caisse()


@pytest.fixture(name="gestionnaire")
def _gestionnaire(caisse: Caisse) -> Acteur:
    return fabrique.agent(caisse)


@pytest.fixture(name="valideur")
def _valideur(caisse: Caisse) -> Acteur:
    return fabrique.agent(caisse, Role.VALIDEUR)


@pytest.fixture(name="responsable")
def _responsable(caisse: Caisse) -> Acteur:
    return fabrique.agent(caisse, Role.RESPONSABLE)


@pytest.fixture(name="contrat")
def _contrat(gestionnaire: Acteur) -> Contrat:
    return fabrique.contrat_en_cours(gestionnaire, SIGNATURE)


def droit(contrat: Contrat) -> Ecriture:
    return Ecriture.objects.get(contrat=contrat, nature=Nature.DROIT)


# -- the ledger ----------------------------------------------------------------------------------------------------


def creance(contrat: Contrat, montant: int) -> None:
    """A claim on the doctor, as a campaign writes it (cents)."""
    for compte, signe in ((Compte.AIDE, 1), (Compte.CREANCE, -1)):
        Ecriture.objects.create(
            contrat=contrat,
            compte=compte,
            nature=Nature.INDU,
            montant=signe * montant,
            date_effet=AOUT,
            date_valeur=AOUT,
            libelle="Trop-perçu constaté",
            cle=f"indu:essai:{compte.value}",
            consigne_le=fabrique.instant(AOUT),
        )


def test_un_remboursement_est_passe_et_encaisse_par_qui_valide(
    contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    creance(contrat, 50_000)
    quand = fabrique.instant(AOUT)
    with pytest.raises(Refus, match="date passée attendue"):
        grand_livre.rembourser(contrat.pk, 10_000, valideur, date=AOUT + JOUR, motif="chèque", quand=quand)
    with pytest.raises(Refus, match="réservé"):
        grand_livre.rembourser(contrat.pk, 10_000, gestionnaire, date=AOUT, motif="chèque", quand=quand)
    with pytest.raises(Refus, match="entre 0,01"):
        grand_livre.rembourser(contrat.pk, 0, valideur, date=AOUT, motif="chèque", quand=quand)
    recu = grand_livre.rembourser(contrat.pk, 10_000, valideur, date=AOUT, motif="chèque", quand=quand)
    sommes = grand_livre.balance()
    assert {nom: sommes[nom] for nom in ("aide.indu", "creance.indu", "creance.remboursement")} == {
        "aide.indu": 50_000, "creance.indu": -50_000, "creance.remboursement": 10_000,
    }  # fmt: skip
    assert grand_livre.balance(contrat.ecritures.filter(nature=Nature.REMBOURSEMENT)) == {
        "creance.remboursement": 10_000
    }
    assert grand_livre.solde(contrat).du_par_le_medecin == 40_000
    with pytest.raises(Refus, match="motif"):
        grand_livre.contre_passer(recu.pk, valideur, motif=" ")
    with pytest.raises(Refus, match="réservé"):
        grand_livre.contre_passer(recu.pk, gestionnaire, motif="sans provision")
    assert grand_livre.solde(contrat).du_par_le_medecin == 40_000


def test_seul_un_remboursement_s_annule_a_la_main(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    payer(caisse, AOUT, gestionnaire, valideur)
    lignes = list(Ecriture.objects.filter(contrat=contrat))
    assert {ligne.nature for ligne in lignes} == {Nature.DROIT, Nature.VERSEMENT}
    for ligne in lignes:
        with pytest.raises(Refus, match="ne s'annule pas à la main"):
            grand_livre.contre_passer(ligne.pk, valideur, motif="erreur")


def test_un_droit_annule_n_est_plus_inscrit(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    """Nothing of the product reverses a right; a base that holds one pays it again, as it must."""
    payer(caisse, AOUT, gestionnaire, valideur)
    origine = droit(contrat)
    assert grand_livre.droits_inscrits([contrat.pk])[contrat.pk] == {(1, 1): 1_900_000}
    Ecriture.objects.create(
        contrat=contrat,
        compte=origine.compte,
        nature=Nature.CONTRE_PASSATION,
        annee=origine.annee,
        echeance=origine.echeance,
        montant=-origine.montant,
        date_effet=AOUT,
        date_valeur=AOUT,
        libelle="Annulation",
        cle=f"contre-passation:{origine.pk}",
        annule=origine,
        consigne_le=timezone.now(),
    )
    assert grand_livre.droits_inscrits([contrat.pk])[contrat.pk] == {(1, 1): 0}


# -- campaigns and the bank ----------------------------------------------------------------------------------------


def test_une_campagne_se_propose_un_mois_d_avance_au_plus_et_par_qui_propose(
    caisse: Caisse, gestionnaire: Acteur, valideur: Acteur
) -> None:
    quand = fabrique.instant(AOUT)
    with pytest.raises(Refus, match="réservé"):
        campagnes.ouvrir(caisse.pk, AOUT, valideur, quand=quand)
    loin = AOUT + datetime.timedelta(days=campagnes.DELAI_MAXIMAL)
    with pytest.raises(Refus, match="à l'avance"):
        campagnes.ouvrir(caisse.pk, loin + JOUR, gestionnaire, quand=quand)
    assert campagnes.ouvrir(caisse.pk, loin, gestionnaire, quand=quand).date == loin


def test_une_campagne_validee_ne_s_annule_plus(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    campagne = proposer(caisse, AOUT, gestionnaire)
    with pytest.raises(Refus, match="motif"):
        campagnes.annuler(campagne.pk, gestionnaire, motif=" ")
    campagnes.valider(campagne.pk, valideur)
    with pytest.raises(Refus, match="ne s'annule plus"):
        campagnes.annuler(campagne.pk, gestionnaire, motif="erreur")
    assert droit(contrat).montant == 1_900_000


def test_une_ligne_s_ecarte_par_un_motif_ecrit(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    campagne = proposer(caisse, AOUT, gestionnaire)
    ligne = campagne.lignes.get()
    with pytest.raises(Refus, match="motif"):
        campagnes.ecarter(ligne.pk, valideur, motif=" ")
    campagnes.ecarter(ligne.pk, valideur, motif="dossier à revoir")
    campagnes.valider(campagne.pk, valideur)
    assert not Ecriture.objects.filter(contrat=contrat).exists()


def test_un_grand_livre_qui_a_change_ecarte_la_ligne(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    """A return that comes between the proposal and the validation: what was computed no longer stands."""
    ligne, _ = payer(caisse, AOUT, gestionnaire, valideur)
    assert ligne is not None
    campagne = proposer(caisse, datetime.date(2025, 7, 15), gestionnaire)
    banque.recevoir(caisse.pk, "retour.xml", rejeter("S1", ligne.reference), valideur)
    campagnes.valider(campagne.pk, valideur)
    perimee = campagne.lignes.get()
    assert (perimee.statut, "a changé" in perimee.motif) == (StatutLigne.ECARTEE, True)
    assert Ecriture.objects.filter(contrat=contrat, nature=Nature.DROIT).count() == 1


def test_un_virement_ne_s_execute_pas_dans_le_passe(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    campagne = proposer(caisse, AOUT, gestionnaire)
    tard = AOUT + datetime.timedelta(days=5)
    campagnes.valider(campagne.pk, valideur, quand=fabrique.instant(tard))
    fichier = banque.emettre_campagne(campagne.pk, valideur, quand=fabrique.instant(tard))
    assert fichier is not None
    assert f"<Dt>{tard}</Dt>".encode() in bytes(fichier.octets)
    assert Ecriture.objects.get(contrat=contrat, nature=Nature.VERSEMENT).date_valeur == tard


def test_un_virement_accepte_n_est_pas_un_rejet(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    ligne, fichier = payer(caisse, AOUT, gestionnaire, valideur)
    assert ligne is not None
    assert fichier is not None
    recu = rapport(
        transactions=f"<TxInfAndSts><OrgnlEndToEndId>{ligne.reference}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>",
        ordre=fichier.nom.removesuffix(".xml"),
    )
    assert REJETE.encode() not in recu
    assert banque.recevoir(caisse.pk, "r.xml", recu, valideur).retournes == 0
    assert grand_livre.solde(contrat).aide == 0


def test_le_retour_d_un_virement_d_une_autre_caisse_ne_touche_a_rien(
    caisse: Caisse, contrat: Contrat, gestionnaire: Acteur, valideur: Acteur
) -> None:
    ligne, _ = payer(caisse, AOUT, gestionnaire, valideur)
    assert ligne is not None
    ailleurs = fabrique.caisse()
    bilan = banque.recevoir(
        ailleurs.pk, "r.xml", rejeter("S1", ligne.reference), fabrique.agent(ailleurs, Role.VALIDEUR)
    )
    assert (bilan.retournes, bilan.inconnues) == (0, (ligne.reference,))
    assert grand_livre.solde(contrat).aide == 0


# -- the life of a contract ----------------------------------------------------------------------------------------


def test_le_terme_se_constate_le_lendemain(contrat: Contrat, gestionnaire: Acteur) -> None:
    fin = contrat.date_fin
    assert fin is not None
    with pytest.raises(Refus, match="le contrat court jusqu'au"):
        cycle.appliquer(contrat.pk, "constater_terme", gestionnaire, jour=fin)
    cycle.appliquer(contrat.pk, "constater_terme", gestionnaire, jour=fin + JOUR, quand=fabrique.instant(fin + JOUR))
    contrat.refresh_from_db()
    assert contrat.statut == Statut.ECHU


def test_le_medecin_qui_resilie_doit_le_preavis(caisse: Caisse, gestionnaire: Acteur, responsable: Acteur) -> None:
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2023, 8, 1))
    demande = datetime.date(2024, 3, 1)
    dite = {"motif": "retraite", "donnees": {"par": "medecin"}, "quand": fabrique.instant(demande)}
    with pytest.raises(Refus, match=r"avec le préavis, (\d{4}-\d{2}-\d{2}) au plus tôt") as refus:
        cycle.appliquer(contrat.pk, "resilier", gestionnaire, date_effet=demande + 7 * JOUR, **dite)
    au_plus_tot = datetime.date.fromisoformat(str(refus.value).partition("avec le préavis, ")[2][:10])
    with pytest.raises(Refus, match="préavis"):
        cycle.appliquer(contrat.pk, "resilier", gestionnaire, date_effet=au_plus_tot - JOUR, **dite)
    cycle.appliquer(contrat.pk, "resilier", gestionnaire, date_effet=au_plus_tot, **dite)
    contrat.refresh_from_db()
    assert contrat.date_fin == au_plus_tot


def test_un_contrat_ne_commence_pas_sans_compte_ni_piece_acceptee(gestionnaire: Acteur) -> None:
    contrat = fabrique.contrat_signe(gestionnaire, SIGNATURE)
    qui = Assistant.objects.create(caisse=contrat.caisse, nom="Aide", prenom="Alix", profil="deas")
    assistant.embaucher(
        contrat.pk, qui, gestionnaire, date_debut=SIGNATURE, centiemes_heures=1750, quand=fabrique.instant(SIGNATURE)
    )
    gardees = [fabrique.piece(contrat, nature) for nature in cycle.pieces_du_demarrage(contrat)]
    with pytest.raises(Refus, match="compte bancaire : attendu"):
        cycle.appliquer(contrat.pk, "demarrer", gestionnaire, quand=fabrique.instant(SIGNATURE))
    assert contrat.medecin is not None
    fabrique.compte(contrat.medecin)
    for etat in (EtatPiece.REFUSEE, EtatPiece.RECUE):
        gardees[0].etat = etat
        gardees[0].motif_refus = "illisible" if etat == EtatPiece.REFUSEE else ""
        gardees[0].save()
        with pytest.raises(Refus, match="pièce acceptée attendue : " + NaturePiece(gardees[0].nature).label):
            cycle.appliquer(contrat.pk, "demarrer", gestionnaire, quand=fabrique.instant(SIGNATURE))


def suspendre(contrat: Contrat, responsable: Acteur, jour: datetime.date) -> None:
    quand = fabrique.instant(jour)
    cycle.appliquer(contrat.pk, "suspendre", responsable, date_effet=jour, motif="absence", quand=quand)


def test_on_reprend_avec_quelqu_un_et_pas_avant_d_avoir_suspendu(
    contrat: Contrat, gestionnaire: Acteur, responsable: Acteur
) -> None:
    debut, quand = datetime.date(2024, 11, 5), fabrique.instant(datetime.date(2024, 12, 6))
    suspendre(contrat, responsable, debut)
    with pytest.raises(Refus, match="postérieure à la suspension"):
        cycle.appliquer(contrat.pk, "reprendre", gestionnaire, date_effet=debut - JOUR, quand=quand)
    assistant.faire_partir(
        contrat.embauches.get().pk, gestionnaire, date_fin=debut + JOUR, motif="démission", quand=quand
    )
    with pytest.raises(Refus, match="une nouvelle embauche est attendue"):
        cycle.appliquer(contrat.pk, "reprendre", gestionnaire, date_effet=debut + 9 * JOUR, quand=quand)
    contrat.refresh_from_db()
    assert contrat.statut == Statut.SUSPENDU


def test_le_dernier_jour_suspendu_est_la_veille_de_la_reprise(
    contrat: Contrat, gestionnaire: Acteur, responsable: Acteur
) -> None:
    debut, reprise = datetime.date(2024, 11, 5), datetime.date(2024, 12, 5)
    suspendre(contrat, responsable, debut)
    cycle.appliquer(contrat.pk, "reprendre", gestionnaire, date_effet=reprise, quand=fabrique.instant(reprise))
    contrat.refresh_from_db()
    (suspension,) = contrat.etat["suspensions"]
    assert suspension == {"debut": debut.isoformat(), "fin": (reprise - JOUR).isoformat()}


def test_deux_contrats_ne_partagent_pas_un_jour(gestionnaire: Acteur) -> None:
    premier = fabrique.contrat_signe(gestionnaire, SIGNATURE)
    engagement = premier.engagements.get()
    second = fabrique.contrat_ouvert(gestionnaire, SIGNATURE)
    champs = {"contrat": second, "medecin": engagement.medecin, "rpps": engagement.rpps}
    with pytest.raises(DatabaseError, match="chevauchent"), transaction.atomic():
        Engagement.objects.create(**champs, debut=engagement.fin, fin=engagement.fin + 30 * JOUR)
    Engagement.objects.create(**champs, debut=engagement.fin + JOUR, fin=engagement.fin + 30 * JOUR)


# -- documents and personal data -----------------------------------------------------------------------------------


def test_un_document_altere_n_est_pas_servi(contrat: Contrat) -> None:
    piece = fabrique.piece(contrat, NaturePiece.DIPLOME)
    chemin = pieces.chemin_de(piece.sha256)
    assert pieces.contenu(piece) == chemin.read_bytes()
    alterer(chemin)
    with pytest.raises(Refus, match="n'est plus celui qui a été reçu"):
        pieces.contenu(piece)


def alterer(chemin: Path) -> None:
    octets = chemin.read_bytes()
    chemin.write_bytes(octets[:-1] + bytes([octets[-1] ^ 1]))


def test_une_piece_se_controle_une_fois_et_par_la_caisse(contrat: Contrat, gestionnaire: Acteur) -> None:
    piece = fabrique.piece(contrat, NaturePiece.DIPLOME)
    piece.etat = EtatPiece.RECUE
    piece.save()
    assert contrat.medecin is not None
    medecin = fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin)
    for autre in (medecin, fabrique.agent(fabrique.caisse())):
        with pytest.raises(Refus, match="réservé"):
            pieces.controler(piece.pk, autre, acceptee=True)
    with pytest.raises(Refus, match="seuls les agents"):
        pieces.deposer("a.png", b"", NaturePiece.DIPLOME, medecin, contrat=contrat, acceptee=True)
    with pytest.raises(Refus, match="motif"):
        pieces.controler(piece.pk, gestionnaire, acceptee=False, motif=" ")
    pieces.controler(piece.pk, gestionnaire, acceptee=False, motif="illisible")
    with pytest.raises(Refus, match="déjà contrôlée"):
        pieces.controler(piece.pk, gestionnaire, acceptee=True)
    piece.refresh_from_db()
    assert piece.etat == EtatPiece.REFUSEE
    assert contrat.evenements.filter(genre=Genre.PIECE_REFUSEE).count() == 1


def test_un_brouillon_et_un_contrat_vivant_ne_s_effacent_pas(contrat: Contrat, gestionnaire: Acteur) -> None:
    """A doctor with a contract long ended and another in preparation is kept."""
    fin = contrat.date_fin
    assert fin is not None
    tard = fin.replace(year=fin.year + donnees_personnelles.REGISTRE[0].annees) + JOUR
    assert donnees_personnelles.a_anonymiser(tard - JOUR) == []
    assert donnees_personnelles.a_anonymiser(tard) == [contrat.medecin]
    fabrique.contrat_ouvert(gestionnaire, datetime.date(2026, 7, 1), contrat.medecin)
    assert donnees_personnelles.a_anonymiser(tard) == []
    assert CompteBancaire.objects.filter(medecin=contrat.medecin, actif=True).exists()
