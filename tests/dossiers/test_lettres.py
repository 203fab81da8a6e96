"""Letters of a file: filled with what it knows, kept as they were sent."""

import datetime

import pytest
from django.core import mail

from binome.documents import courriers
from binome.dossiers.echanges import boite_d_envoi, lettres
from binome.dossiers.erreurs import Refus
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


@pytest.fixture
def acteur():
    return fabrique.agent(fabrique.caisse())


def completer(lettre):
    """The letter, with something wherever the file knew nothing."""
    champs = {nom: valeur or "à préciser" for nom, valeur in lettre.champs.items()}
    tableaux = {
        nom: courriers.Tableau(
            lignes=t.lignes or (tuple("—" for _ in courriers.modele(lettre.modele).tableaux[nom].titres),)
        )
        for nom, t in lettre.tableaux.items()
    }
    return lettre.model_copy(update={"champs": champs, "tableaux": tableaux})


@pytest.mark.parametrize("nom", [m.nom for m in courriers.modeles() if m.destinataire == "medecin"])
def test_chaque_lettre_se_remplit_d_un_dossier(acteur, nom):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = completer(lettres.preparer(contrat, nom, acteur, SIGNATURE))
    assert courriers.rendre(lettre).startswith(b"%PDF")


def test_ce_que_le_dossier_sait_est_dans_la_lettre(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = lettres.preparer(contrat, "contrat-signe", acteur, SIGNATURE)
    assert lettre.champs["date_signature"] == "1er\u00a0juillet\u00a02024"
    assert lettre.destinataire.rpps == contrat.medecin.rpps


def test_les_tableaux_se_remplissent_sous_leurs_titres(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = lettres.preparer(contrat, "contrat-individuel", acteur, SIGNATURE)
    annee_1 = lettre.tableaux["montants"].lignes[0]
    assert annee_1 == ("1", "1er\u00a0juillet\u00a02024", "30\u00a0juin\u00a02025", "19\u202f000\u00a0€")
    assert lettre.tableaux["objectifs"].lignes[0][1:] == ("1\u202f300", "260", "1\u202f560")


def test_une_lettre_est_gardee_et_son_courriel_part_une_fois(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = completer(lettres.preparer(contrat, "suspension", acteur, SIGNATURE))
    courrier = lettres.envoyer(contrat.pk, lettre, acteur)
    assert bytes(courrier.pdf) == courriers.rendre(lettre)
    assert contrat.evenements.filter(genre="courrier").exists()
    assert boite_d_envoi.vider_la_boite() == (1, 0)
    assert boite_d_envoi.vider_la_boite() == (0, 0)
    (message,) = mail.outbox
    assert message.to == [contrat.medecin.courriel]
    assert message.attachments[0][0] == "suspension.pdf"
    with pytest.raises(Refus, match="réservé"):
        lettres.envoyer(contrat.pk, lettre, fabrique.agent(contrat.caisse, Role.VALIDEUR))
