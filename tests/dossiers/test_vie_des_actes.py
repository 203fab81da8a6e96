"""The acts of a contract's life: what each writes, and every refusal that it makes."""

import datetime
from typing import Any

import pytest

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle, ouverture
from binome.dossiers.contrats.actes import adhesions, assistant, avenants, notes, renouvellement
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Adhesion, Assistant, Caisse, Contrat, Medecin, Structure
from binome.dossiers.nomenclatures import Genre, NaturePiece, Role
from binome.simulation.modele.situation import Situation
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db

SIGNATURE = datetime.date(2024, 7, 1)
PLUS_TARD = datetime.date(2025, 3, 1)
#: First and second anniversaries of a group that signs when the aid exists.
GROUPE = datetime.date(2026, 3, 2)
ANNEE_2 = datetime.date(2027, 3, 2)


@pytest.fixture(name="gestionnaire")
def _gestionnaire() -> Acteur:
    return fabrique.agent(fabrique.caisse())


@pytest.fixture(name="contrat")
def _contrat(gestionnaire: Acteur) -> Contrat:
    return fabrique.contrat_en_cours(gestionnaire, SIGNATURE)


def le(jour: datetime.date) -> Any:
    return fabrique.instant(jour)


def poste(contrat: Contrat) -> Assistant:
    return contrat.embauches.select_related("assistant").get().assistant


def dernier(contrat: Contrat) -> str:
    evenement = contrat.evenements.order_by("-numero").first()
    assert evenement is not None
    return str(evenement.genre)


# -- the assistant: training, replacement of a secretary, hire ------------------------------------------------------


def test_la_formation_tient_ses_echeances(contrat: Contrat, gestionnaire: Acteur) -> None:
    qui = poste(contrat)
    debut, fin = datetime.date(2025, 1, 6), datetime.date(2026, 6, 30)
    assistant.noter_formation(contrat.pk, qui, gestionnaire, commencee_le=debut, quand=le(debut))
    assistant.noter_formation(contrat.pk, qui, gestionnaire, obtenue_le=fin, quand=le(fin))
    qui.refresh_from_db()
    assert (qui.formation_commencee_le, qui.qualification_obtenue_le) == (debut, fin)
    assert dernier(contrat) == Genre.FORMATION
    tenues = contrat.echeances.filter(nom__in=("date_limite_debut_formation", "date_limite_qualification"))
    assert all(echeance.faite_le is not None for echeance in tenues)


def test_une_formation_sans_date_ou_a_l_envers_est_refusee(contrat: Contrat, gestionnaire: Acteur) -> None:
    qui = poste(contrat)
    with pytest.raises(Refus, match="début ou d'obtention"):
        assistant.noter_formation(contrat.pk, qui, gestionnaire)
    with pytest.raises(Refus, match="postérieure au début"):
        assistant.noter_formation(
            contrat.pk,
            qui,
            gestionnaire,
            commencee_le=datetime.date(2025, 6, 1),
            obtenue_le=datetime.date(2025, 5, 31),
        )
    autre = Assistant.objects.create(caisse=contrat.caisse, nom="Autre", prenom="Lou", profil="deas")
    with pytest.raises(Refus, match="n'est pas l'assistant de ce dossier"):
        assistant.noter_formation(contrat.pk, autre, gestionnaire, commencee_le=PLUS_TARD)
    qui.refresh_from_db()
    assert qui.formation_commencee_le is None


def test_le_remplacement_d_une_secretaire_ne_vaut_que_pour_elle(contrat: Contrat, gestionnaire: Acteur) -> None:
    with pytest.raises(Refus, match="n'est pas une secrétaire promue"):
        assistant.noter_secretaire(contrat.pk, gestionnaire, remplacement="salarie", date=PLUS_TARD)


def test_le_remplacement_d_une_secretaire_promue(gestionnaire: Acteur) -> None:
    situation = fabrique.situation(SIGNATURE).model_dump(mode="json", exclude_unset=True)
    situation["assistant"] |= {"secretaire_promue": True}
    caisse = Caisse.objects.get(pk=gestionnaire.la_caisse)
    responsable = fabrique.agent(caisse, Role.RESPONSABLE)
    contrat = ouverture.ouvrir(
        Situation.model_validate(situation), gestionnaire, medecin=fabrique.medecin(caisse), quand=le(SIGNATURE)
    )
    # The law waits for the replacement: the head of the fund decides, in writing.
    cycle.appliquer(contrat.pk, "preparer", responsable, motif="remplacement en cours", quand=le(SIGNATURE))
    cycle.appliquer(
        contrat.pk, "signer", responsable, date_effet=SIGNATURE, motif="remplacement en cours", quand=le(SIGNATURE)
    )
    date = datetime.date(2024, 10, 1)
    assistant.noter_secretaire(contrat.pk, gestionnaire, remplacement="salarie", date=date, quand=le(date))
    dite = etat_de(Contrat.objects.get(pk=contrat.pk)).lire().assistant
    assert (str(dite.remplacement_secretaire), dite.date_remplacement_secretaire) == ("salarie", date)
    assert dernier(contrat) == Genre.SECRETAIRE


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"date_debut": datetime.date(2040, 1, 1)}, "date du contrat attendue"),
        ({"centiemes_heures": 0}, "heures « 0 » : entre 0 et 48"),
        ({"centiemes_heures": 4801}, "heures « 48.01 »"),
    ],
)
def test_une_embauche_impossible(contrat: Contrat, gestionnaire: Acteur, champs: dict[str, Any], dit: str) -> None:
    autre = Assistant.objects.create(caisse=contrat.caisse, nom="Autre", prenom="Lou", profil="deas")
    with pytest.raises(Refus, match=dit):
        assistant.embaucher(
            contrat.pk, autre, gestionnaire, **{"date_debut": PLUS_TARD, "centiemes_heures": 1750, **champs}
        )
    assert contrat.embauches.count() == 1


def test_une_embauche_d_ailleurs_ou_en_double(contrat: Contrat, gestionnaire: Acteur) -> None:
    etranger = Assistant.objects.create(caisse=fabrique.caisse(), nom="Loin", prenom="Lou", profil="deas")
    with pytest.raises(Refus, match="une personne de la caisse"):
        assistant.embaucher(contrat.pk, etranger, gestionnaire, date_debut=PLUS_TARD, centiemes_heures=1750)
    with pytest.raises(Refus, match="est déjà en poste"):
        assistant.embaucher(contrat.pk, poste(contrat), gestionnaire, date_debut=PLUS_TARD, centiemes_heures=1750)


def test_un_depart_a_une_date_un_motif_et_ne_se_fait_qu_une_fois(contrat: Contrat, gestionnaire: Acteur) -> None:
    embauche = contrat.embauches.get()
    veille = SIGNATURE - datetime.timedelta(days=1)
    with pytest.raises(Refus, match="au plus tôt l'embauche"):
        assistant.faire_partir(embauche.pk, gestionnaire, date_fin=veille, motif="démission")
    with pytest.raises(Refus, match="motif : attendu"):
        assistant.faire_partir(embauche.pk, gestionnaire, date_fin=PLUS_TARD, motif=" ")
    assistant.faire_partir(embauche.pk, gestionnaire, date_fin=PLUS_TARD, motif="démission", quand=le(PLUS_TARD))
    with pytest.raises(Refus, match="est déjà parti"):
        assistant.faire_partir(embauche.pk, gestionnaire, date_fin=PLUS_TARD, motif="démission")


@pytest.mark.parametrize(
    ("debut", "fin", "dit"),
    [
        (datetime.date(2024, 6, 30), None, "postérieure à la signature"),
        (datetime.date(2040, 1, 1), None, "date du contrat attendue"),
        (PLUS_TARD, datetime.date(2025, 2, 28), "postérieure au premier"),
    ],
)
def test_une_absence_impossible(
    contrat: Contrat, gestionnaire: Acteur, debut: datetime.date, fin: datetime.date | None, dit: str
) -> None:
    avant = contrat.evenements.count()
    with pytest.raises(Refus, match=dit):
        assistant.noter_absence(contrat.pk, gestionnaire, debut=debut, fin=fin)
    assert contrat.evenements.count() == avant


# -- notes and deadlines ---------------------------------------------------------------------------------------------


def test_une_echeance_se_fait_une_fois_et_pas_d_avance(contrat: Contrat, gestionnaire: Acteur) -> None:
    echeance = contrat.echeances.filter(faite_le=None).order_by("date", "nom").first()
    assert echeance is not None
    with pytest.raises(Refus, match="date passée attendue"):
        notes.faire_echeance(echeance, gestionnaire, date=PLUS_TARD, quand=le(SIGNATURE))
    notes.faire_echeance(echeance, gestionnaire, date=PLUS_TARD, quand=le(PLUS_TARD))
    echeance.refresh_from_db()
    assert echeance.faite_le == PLUS_TARD
    assert dernier(contrat) == Genre.ECHEANCE
    with pytest.raises(Refus, match="déjà fait le 2025-03-01"):
        notes.faire_echeance(echeance, gestionnaire, date=PLUS_TARD, quand=le(PLUS_TARD))


def test_une_note_a_un_texte_et_un_auteur_de_la_caisse(contrat: Contrat, gestionnaire: Acteur) -> None:
    evenement = notes.noter(contrat.pk, gestionnaire, "  Appelé le cabinet. ", quand=le(PLUS_TARD))
    assert (evenement.genre, evenement.motif) == (Genre.NOTE, "Appelé le cabinet.")
    with pytest.raises(Refus, match="texte attendu"):
        notes.noter(contrat.pk, gestionnaire, "  ")
    with pytest.raises(Refus, match="réservé aux agents de la caisse"):
        notes.noter(contrat.pk, fabrique.agent(fabrique.caisse()), "Bonjour")


# -- amendments, renewal ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"motif": " "}, "motif : attendu"),
        ({"changements": {}}, "au moins un changement"),
        ({"changements": {"medecin.specialite": "cardiologie"}}, "ne se change pas par avenant"),
        ({"date_effet": PLUS_TARD}, "premier jour d'une année du contrat"),
    ],
)
def test_un_avenant_impossible(contrat: Contrat, gestionnaire: Acteur, champs: dict[str, Any], dit: str) -> None:
    demande = {
        "date_effet": datetime.date(2025, 7, 1),
        "changements": {"objectifs_notifies.patientele_mt": {"cible": 1400}},
        "motif": "temps partiel",
    }
    with pytest.raises(Refus, match=dit):
        avenants.amender(contrat.pk, gestionnaire, **{**demande, **champs})
    assert not contrat.evenements.filter(genre=Genre.AVENANT).exists()


def test_un_renouvellement_s_ouvre_en_brouillon_apres_le_terme(contrat: Contrat, gestionnaire: Acteur) -> None:
    assert contrat.date_fin is not None
    lendemain = contrat.date_fin + datetime.timedelta(days=1)
    with pytest.raises(Refus, match="postérieure au terme attendue"):
        renouvellement.preparer_renouvellement(contrat.pk, gestionnaire, date_signature=contrat.date_fin)
    assert contrat.medecin is not None
    fabrique.releve(contrat.medecin, datetime.date(2028, 12, 31), 1600, 1950)
    suivant = renouvellement.preparer_renouvellement(
        contrat.pk, gestionnaire, date_signature=lendemain, quand=le(contrat.date_fin)
    )
    lue = etat_de(suivant).situation
    assert suivant.statut == "brouillon"
    assert suivant.precedent_id == contrat.pk
    assert lue["contrat"]["renouvellement"] in {True, "oui"}
    assert lue["patientele"]["patientele_mt"] == 1600
    assert "objectifs_notifies" not in lue
    with pytest.raises(Refus, match="est déjà ouvert"):
        renouvellement.preparer_renouvellement(contrat.pk, gestionnaire, date_signature=lendemain)


# -- members of a group ----------------------------------------------------------------------------------------------


@pytest.fixture(name="groupe")
def _groupe(gestionnaire: Acteur) -> Contrat:
    caisse_id = gestionnaire.la_caisse
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    membres = [fabrique.medecin(contrat.caisse, zone="zip") for _ in range(3)]
    structure = Structure.objects.create(caisse_id=caisse_id, nom="Maison d'Essai", forme_juridique="SISA")
    situation = Situation.model_validate(
        {
            "groupe": {
                "date_signature": GROUPE.isoformat(),
                "forme_juridique": "SISA",
                "etp_demandes": 1,
                "membres": [
                    {
                        "nom": str(membre),
                        "specialite": "medecine_generale",
                        "secteur": "secteur_1",
                        "patientele_mt": 1200,
                        "file_active": 1700,
                    }
                    for membre in membres
                ],
            },
            "assistant": {"locaux_adaptes": True},
        }
    )
    return ouverture.ouvrir(situation, gestionnaire, structure=structure, membres=membres, quand=le(GROUPE))


def signer(groupe: Contrat, acteur: Acteur) -> Contrat:
    for adhesion in groupe.adhesions.all():
        bulletin = fabrique.piece(groupe, NaturePiece.BULLETIN_ADHESION)
        adhesions.recevoir_bulletin(groupe.pk, adhesion, bulletin, acteur, quand=le(GROUPE))
    cycle.appliquer(groupe.pk, "preparer", acteur, quand=le(GROUPE))
    cycle.appliquer(groupe.pk, "signer", acteur, date_effet=GROUPE, quand=le(GROUPE))
    groupe.refresh_from_db()
    return groupe


def test_un_medecin_entre_et_sort_a_l_anniversaire(groupe: Contrat, gestionnaire: Acteur) -> None:
    signe = signer(groupe, gestionnaire)
    nouveau = fabrique.medecin(signe.caisse)
    bulletin = fabrique.piece(signe, NaturePiece.BULLETIN_ADHESION)
    with pytest.raises(Refus, match="anniversaire du contrat attendu"):
        adhesions.faire_adherer(signe.pk, nouveau, gestionnaire, date=PLUS_TARD, bulletin=bulletin)
    fabrique.releve(nouveau, datetime.date(2026, 12, 31), 900, 1400)
    entree = adhesions.faire_adherer(
        signe.pk, nouveau, gestionnaire, date=ANNEE_2, bulletin=bulletin, quand=le(ANNEE_2)
    )
    assert dernier(signe) == Genre.ADHESION
    with pytest.raises(Refus, match="a déjà adhéré"):
        adhesions.faire_adherer(signe.pk, nouveau, gestionnaire, date=ANNEE_2, bulletin=bulletin)
    with pytest.raises(Refus, match="postérieure à l'entrée"):
        adhesions.retirer(entree.pk, gestionnaire, date=ANNEE_2, motif="départ")
    annee_3 = ANNEE_2.replace(year=2028)
    sortie = adhesions.retirer(entree.pk, gestionnaire, date=annee_3, motif="départ", quand=le(annee_3))
    assert sortie.fin == annee_3 - datetime.timedelta(days=1)
    assert signe.engagements.get(medecin=nouveau).fin == sortie.fin
    with pytest.raises(Refus, match="est déjà sorti"):
        adhesions.retirer(entree.pk, gestionnaire, date=annee_3, motif="départ")


def test_un_medecin_engage_ailleurs_n_entre_pas(groupe: Contrat, gestionnaire: Acteur) -> None:
    signe = signer(groupe, gestionnaire)
    engage = Medecin.objects.get(pk=fabrique.contrat_signe(gestionnaire, PLUS_TARD).medecin_id)
    bulletin = fabrique.piece(signe, NaturePiece.BULLETIN_ADHESION)
    with pytest.raises(Refus, match="déjà engagé par un autre contrat"):
        adhesions.faire_adherer(signe.pk, engage, gestionnaire, date=ANNEE_2, bulletin=bulletin)
    assert not Adhesion.objects.filter(medecin=engage).exists()


def test_un_contrat_individuel_n_a_pas_d_adherent(contrat: Contrat, gestionnaire: Acteur) -> None:
    bulletin = fabrique.piece(contrat, NaturePiece.BULLETIN_ADHESION)
    with pytest.raises(Refus, match="un contrat collectif est attendu"):
        adhesions.faire_adherer(
            contrat.pk,
            fabrique.medecin(contrat.caisse),
            gestionnaire,
            date=datetime.date(2025, 7, 1),
            bulletin=bulletin,
        )


def test_un_bulletin_est_du_dossier(groupe: Contrat, contrat: Contrat, gestionnaire: Acteur) -> None:
    adhesion = groupe.adhesions.order_by("pk").first()
    assert adhesion is not None
    d_ailleurs = fabrique.piece(contrat, NaturePiece.BULLETIN_ADHESION)
    with pytest.raises(Refus, match="une pièce de ce dossier"):
        adhesions.recevoir_bulletin(groupe.pk, adhesion, d_ailleurs, gestionnaire)


# -- who, and when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.VALIDEUR, Role.DELEGUE, Role.MEDECIN, Role.PILOTAGE])
def test_un_acte_est_reserve_au_gestionnaire(contrat: Contrat, role: Role) -> None:
    acteur = Acteur(None, role, contrat.caisse_id)
    with pytest.raises(Refus, match="absence : réservé à un gestionnaire"):
        assistant.noter_absence(contrat.pk, acteur, debut=PLUS_TARD)


def test_un_acte_n_a_lieu_que_dans_un_contrat_engage(gestionnaire: Acteur) -> None:
    brouillon = fabrique.contrat_ouvert(gestionnaire, SIGNATURE)
    with pytest.raises(Refus, match="absence : dossier « Brouillon »"):
        assistant.noter_absence(brouillon.pk, gestionnaire, debut=PLUS_TARD)
