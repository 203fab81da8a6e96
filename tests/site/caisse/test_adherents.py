"""Who joins and who leaves a group on the fund's pages: the years that follow are those that the simulator computes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from binome import francais
from binome.dossiers.contrats import cycle, journal, ouverture
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.models import Assistant, Contrat, Medecin, Structure
from binome.dossiers.nomenclatures import NaturePiece
from binome.simulation import PointOuvert, Situation, simuler
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2026, 3, 2)
ANNEE_2, ANNEE_3 = (SIGNATURE.replace(year=annee) for annee in (2027, 2028))
RELEVE = datetime.date(2027, 12, 31)
ANCIEN = {"secteur": "secteur_1", "patientele_mt": 1300, "file_active": 2000}
#: Five months in practice on the day he joins.
NOUVEAU = {
    "secteur": "secteur_1", "patientele_mt": 300, "file_active": 700, "date_installation": "2026-10-01",
    "date_adhesion": ANNEE_2.isoformat(),
}  # fmt: skip


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


def groupe(*membres: dict[str, Any], **suite: Any) -> Situation:
    signe = {
        "date_signature": SIGNATURE.isoformat(), "forme_juridique": "SISA", "etp_demandes": 2, "membres": membres,
    }  # fmt: skip
    assistant = {"locaux_adaptes": True, "date_embauche": SIGNATURE.isoformat()}
    return Situation.model_validate({"groupe": signe, "assistant": assistant, **suite})


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def commencer(contrat: Contrat, gestionnaire: Any) -> None:
    """Signed by all, two assistants hired, started."""
    assert contrat.structure is not None
    fabrique.compte(contrat.structure)
    for adhesion in contrat.adhesions.all():
        adhesion.bulletin = fabrique.piece(contrat, NaturePiece.BULLETIN_ADHESION)
        adhesion.save()
    cycle.appliquer(contrat.pk, "preparer", gestionnaire, quand=fabrique.instant(SIGNATURE, 8))
    cycle.appliquer(contrat.pk, "signer", gestionnaire, date_effet=SIGNATURE, quand=fabrique.instant(SIGNATURE, 9))
    for prenom in ("Alix", "Lou"):
        qui = Assistant.objects.create(caisse=contrat.caisse, nom="Aide", prenom=prenom, profil="deas")
        assistant.embaucher(
            contrat.pk, qui, gestionnaire, date_debut=SIGNATURE, centiemes_heures=3500,
            quand=fabrique.instant(SIGNATURE, 11),
        )  # fmt: skip
    for nature in cycle.pieces_du_demarrage(contrat):
        fabrique.piece(contrat, nature)
    cycle.appliquer(contrat.pk, "demarrer", gestionnaire, quand=fabrique.instant(SIGNATURE, 13))
    contrat.refresh_from_db()


@pytest.fixture
def contrat(gestionnaire):
    """Two members; one told a date of joining before the day that was really signed."""
    caisse = fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id)
    membres = [fabrique.medecin(caisse) for _ in range(2)]
    structure = Structure.objects.create(caisse=caisse, nom="MSP", forme_juridique="SISA")
    prevue = SIGNATURE - datetime.timedelta(days=4)
    donnees = groupe(ANCIEN, ANCIEN).model_dump(mode="json", exclude_unset=True)
    donnees["groupe"]["date_signature"] = donnees["groupe"]["membres"][0]["date_adhesion"] = prevue.isoformat()
    del donnees["assistant"]["date_embauche"]
    contrat = ouverture.ouvrir(
        Situation.model_validate(donnees), gestionnaire, structure=structure, membres=membres,
        quand=fabrique.instant(prevue),
    )  # fmt: skip
    commencer(contrat, gestionnaire)
    return contrat


def lire(reponse: Any) -> str:
    assert reponse.status_code == 200
    return plat(reponse.content.decode())


def plat(texte: str) -> str:
    """A text whatever its spaces and its apostrophes."""
    return " ".join(texte.replace("’", "'").split())


def dit(page: str, situation: Situation, jour: datetime.date) -> bool:
    """True when a page gives the objectives that the simulator gives."""
    objectifs = simuler(situation, jour).objectifs
    return all(plat(f"{francais.nombre(o.base)} → {francais.nombre(o.cible)}") in page for o in objectifs)


def constater(medecins: list[Medecin], *nombres: tuple[int, int]) -> None:
    for medecin, (mt, fa) in zip(medecins, nombres, strict=True):
        fabrique.releve(medecin, RELEVE, mt, fa)


def adherer(client: Client, contrat: Contrat, medecin: Medecin) -> Any:
    bulletin = fabrique.piece(contrat, NaturePiece.BULLETIN_ADHESION)
    acte = reverse("caisse:acte", args=[contrat.pk, "adhesion"])
    return client.post(acte, {"rpps": medecin.rpps, "date": ANNEE_2.isoformat(), "bulletin": bulletin.pk})


def point_e12(situation: Situation) -> PointOuvert:
    return next(point for point in simuler(situation, ANNEE_3).lectures if point.point == "e12")


def test_les_sommes_du_dossier_sont_celles_du_simulateur(contrat, gestionnaire, time_machine):
    """Who joins five months after his installation: his median enters the objective of the years that follow."""
    time_machine.move_to(fabrique.instant(ANNEE_2))
    client = client_de(gestionnaire)
    nouveau = fabrique.medecin(contrat.caisse, date_installation=datetime.date(2026, 10, 1))
    refusee = adherer(client, contrat, nouveau)
    assert refusee.status_code == 422
    assert "relevé antérieur au" in plat(refusee.content.decode())
    fabrique.releve(nouveau, datetime.date(2026, 12, 31), 300, 700)
    assert adherer(client, contrat, nouveau).status_code == 302
    fiche = lire(client.get(reverse("caisse:contrat", args=[contrat.pk])))

    attendue = groupe(ANCIEN, ANCIEN, NOUVEAU)
    assert dit(fiche, attendue, ANNEE_2)
    assert not dit(fiche, groupe(ANCIEN, ANCIEN), ANNEE_2)
    limite = contrat.echeances.get(nom="date_limite_mediane_nouvel_installe")
    assert limite.date == ANNEE_2.replace(year=2030)

    time_machine.move_to(fabrique.instant(ANNEE_3))
    client = client_de(gestionnaire)
    membres = [a.medecin for a in contrat.adhesions.order_by("pk")]
    constater(membres, (1600, 2200), (1600, 2200), (600, 1500))
    acte = reverse("caisse:acte", args=[contrat.pk, "lecture"])
    assert client.post(acte, {"choix": "d19:a", "motif": "instruction de la Cnam"}).status_code == 302
    resultats = {"resultats": [{"annee": 3, "patientele_mt": 3800, "file_active": 5900}]}
    point = point_e12(groupe(ANCIEN, ANCIEN, NOUVEAU, **resultats))
    assert point.a is not None
    assert point.b is not None
    page = lire(client.get(reverse("caisse:evaluer", args=[contrat.pk, 3])))
    montants = [francais.euros(lecture.annees[2].montant) for lecture in (point.a, point.b)]
    assert len(set(montants)) == 2
    assert plat(f"{montants[0]} (a) ou {montants[1]} (b)") in page
    assert dit(page, attendue, ANNEE_3)


def test_qui_sort_ne_compte_plus_au_depart(contrat, gestionnaire, time_machine):
    """The results are those of the members of the day: so is what they are compared with."""
    time_machine.move_to(fabrique.instant(ANNEE_2))
    client = client_de(gestionnaire)
    adhesion = contrat.adhesions.order_by("pk").first()
    acte = reverse("caisse:acte", args=[contrat.pk, "retrait"])
    saisie = {"adhesion_id": adhesion.pk, "date": ANNEE_2.isoformat(), "motif": "retraite"}
    assert client.post(acte, saisie).status_code == 302
    time_machine.move_to(fabrique.instant(ANNEE_3))
    client = client_de(gestionnaire)
    restant = contrat.adhesions.get(fin=None).medecin
    constater([restant], (1560, 2110))
    proposee = lire(client.get(reverse("caisse:evaluer", args=[contrat.pk, 3])))
    assert dit(proposee, groupe(ANCIEN), ANNEE_3)
    # Half of the way on both indicators, from his own patients: counted from those of two, it would be a fall.
    assert "Proposition : 50 % de l'aide, sur 44 000 €" in proposee


def test_qui_meurt_sort_ce_jour_la_et_compte_encore_dans_l_annee_commencee(contrat, gestionnaire, time_machine):
    """By choice, on an anniversary; by death, on its day: the years that start after are read without him."""
    jour = datetime.date(2026, 9, 14)
    time_machine.move_to(fabrique.instant(jour))
    client = client_de(gestionnaire)
    adhesion = contrat.adhesions.order_by("pk").first()
    acte = reverse("caisse:acte", args=[contrat.pk, "retrait"])
    saisie = {"adhesion_id": adhesion.pk, "date": jour.isoformat(), "motif": "certificat de décès"}
    assert client.post(acte, saisie | {"cause": "choix"}).status_code == 422
    assert client.post(acte, saisie | {"cause": "deces"}).status_code == 302
    veille = jour - datetime.timedelta(days=1)
    assert adhesion.medecin.engagements.get().fin == veille
    etat = journal.etat_de(Contrat.objects.get(pk=contrat.pk))
    assert etat.lire(SIGNATURE).groupe is not None
    assert [len(etat.lire(debut).groupe.membres) for debut in (SIGNATURE, ANNEE_2, ANNEE_3)] == [2, 1, 1]


def test_un_avenant_ne_fait_pas_revenir_qui_est_sorti(contrat, gestionnaire, time_machine):
    time_machine.move_to(fabrique.instant(ANNEE_2))
    client = client_de(gestionnaire)
    adhesion = contrat.adhesions.order_by("pk").first()
    acte = reverse("caisse:acte", args=[contrat.pk, "retrait"])
    saisie = {"adhesion_id": adhesion.pk, "date": ANNEE_2.isoformat(), "motif": "retraite"}
    assert client.post(acte, saisie).status_code == 302
    avenant = reverse("caisse:acte", args=[contrat.pk, "avenant"])
    change = {"date_effet": ANNEE_2.isoformat(), "groupe.membres.2.patientele_mt": "1250", "groupe.etp_demandes": "1"}
    assert client.post(avenant, change | {"motif": "base rectifiée"}).status_code == 302
    lu = journal.etat_de(Contrat.objects.get(pk=contrat.pk)).lire(ANNEE_2).groupe
    assert ([membre.patientele_mt for membre in lu.membres], lu.etp_demandes) == ([1250], 1)
    # The posts of the amended contract, everywhere.
    assert "1 ETP" in lire(client.get(reverse("caisse:contrat", args=[contrat.pk])))


def test_quatre_adherents_dont_un_sort_ont_la_part_qui_leur_revient(gestionnaire, time_machine):
    """3 900 patients at the start, 3 250 without the one who left: they gained 600, they did not fall."""
    caisse = fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id)
    departs = ((900, 1500), (1250, 1900), (1050, 1600), (700, 1200))
    tous = [{"secteur": "secteur_1", "patientele_mt": mt, "file_active": fa} for mt, fa in departs]
    membres = [fabrique.medecin(caisse) for _ in departs]
    structure = Structure.objects.create(caisse=caisse, nom="MSP", forme_juridique="SISA")
    donnees = groupe(*tous).model_dump(mode="json", exclude_unset=True)
    contrat = ouverture.ouvrir(
        Situation.model_validate(donnees), gestionnaire, structure=structure, membres=membres,
        quand=fabrique.instant(SIGNATURE, 8),
    )  # fmt: skip
    commencer(contrat, gestionnaire)
    time_machine.move_to(fabrique.instant(ANNEE_2))
    client = client_de(gestionnaire)
    acte = reverse("caisse:acte", args=[contrat.pk, "retrait"])
    sortie = contrat.adhesions.get(medecin=membres[1])
    saisie = {"adhesion_id": sortie.pk, "date": ANNEE_2.isoformat(), "motif": "retraite"}
    assert client.post(acte, saisie).status_code == 302
    time_machine.move_to(fabrique.instant(ANNEE_3))
    client = client_de(gestionnaire)
    restants = [membre for membre in membres if membre != membres[1]]
    constater(restants, (1100, 1700), (1200, 1750), (950, 1400))
    attendue = groupe(
        *(dit for dit in tous if dit != tous[1]), resultats=[{"annee": 3, "patientele_mt": 3250, "file_active": 4850}]
    )
    page = lire(client.get(reverse("caisse:evaluer", args=[contrat.pk, 3])))
    assert dit(page, attendue, ANNEE_3)
    assert "Proposition : 100 % de l'aide" in page
    assert simuler(attendue, ANNEE_3).annees[2].taux_modulation == "1"


def test_a_la_signature_chacun_adhere_ce_jour_la(contrat):
    """The date planned for a member is not the day really signed, which the file keeps."""
    etat = journal.etat_de(contrat)
    assert etat.date_signature == SIGNATURE
    assert {adhesion.debut for adhesion in contrat.adhesions.all()} == {SIGNATURE}
    assert etat.lire().groupe is not None
    assert [membre.date_adhesion for membre in etat.lire().groupe.membres] == [None, None]
