"""The process is killed at random points of an import, a campaign, an issue: nothing is lost nor doubled."""

import datetime
import multiprocessing
import random
import signal

import pytest
from django.db import connection
from django.db.models import Sum

from binome.dossiers.models import Affectation, Campagne, Ecriture, FichierBancaire, ImportReleves, Releve
from binome.dossiers.nomenclatures import Nature, Role, StatutCampagne, StatutLigne
from binome.dossiers.paiements import campagnes
from binome.dossiers.patientele import import_releves
from tests.dossiers import fabrique, processus

pytestmark = pytest.mark.django_db(transaction=True)
SIGNATURE, DATE = datetime.date(2024, 7, 1), datetime.date(2024, 8, 15)
CAISSES, CONTRATS, MORTS = 4, 5, 10
MONTANT = 1_900_000


class Tueur:
    """Runs an act in a process, and kills it after a moment."""

    def __init__(self, graine):
        self.hasard = random.Random(graine)
        self.contexte = multiprocessing.get_context("forkserver")
        self.contexte.set_forkserver_preload(["tests.dossiers.processus"])
        self.morts = 0

    def lancer(self, acte, cle, acteur):
        """Start it, and come back when the act begins: what is killed is an act, not a program that starts."""
        base = {c: connection.settings_dict[c] for c in ("NAME", "USER", "HOST", "PORT", "PASSWORD")}
        affectation = Affectation.objects.get(utilisateur=acteur.utilisateur)
        commence = self.contexte.Event()
        enfant = self.contexte.Process(target=processus.faire, args=(base, acte, cle, affectation.pk, commence))
        enfant.start()
        assert commence.wait(60)
        return enfant

    def tuer(self, acte, cle, acteur, duree):
        """Kill it within this time; True when it died of it."""
        enfant = self.lancer(acte, cle, acteur)
        enfant.join(self.hasard.uniform(0, duree))
        enfant.kill()
        enfant.join()
        mort = enfant.exitcode == -signal.SIGKILL
        self.morts += mort
        return mort

    def finir(self, acte, cle, acteur):
        enfant = self.lancer(acte, cle, acteur)
        enfant.join(60)
        assert enfant.exitcode == 0


@pytest.fixture
def scene(sans_garde_fous_a_la_fin):
    """Funds with contracts whose first year is due."""
    lieux = []
    for _ in range(CAISSES):
        caisse = fabrique.caisse()
        gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
        for _ in range(CONTRATS):
            fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
        lieux.append((caisse, gestionnaire, valideur))
    return lieux


def test_tuer_un_import_de_releves(scene):
    caisse, gestionnaire, _ = scene[0]
    medecins = [fabrique.medecin(caisse) for _ in range(150)]
    dates = [f"{annee}-{jour}" for annee in range(2010, 2026) for jour in ("06-30", "12-31")]
    lignes = [f"{m.rpps},{date},{1000 + rang}" for rang, m in enumerate(medecins) for date in dates]
    importe = import_releves.apercevoir(
        caisse.pk, "r.csv", ("rpps,date,file_active\n" + "\n".join(lignes)).encode(), gestionnaire
    )
    assert importe.statut == ImportReleves.Statut.APERCU
    tueur = Tueur(1)
    for _ in range(4 * MORTS):
        tueur.tuer("importer", importe.pk, gestionnaire, 0.5)
        importe.refresh_from_db()
        applique = importe.statut == ImportReleves.Statut.APPLIQUE
        # All or nothing, whenever it was killed.
        assert Releve.objects.filter(importe=importe).count() == (len(lignes) if applique else 0)
        if tueur.morts >= MORTS:
            break
        if applique:
            # Not killed in time: the file is to be applied again.
            Releve.objects.filter(importe=importe).delete()
            importe.statut, importe.applique_par, importe.applique_le = ImportReleves.Statut.APERCU, None, None
            importe.save()
    if importe.statut != ImportReleves.Statut.APPLIQUE:
        tueur.finir("importer", importe.pk, gestionnaire)
    assert Releve.objects.filter(importe=importe).count() == len(lignes)
    assert tueur.morts >= MORTS


def test_tuer_une_preparation_de_campagne(scene):
    tueur = Tueur(2)
    ouvertes = [
        (campagnes.ouvrir(caisse.pk, DATE, gestionnaire, quand=fabrique.instant(DATE)), gestionnaire)
        for caisse, gestionnaire, _ in scene
    ]
    for campagne, gestionnaire in ouvertes:
        for _ in range(MORTS):
            tueur.tuer("preparer", campagne.pk, gestionnaire, 0.12)
            campagne.refresh_from_db()
            assert campagne.statut in {StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE}
            assert campagne.lignes.count() == campagne.lignes.values("contrat").distinct().count()
        tueur.finir("preparer", campagne.pk, gestionnaire)
        campagne.refresh_from_db()
        assert campagne.statut == StatutCampagne.PROPOSEE
        assert campagne.lignes.aggregate(s=Sum("montant"))["s"] == CONTRATS * MONTANT
    assert tueur.morts >= 3 * CAISSES
    assert not Ecriture.objects.exists()


def test_tuer_une_validation_puis_une_emission(scene):
    tueur = Tueur(3)
    for caisse, gestionnaire, valideur in scene:
        campagne = campagnes.ouvrir(caisse.pk, DATE, gestionnaire, quand=fabrique.instant(DATE))
        campagnes.preparer(campagne.pk)
        for acte, nature, signe, fini in (
            ("valider", Nature.DROIT, 1, StatutCampagne.VALIDEE),
            ("emettre", Nature.VERSEMENT, -1, StatutCampagne.EMISE),
        ):
            for _ in range(MORTS):
                tueur.tuer(acte, campagne.pk, valideur, 0.05)
                campagne.refresh_from_db()
                fait = campagne.statut == fini
                lignes = Ecriture.objects.filter(contrat__caisse=caisse, nature=nature)
                assert lignes.count() == (CONTRATS if fait else 0)
                if acte == "emettre":
                    assert FichierBancaire.objects.filter(campagne=campagne).count() == fait
                if fait:
                    break
            if not fait:
                tueur.finir(acte, campagne.pk, valideur)
            somme = Ecriture.objects.filter(contrat__caisse=caisse, nature=nature).aggregate(s=Sum("montant"))["s"]
            assert somme == signe * CONTRATS * MONTANT
        assert set(campagne.lignes.values_list("statut", flat=True)) == {StatutLigne.EMISE}
        assert Campagne.objects.get(pk=campagne.pk).emise_le is not None
    assert tueur.morts >= 3 * CAISSES
