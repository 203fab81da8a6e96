"""The page of every act that the domain declares: it opens, and a valid answer is written in the file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.contrats import cycle, ouverture
from binome.dossiers.contrats.actes import declarations
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Assistant, Contrat
from binome.dossiers.nomenclatures import Dispositif, Genre, NaturePiece, Role
from binome.simulation.modele.situation import Situation
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de
from tests.site.caisse.scenes import SIGNATURE, acteur_de, collectif, collectif_en_cours, en_cours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def promue(acteur) -> Contrat:
    situation = fabrique.situation(SIGNATURE).model_dump(mode="json", exclude_unset=True)
    situation["assistant"] |= {"secretaire_promue": True, "remplacement_secretaire": "salarie"}
    situation["assistant"] |= {"date_remplacement_secretaire": "2024-08-01", "date_embauche": "2024-07-01"}
    return signe(acteur, Situation.model_validate(situation), SIGNATURE)


def signe(acteur, situation: Situation, signature: datetime.date) -> Contrat:
    medecin = fabrique.medecin(fabrique.Caisse.objects.get(pk=acteur.caisse_id))
    contrat = ouverture.ouvrir(situation, acteur, medecin=medecin, quand=fabrique.instant(signature, 8))
    for nom, date in (("preparer", None), ("signer", signature)):
        cycle.appliquer(contrat.pk, nom, acteur, date_effet=date, quand=fabrique.instant(signature, 9))
    contrat.refresh_from_db()
    return contrat


def a_resilier(acteur, contrat: Contrat | None = None) -> Contrat:
    contrat = contrat or en_cours(acteur)
    fin = timezone.localdate() + datetime.timedelta(days=90)
    cycle.appliquer(contrat.pk, "resilier", acteur, date_effet=fin, motif="départ")
    contrat.refresh_from_db()
    return contrat


def ancien(acteur) -> Contrat:
    return fabrique.contrat_en_cours(acteur, datetime.date(2022, 1, 3))


def brouillon(acteur) -> Contrat:
    return fabrique.contrat_ouvert(acteur, SIGNATURE)


def ouvert_collectif(acteur) -> Contrat:
    return collectif(acteur, jusqu_a_la_signature=False)


def autre_medecin(contrat: Contrat) -> str:
    nouveau = fabrique.medecin(contrat.caisse)
    fabrique.releve(nouveau, datetime.date(2026, 12, 31), 900, 1400)
    return str(nouveau.rpps)


#: For each act: a contract on which it is possible, and what an agent writes.
Cas = tuple[Callable[[Any], Contrat], Callable[[Contrat], dict[str, Any]]]
CAS: dict[str, Cas] = {
    "modification": (
        brouillon,
        lambda c: {"simulation": json.dumps(c.etat["situation"] | {"titre": "Corrigée"}), "motif": "erreur"},
    ),
    "embauche": (
        en_cours,
        lambda c: {
            "nom": "Nouveau", "prenom": "Alix", "profil": "autre", "date_debut": "2024-09-01", "heures": "17,5",
            "type_contrat": "cdi", "employeur": "direct", "teletravail": "aucun",
        },
    ),
    "depart": (
        en_cours, lambda c: {"embauche_id": c.embauches.get().pk, "date_fin": "2025-01-31", "motif": "démission"},
    ),
    "absence": (en_cours, lambda c: {"debut": "2025-02-03", "fin": "2025-02-28", "motif": "maladie"}),
    "formation": (
        en_cours, lambda c: {"assistant": c.embauches.get().assistant_id, "commencee_le": "2024-10-01"},
    ),
    "secretaire": (promue, lambda c: {"remplacement": "salarie", "date": "2024-09-02"}),
    "avenant": (
        en_cours,
        lambda c: {
            "date_effet": "2025-07-01", "montants_notifies.annee_2": "9 000", "contrat.bande_notifiee": "p70_p90",
            "motif": "notification",
        },
    ),
    "bascule": (ancien, lambda c: {"date": "2023-06-01", "objectifs_notifies.patientele_mt.cible": "1700"}),
    "lecture": (ancien, lambda c: {"choix": "d12:a", "motif": "instruction de la Cnam"}),
    "bulletin": (
        ouvert_collectif,
        lambda c: {
            "adhesion": c.adhesions.first().pk,
            "bulletin": fabrique.piece(c, NaturePiece.BULLETIN_ADHESION).pk,
        },
    ),
    "adhesion": (
        collectif,
        lambda c: {
            "rpps": autre_medecin(c), "date": "2027-03-02",
            "bulletin": fabrique.piece(c, NaturePiece.BULLETIN_ADHESION).pk,
        },
    ),
    "retrait": (
        collectif, lambda c: {"adhesion_id": c.adhesions.first().pk, "date": "2027-03-02", "motif": "retraite"},
    ),
    "renouvellement": (ancien, lambda c: {"date_signature": "2027-01-04"}),
    "retrait-resiliation": (a_resilier, lambda c: {"motif": "le médecin reste"}),
    "echeance": (
        en_cours,
        lambda c: {
            "echeance": c.echeances.filter(faite_le=None).exclude(nom__startswith="date_evaluation.").first().pk,
            "date": "2024-07-20",
        },
    ),
    "annulation": (en_cours, lambda c: {"numero": c.dernier_evenement, "motif": "mauvais dossier"}),
    "note": (en_cours, lambda c: {"texte": "Appelé le cabinet."}),
}  # fmt: skip
#: The same for those of a group that an individual contract has too, where a group is answered otherwise.
CAS_COLLECTIFS: dict[str, Cas] = {
    "modification": (
        ouvert_collectif,
        lambda c: {"simulation": json.dumps(c.etat["situation"] | {"titre": "Corrigée"}), "motif": "erreur"},
    ),
    "embauche": (collectif_en_cours, lambda c: CAS["embauche"][1](c) | {"date_debut": "2026-09-01"}),
    "depart": (collectif_en_cours, lambda c: CAS["depart"][1](c) | {"date_fin": "2026-10-30"}),
    "absence": (collectif_en_cours, lambda c: {"debut": "2026-09-01", "motif": "maladie"}),
    "formation": (collectif_en_cours, lambda c: CAS["formation"][1](c) | {"commencee_le": "2026-10-01"}),
    "avenant": (
        collectif_en_cours,
        lambda c: {"date_effet": "2027-03-02", "groupe.etp_demandes": "2", "motif": "un poste de plus"},
    ),
    "lecture": (collectif_en_cours, lambda c: {"choix": "d19:a", "motif": "instruction de la Cnam"}),
    "renouvellement": (collectif_en_cours, lambda c: {"date_signature": "2031-03-03"}),
    "retrait-resiliation": (
        lambda acteur: a_resilier(acteur, collectif_en_cours(acteur)), lambda c: {"motif": "ils restent"},
    ),
    "echeance": (collectif_en_cours, lambda c: CAS["echeance"][1](c) | {"date": "2026-07-20"}),
}  # fmt: skip


def cas_de(nom: str, dispositif: Dispositif) -> Cas:
    if dispositif == Dispositif.INDIVIDUEL or len(declarations.ACTES[nom].dispositifs) == 1:
        return CAS[nom]
    return CAS_COLLECTIFS.get(nom, (collectif_en_cours, CAS[nom][1]))


def test_chaque_acte_a_son_cas() -> None:
    assert set(CAS) == set(declarations.ACTES)
    des_deux = {nom for nom, acte in declarations.ACTES.items() if len(acte.dispositifs) > 1}
    assert set(CAS_COLLECTIFS) <= des_deux


@pytest.mark.parametrize(
    ("nom", "dispositif"), [(acte.nom, dispositif) for acte in declarations.ACTES.values() for dispositif in Dispositif]
)
def test_la_page_de_chaque_acte_pour_chaque_dispositif_et_chaque_role(nom: str, dispositif, gestionnaire) -> None:
    """Who may opens it and a valid answer is written; nobody else does, and nothing is offered in vain."""
    acte = declarations.ACTES[nom]
    if dispositif not in acte.dispositifs:
        contrat = collectif(gestionnaire) if dispositif == Dispositif.COLLECTIF else en_cours(gestionnaire)
        adresse = reverse("caisse:acte", args=[contrat.pk, nom])
        assert client_de(gestionnaire).get(adresse).status_code == 404
        assert adresse not in client_de(gestionnaire).get(reverse("caisse:contrat", args=[contrat.pk])).content.decode()
        return
    preparer, reponses = cas_de(nom, dispositif)
    contrat = preparer(gestionnaire)
    assert contrat.dispositif == dispositif
    adresse, fiche = reverse("caisse:acte", args=[contrat.pk, nom]), reverse("caisse:contrat", args=[contrat.pk])
    if nom == "renouvellement" and contrat.medecin is not None:
        fabrique.releve(contrat.medecin, datetime.date(2026, 6, 30), 1400, 1900)
    dites = reponses(contrat)
    for role in Role:
        acteur = gestionnaire if role == Role.GESTIONNAIRE else acteur_de(role, contrat)
        client = client_de(acteur)
        if role not in acte.roles:
            assert {client.get(adresse).status_code, client.post(adresse, dites).status_code} == {403}, role
            continue
        assert nom in {possible.nom for possible in declarations.possibles(contrat, acteur)}
        assert adresse in client.get(fiche).content.decode()
        assert client.get(adresse).status_code == 200
        with transaction.atomic():
            reponse = client.post(adresse, dites)
            assert reponse.status_code == 302, reponse.context and reponse.context["formulaire"].errors
            ecrit = Contrat.objects.get(precedent=contrat) if nom == "renouvellement" else contrat
            assert ecrit.evenements.filter(genre=acte.genre).exists()
            assert client.get(fiche).status_code == 200
            transaction.set_rollback(True)


@pytest.mark.parametrize("nom", [nom for nom in CAS if nom != "note"])
def test_un_acte_vide_ou_impossible_est_refuse_sans_rien_ecrire(nom: str, gestionnaire) -> None:
    preparer, _ = CAS[nom]
    contrat = preparer(gestionnaire)
    avant = contrat.evenements.count()
    reponse = client_de(gestionnaire).post(reverse("caisse:acte", args=[contrat.pk, nom]), {})
    assert reponse.status_code == 422
    assert contrat.evenements.count() == avant


def test_un_avenant_change_montant_et_bande(gestionnaire) -> None:
    contrat = en_cours(gestionnaire)
    client_de(gestionnaire).post(reverse("caisse:acte", args=[contrat.pk, "avenant"]), CAS["avenant"][1](contrat))
    contrat.refresh_from_db()
    (avenant,) = etat_de(contrat).avenants
    assert avenant.changements == {"montants_notifies.annee_2": "9000", "contrat.bande_notifiee": "p70_p90"}


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        ("montants_notifies.annee_1", "beaucoup", "montants_notifies.annee_1"),
        ("objectifs_notifies.file_active.cible", "-3", "objectifs_notifies.file_active.cible"),
        ("contrat.bande_notifiee", "p12", "contrat.bande_notifiee"),
        ("objectifs_notifies.file_active.gain", "100 001", "objectifs_notifies.file_active.gain"),
        ("objectifs_notifies.patientele_mt.cible", "277", "a deux lectures"),
        ("medecin.quotite_liberale", "1,0", "1\u00a0% ou 100\u00a0% ?"),
        ("date_effet", "01/07/2031", "date_effet"),
    ],
)
def test_une_valeur_illisible_est_refusee(champ: str, valeur: str, attendu: str, gestionnaire) -> None:
    contrat = en_cours(gestionnaire)
    donnees = {"date_effet": "2025-07-01", "motif": "essai", champ: valeur}
    reponse = client_de(gestionnaire).post(reverse("caisse:acte", args=[contrat.pk, "avenant"]), donnees)
    assert reponse.status_code == 422
    assert attendu in str(reponse.context["formulaire"].errors) + str(reponse.context["formulaire"].errors.keys())
    assert not contrat.evenements.filter(genre=Genre.AVENANT).exists()


def test_la_signature_prend_ce_que_la_caisse_notifie(gestionnaire) -> None:
    """The amount of an option that no text gives could not be entered, though the campaign waited for it."""
    contrat = brouillon(gestionnaire)
    cycle.appliquer(contrat.pk, "preparer", gestionnaire, quand=fabrique.instant(SIGNATURE, 9))
    client = client_de(gestionnaire)
    adresse = reverse("caisse:transition", args=[contrat.pk, "signer"])
    assert "montants_notifies.annee_1" in client.get(adresse).content.decode()
    reponse = client.post(
        adresse,
        {
            "date": SIGNATURE.isoformat(),
            "montants_notifies.annee_1": "18 500",
            "contrat.bande_notifiee": "p50_p70",
            "objectifs_notifies.patientele_mt.cible": "1500",
        },
    )
    assert reponse.status_code == 302
    contrat.refresh_from_db()
    situation = etat_de(contrat).lire()
    assert str(situation.montants_notifies.annee_1) in {"18500", "18500.00"}
    assert situation.contrat is not None
    assert situation.contrat.bande_notifiee is not None
    assert situation.contrat.bande_notifiee.value == "p50_p70"
    assert situation.objectifs_notifies.patientele_mt is not None
    assert situation.objectifs_notifies.patientele_mt.cible == 1500
    # What was not said again is kept.
    assert situation.objectifs_notifies.file_active is not None


def test_deux_assistants_du_meme_nom_ne_se_confondent_pas(gestionnaire) -> None:
    """A name is not a person: the agent says whether it is the one that the fund knows."""
    premier, second = en_cours(gestionnaire), en_cours(gestionnaire)
    client, reponses = client_de(gestionnaire), CAS["embauche"][1](premier) | {"nom": "Martin", "prenom": "Marie"}
    connue = Assistant.objects.create(caisse=premier.caisse, nom="MARTIN", prenom="Marie", profil="deas")
    embauche = reverse("caisse:acte", args=[premier.pk, "embauche"])
    refus = client.post(embauche, reponses)
    assert refus.status_code == 422
    assert "déjà connu de la caisse" in refus.content.decode()
    assert "Diplôme d" in str(refus.context["formulaire"]["connu"]) or "MARTIN" in str(refus.context["formulaire"])
    assert client.post(embauche, reponses | {"connu": connue.pk, "autre": "on"}).status_code == 422
    assert Assistant.objects.filter(nom__iexact="martin").count() == 1
    sans_accent = client.post(embauche, reponses | {"nom": "Mârtin", "prenom": "MARIÉ"})
    assert (sans_accent.status_code, "connu" in sans_accent.context["formulaire"].fields) == (422, True)
    # Another one of that name, then the one that is known, shared by two doctors.
    assert client.post(embauche, reponses | {"autre": "on"}).status_code == 302
    autre = premier.embauches.get(assistant__nom="Martin").assistant
    assert autre != connue
    adresse = reverse("caisse:acte", args=[second.pk, "embauche"])
    assert client.post(adresse, reponses | {"connu": connue.pk}).status_code == 302
    assert second.embauches.filter(assistant=connue).exists()
    assert Assistant.objects.filter(nom__iexact="martin").count() == 2
