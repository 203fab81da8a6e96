"""Nobody pays anyone alone: an account, a document, a campaign each need a second agent, through the pages."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.contrats import cycle, evaluations
from binome.dossiers.echanges import comptes
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Campagne, CompteBancaire, Courriel, Ecriture, Evenement, LigneVersement, Piece
from binome.dossiers.models.caisse import MEMOIRE_DES_ADRESSES
from binome.dossiers.nomenclatures import EtatPiece, Genre, NaturePiece, Role, StatutCampagne, StatutLigne
from binome.dossiers.paiements import banque, campagnes
from tests.documents.pieces import image, pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sans_second_facteur(settings: Any) -> None:
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def caisse() -> Any:
    return fabrique.caisse()


@pytest.fixture
def agents(caisse: Any) -> dict[str, Any]:
    return {role.value: fabrique.agent(caisse, role) for role in (Role.GESTIONNAIRE, Role.VALIDEUR, Role.RESPONSABLE)}


def fichier(nom: str = "rib.pdf", octets: bytes | None = None) -> Any:
    return SimpleUploadedFile(nom, octets or pdf(), content_type="application/pdf")


def proposer_par_la_page(client: Client, medecin: Any, rang: int = 901, **champs: Any) -> Any:
    envoi = {"titulaire": str(medecin), "iban": fabrique.iban(rang), "bic": "", "fichier": fichier(), **champs}
    return client.post(reverse("caisse:compte_medecin", args=[medecin.pk]), envoi)


def examiner(client: Client, compte: CompteBancaire, **decision: str) -> Any:
    return client.post(reverse("caisse:compte", args=[compte.pk]), decision)


def test_un_compte_se_propose_avec_son_rib_et_se_valide_par_un_autre(agents: Any, caisse: Any) -> None:
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    medecin = contrat.medecin
    ancien = medecin.comptes_bancaires.get(actif=True)
    agent, valideur = client_de(agents["gestionnaire"]), client_de(agents["valideur"])

    sans_rib = proposer_par_la_page(agent, medecin, fichier="")
    assert sans_rib.status_code == 422
    assert not medecin.comptes_bancaires.exclude(pk=ancien.pk).exists()

    assert proposer_par_la_page(agent, medecin).status_code == 302
    propose = medecin.comptes_bancaires.exclude(pk=ancien.pk).get()
    assert (propose.etat, propose.rib.nature, propose.rib.etat) == ("proposé", NaturePiece.RIB, EtatPiece.RECUE)
    # The one before goes on being paid.
    assert medecin.comptes_bancaires.get(actif=True) == ancien
    assert proposer_par_la_page(agent, medecin, 902).status_code == 422

    # Whoever proposed it cannot open the door; the head of the fund who proposes cannot either.
    assert examiner(agent, propose, decision="valider").status_code == 403
    jour = valideur.get(reverse("caisse:journee")).content.decode()
    assert "Comptes bancaires à valider" in jour
    page = valideur.get(reverse("caisse:compte", args=[propose.pk])).content.decode()
    assert " ".join(propose.iban[i : i + 4] for i in range(0, 27, 4)) in page
    assert reverse("caisse:apercu_piece", args=[propose.rib.pk, 1]) in page
    assert str(ancien) in page

    assert examiner(valideur, propose, decision="valider").status_code == 302
    propose.refresh_from_db()
    ancien.refresh_from_db()
    assert (propose.actif, ancien.actif) == (True, False)
    assert propose.rib.etat == EtatPiece.ACCEPTEE
    assert propose.utilisable_le == timezone.localdate() + datetime.timedelta(days=caisse.delai_compte)
    genres = contrat.evenements.filter(genre=Genre.COMPTE).order_by("numero").values_list("donnees__etat", flat=True)
    assert list(genres) == ["proposé", "validé"]
    # The journal shows the end of the number, never all of it.
    assert propose.iban not in str(list(contrat.evenements.values_list("donnees", flat=True)))


def test_le_titulaire_est_averti_a_l_adresse_d_avant(agents: Any) -> None:
    """Whoever changes the account often changed the address first."""
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    medecin, avant = contrat.medecin, contrat.medecin.courriel
    agent = client_de(agents["gestionnaire"])
    fiche = agent.get(reverse("caisse:modifier_medecin", args=[medecin.pk])).context["formulaire"]
    envoi = {nom: valeur for nom, valeur in fiche.initial.items() if valeur not in (None, "")}
    assert (
        agent.post(
            reverse("caisse:modifier_medecin", args=[medecin.pk]), envoi | {"courriel": "voleur@exemple.invalid"}
        ).status_code
        == 302
    )
    proposer_par_la_page(agent, medecin)
    compte = medecin.comptes_bancaires.get(valide_le=None)
    examiner(client_de(agents["valideur"]), compte, decision="valider")
    lettres = Courriel.objects.filter(cle__startswith=f"compte:{compte.pk}:")
    assert {lettre.destinataire for lettre in lettres} == {avant, "voleur@exemple.invalid"}
    assert all(compte.iban[-4:] in lettre.corps and compte.iban not in lettre.corps for lettre in lettres)
    assert all("Si vous n'avez pas demandé ce changement" in lettre.corps for lettre in lettres)


def test_changer_deux_fois_d_adresse_ne_fait_taire_aucune(agents: Any) -> None:
    """Two changes in a row would hide the true address from the notice: each address left within a year is told."""
    medecin = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE).medecin
    vraie = medecin.courriel
    for adresse in ("entre@exemple.invalid", "voleur@exemple.invalid"):
        medecin = type(medecin).objects.get(pk=medecin.pk)
        medecin.courriel = adresse
        medecin.save(update_fields=["courriel"])
    proposer_par_la_page(client_de(agents["gestionnaire"]), medecin)
    compte = medecin.comptes_bancaires.get(valide_le=None)
    examiner(client_de(agents["valideur"]), compte, decision="valider")
    avertis = Courriel.objects.filter(cle__startswith=f"compte:{compte.pk}:").values_list("destinataire", flat=True)
    assert set(avertis) == {vraie, "entre@exemple.invalid", "voleur@exemple.invalid"}
    # Past its time, an address that was left is told nothing more.
    with time_machine.travel(timezone.now() + MEMOIRE_DES_ADRESSES + datetime.timedelta(hours=1), tick=False):
        assert type(medecin).objects.get(pk=medecin.pk).courriels == ("voleur@exemple.invalid",)


def test_sans_courriel_rien_n_est_verse_avant_l_annonce(agents: Any) -> None:
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    medecin = contrat.medecin
    medecin.oublier_les_adresses()
    medecin.save()
    agent, valideur = client_de(agents["gestionnaire"]), client_de(agents["valideur"])
    proposer_par_la_page(agent, medecin)
    compte = medecin.comptes_bancaires.get(valide_le=None)
    examiner(valideur, compte, decision="valider")
    campagne = campagnes.ouvrir(contrat.caisse_id, timezone.localdate(), agents["gestionnaire"])
    campagnes.preparer(campagne.pk)
    ligne = campagne.lignes.get()
    assert (ligne.statut, ligne.motif) == (
        StatutLigne.BLOQUEE, "compte nouveau : son titulaire doit d'abord en être averti",
    )  # fmt: skip
    campagnes.annuler(campagne.pk, agents["gestionnaire"], motif="essai")
    assert "Comptes dont le titulaire" in agent.get(reverse("caisse:journee")).content.decode()
    annonce = reverse("caisse:annoncer_compte", args=[compte.pk])
    assert agent.post(annonce, {"moyen": ""}).status_code == 422
    assert agent.post(annonce, {"moyen": "lettre du 27 novembre"}).status_code == 302
    compte.refresh_from_db()
    assert compte.utilisable_le is not None
    campagne = campagnes.ouvrir(contrat.caisse_id, compte.utilisable_le, agents["gestionnaire"])
    campagnes.preparer(campagne.pk)
    assert campagne.lignes.get().compte_bancaire == compte
    # The day before, the delay still runs.
    campagnes.annuler(campagne.pk, agents["gestionnaire"], motif="essai")
    campagne = campagnes.ouvrir(
        contrat.caisse_id, compte.utilisable_le - datetime.timedelta(days=1), agents["gestionnaire"]
    )
    campagnes.preparer(campagne.pk)
    assert "compte nouveau : utilisable à partir du" in campagne.lignes.get().motif


def test_un_compte_refuse_reste_dit_et_l_ancien_paie(agents: Any) -> None:
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    medecin = contrat.medecin
    proposer_par_la_page(client_de(agents["gestionnaire"]), medecin)
    compte = medecin.comptes_bancaires.get(valide_le=None)
    valideur = client_de(agents["valideur"])
    assert examiner(valideur, compte, decision="refuser", motif="").status_code == 422
    assert examiner(valideur, compte, decision="refuser", motif="Le RIB est au nom d'un autre.").status_code == 302
    compte.refresh_from_db()
    compte.rib.refresh_from_db()
    assert (compte.etat, compte.rib.etat) == ("refusé", EtatPiece.REFUSEE)
    assert medecin.comptes_bancaires.get(actif=True) != compte
    assert examiner(valideur, compte, decision="valider").status_code == 422
    page = valideur.get(reverse("caisse:medecin", args=[medecin.pk])).content.decode()
    assert "Le RIB est au nom d’un autre." in page


def test_la_base_refuse_un_compte_valide_par_qui_l_a_propose(agents: Any, caisse: Any) -> None:
    medecin = fabrique.medecin(caisse)
    qui = agents["responsable"]
    compte = comptes.proposer(medecin, qui, titulaire="X", iban=fabrique.iban(5), rib=("rib.png", image()))
    with pytest.raises(Refus, match="un autre agent"):
        comptes.valider(compte.pk, qui)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompteBancaire.objects.filter(pk=compte.pk).update(valide_le=timezone.now(), valide_par=qui.utilisateur)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompteBancaire.objects.filter(pk=compte.pk).update(actif=True)


@pytest.mark.parametrize(
    "nature",
    [NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL, NaturePiece.DIPLOME, NaturePiece.STATUTS, NaturePiece.RNE],
)
def test_une_piece_qui_ouvre_un_versement_est_vue_par_un_autre(agents: Any, nature: NaturePiece) -> None:
    contrat = fabrique.contrat_signe(agents["gestionnaire"], SIGNATURE)
    agent = client_de(agents["gestionnaire"])
    agent.post(reverse("caisse:deposer", args=[contrat.pk]), {"nature": nature.value, "fichier": fichier("p.pdf")})
    piece = Piece.objects.get(contrat=contrat)
    assert piece.etat == EtatPiece.RECUE
    controle = reverse("caisse:controler_piece", args=[piece.pk])
    assert "un autre agent la contrôle" in agent.get(controle).content.decode()
    assert agent.post(controle, {"decision": "acceptee"}).status_code == 422
    assert client_de(agents["valideur"]).post(controle, {"decision": "acceptee"}).status_code == 302
    piece.refresh_from_db()
    assert piece.etat == EtatPiece.ACCEPTEE
    # What opens nothing is seen by whoever brings it.
    agent.post(reverse("caisse:deposer", args=[contrat.pk]), {"nature": "autre", "fichier": fichier("q.pdf")})
    assert Piece.objects.get(contrat=contrat, nature="autre").etat == EtatPiece.ACCEPTEE


def test_une_piece_se_voit_a_cote_du_formulaire(agents: Any) -> None:
    contrat = fabrique.contrat_signe(agents["gestionnaire"], SIGNATURE)
    agent = client_de(agents["gestionnaire"])
    for nom, octets in (("a.pdf", pdf()), ("b.png", image("PNG", (3000, 200))), ("c.jpg", image("JPEG", (800, 600)))):
        envoi = {"nature": "contrat_travail", "fichier": fichier(nom, octets)}
        assert agent.post(reverse("caisse:deposer", args=[contrat.pk]), envoi).status_code == 302
        piece = Piece.objects.filter(contrat=contrat).latest("pk")
        page = agent.get(reverse("caisse:controler_piece", args=[piece.pk])).content.decode()
        vue = reverse("caisse:apercu_piece", args=[piece.pk, 1])
        assert vue in page
        dessin = agent.get(vue)
        assert (dessin.status_code, dessin["Content-Type"]) == (200, "image/png")
        assert dessin.content.startswith(b"\x89PNG")
        assert agent.get(reverse("caisse:apercu_piece", args=[piece.pk, 2])).status_code == 410


def campagne_proposee(agents: Any, contrat: Any, jour: datetime.date) -> Any:
    campagne = campagnes.ouvrir(contrat.caisse_id, jour, agents["gestionnaire"], quand=fabrique.instant(jour))
    return campagnes.preparer(campagne.pk, quand=fabrique.instant(jour))


def test_ce_que_le_valideur_voit_sur_chaque_ligne(agents: Any) -> None:
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    campagne = campagne_proposee(agents, contrat, datetime.date(2024, 10, 1))
    valideur = client_de(agents["valideur"])
    page = valideur.get(reverse("caisse:campagne", args=[campagne.pk])).content.decode()
    compte = contrat.medecin.comptes_bancaires.get()
    assert compte.titulaire in page
    assert compte.fin in page
    assert "nouveau compte" in page

    # Both acts ask once more, with the total; another total than the one shown is refused.
    total = campagne.lignes.get().montant
    valider = reverse("caisse:valider_campagne", args=[campagne.pk])
    demande = valideur.get(valider).content.decode()
    assert "Total à virer" in demande
    assert "nouveau compte" in demande
    assert valideur.post(valider, {}).status_code == 422
    refus = valideur.post(valider, {"total": total - 1})
    assert refus.status_code == 422
    assert "relisez-la" in refus.content.decode()
    assert valideur.post(valider, {"total": total}).status_code == 302
    emettre = reverse("caisse:emettre_campagne", args=[campagne.pk])
    assert valideur.post(emettre, {"total": 1}).status_code == 422
    assert valideur.post(emettre, {"total": total}).status_code == 302
    assert LigneVersement.objects.get().statut == StatutLigne.EMISE
    # Paid once, the account is no longer new.
    suivante = campagne_proposee(agents, contrat, datetime.date(2025, 10, 1))
    page = valideur.get(reverse("caisse:campagne", args=[suivante.pk])).content.decode()
    assert compte.fin in page
    assert "nouveau compte" not in page


def test_une_decision_contraire_aux_regles_se_voit_sur_sa_ligne(agents: Any) -> None:
    gestionnaire = agents["gestionnaire"]
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    payer(contrat.caisse, datetime.date(2026, 8, 1), gestionnaire, agents["valideur"])
    fabrique.releve(contrat.medecin, datetime.date(2026, 6, 30), 1330, 1855)
    contrat.medecin.releves.update(patientele_mt_adultes=1130, patientele_mt_enfants=200)
    evaluations.decider(contrat.pk, 3, gestionnaire, taux=Fraction(1), motif="Effort particulier.")
    campagne = campagne_proposee(agents, contrat, datetime.date(2026, 10, 1))
    page = client_de(agents["valideur"]).get(reverse("caisse:campagne", args=[campagne.pk])).content.decode()
    assert "décision contraire aux règles" in page
    assert "Effort particulier." in page


def test_un_contrat_suspendu_apres_la_validation_n_est_pas_paye(agents: Any) -> None:
    contrat = fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    campagne = campagne_proposee(agents, contrat, datetime.date(2024, 10, 1))
    campagnes.valider(campagne.pk, agents["valideur"])
    cycle.appliquer(
        contrat.pk, "suspendre", agents["responsable"], date_effet=datetime.date(2024, 9, 1), motif="Assistant absent."
    )
    assert banque.emettre_campagne(campagne.pk, agents["valideur"]) is None
    ligne = campagne.lignes.get()
    assert (ligne.statut, ligne.motif) == (
        StatutLigne.ECARTEE,
        "le dossier a changé depuis la proposition : à reprendre dans la campagne suivante",
    )


def test_une_fraude_a_un_seul_agent_echoue_a_trois_endroits(agents: Any, time_machine: Any) -> None:
    """The finding B2: two blank documents, another person's account, two clicks. Each of the three doors holds, even
    against the head of the fund, who has every right."""
    time_machine.move_to(datetime.datetime.combine(SIGNATURE, datetime.time(15)))
    contrat = fabrique.contrat_signe(agents["gestionnaire"], SIGNATURE)
    seul = client_de(agents["responsable"])

    # The documents that open payments: whoever brings them does not accept them.
    for nature in ("contrat_signe", "contrat_travail"):
        envoi = {"nature": nature, "fichier": fichier("v.png", image())}
        seul.post(reverse("caisse:deposer", args=[contrat.pk]), envoi)
    deposees = Piece.objects.filter(contrat=contrat, etat=EtatPiece.RECUE)
    assert deposees.count() == 2
    for piece in deposees:
        refus = seul.post(reverse("caisse:controler_piece", args=[piece.pk]), {"decision": "acceptee"})
        assert refus.status_code == 422
        assert "un autre agent" in refus.content.decode()
    assert deposees.count() == 2

    # The account: whoever proposes it does not validate it.
    proposer_par_la_page(seul, contrat.medecin, titulaire="Autre Personne")
    propose = contrat.medecin.comptes_bancaires.get(valide_le=None)
    refus = examiner(seul, propose, decision="valider")
    assert refus.status_code == 422
    assert "un autre agent" in refus.content.decode()
    assert not contrat.medecin.comptes_bancaires.filter(actif=True).exists()

    # So the contract does not start.
    seul.post(
        reverse("caisse:acte", args=[contrat.pk, "embauche"]),
        {
            "nom": "Personne", "prenom": "Autre", "profil": "deas", "date_debut": str(SIGNATURE), "heures": "17,5",
            "type_contrat": "cdi", "employeur": "direct", "teletravail": "aucun",
        },
    )  # fmt: skip
    refus = seul.post(reverse("caisse:transition", args=[contrat.pk, "demarrer"]), {"motif": ""})
    assert refus.status_code == 422
    dit = refus.content.decode()
    assert "pièce acceptée attendue" in dit
    assert "compte bancaire" in dit
    assert not Evenement.objects.filter(contrat=contrat, genre=Genre.DEMARRAGE).exists()

    # And on a contract that runs, the campaign: whoever proposes it does not validate it.
    fabrique.contrat_en_cours(agents["gestionnaire"], SIGNATURE)
    time_machine.move_to(datetime.datetime(2024, 10, 1, 15))
    seul = client_de(agents["responsable"])
    seul.post(reverse("caisse:versements"), {"date": "2024-10-01"})
    (campagne,) = Campagne.objects.filter(caisse=contrat.caisse)
    total = campagne.lignes.aggregate(total=Sum("montant"))["total"]
    assert total > 0
    refus = seul.post(reverse("caisse:valider_campagne", args=[campagne.pk]), {"total": str(total)}, follow=True)
    assert "un autre agent" in refus.content.decode()
    campagne.refresh_from_db()
    assert campagne.statut == StatutCampagne.PROPOSEE
    assert not Ecriture.objects.filter(contrat__caisse=contrat.caisse).exists()
