"""Measures of the fund's files: 3 000 contracts, 15 000 payments, the list pages and whole campaigns.

One contract is lived through the functions of the files, then copied; the campaigns are real. The database is new: a
SQLite file, or a PostgreSQL database made for it when DATABASE_URL names a server.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.reglages"
os.environ["BINOME_JOURNAL"] = "ERROR"

import django

django.setup()

from django.conf import settings
from django.db import connection, connections
from django.test import Client

CONTRATS, ESSAIS, A_EVALUER = 3_000, 15, 300
SIGNATURE = datetime.date(2021, 9, 1)
CAMPAGNES = [datetime.date(annee, 10, 15) for annee in range(2021, 2026)]
PAGES = {
    "Ma journée": "/caisse/",
    "Dossiers": "/caisse/contrats/",
    "Dossiers cherchés": "/caisse/contrats/?q=clone&statut=en_cours",
    "Dossiers, dernière page": "/caisse/contrats/?page=999",
    "Médecins": "/caisse/medecins/",
    "Relevés": "/caisse/releves/",
    "Versements": "/caisse/versements/",
    "Une campagne": "/caisse/versements/{campagne}/",
    "Courriers": "/caisse/courriers/",
    "Démarchage": "/caisse/demarchage/",
    "Un dossier": "/caisse/contrats/{contrat}/",
    "Tableau de bord (calculé sur tous les contrats)": "/caisse/tableau-de-bord/",
}


def copier(contrat: Any, nombre: int) -> None:
    """As many copies of a contract, with its doctor, account, events, deadlines, documents."""
    from binome.dossiers.models import (
        CompteBancaire,
        Contrat,
        Echeance,
        Engagement,
        Evaluation,
        Evenement,
        Medecin,
    )
    from tests.dossiers import fabrique

    def double(objet: Any, **champs: Any) -> Any:
        valeurs = {c.attname: getattr(objet, c.attname) for c in objet._meta.concrete_fields if not c.primary_key}
        return type(objet)(**(valeurs | champs))

    medecin, premier = contrat.medecin, 800_000 + Medecin.objects.count()
    medecins = Medecin.objects.bulk_create(
        [double(medecin, rpps=fabrique.rpps(premier + r), nom=f"Clone{r:05d}") for r in range(nombre)], batch_size=500
    )
    contrats = Contrat.objects.bulk_create(
        [
            double(contrat, numero=f"{contrat.date_signature.year}-{10_000 + r}", medecin_id=m.pk)
            for r, m in enumerate(medecins)
        ],
        batch_size=500,
    )
    compte = medecin.comptes_bancaires.get()
    CompteBancaire.objects.bulk_create(
        [double(compte, medecin_id=m.pk, iban=fabrique.iban(r)) for r, m in enumerate(medecins)], batch_size=500
    )
    for modele in (Evenement, Echeance, Engagement, Evaluation):
        modeles = list(modele.objects.filter(contrat=contrat))
        modele.objects.bulk_create(
            [
                double(ligne, contrat_id=c.pk, **({"medecin_id": m.pk, "rpps": m.rpps} if modele is Engagement else {}))
                for c, m in zip(contrats, medecins, strict=True)
                for ligne in modeles
            ],
            batch_size=500,
        )


def preparer() -> tuple[Any, Any, Any]:
    """A fund, its agents, one contract lived to its fifth year, and its copies."""
    from binome.dossiers.contrats import evaluations
    from binome.dossiers.nomenclatures import Role
    from tests.dossiers import fabrique

    caisse = fabrique.caisse()
    gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    for annee in (3, 4, 5):
        date = datetime.date(SIGNATURE.year + annee - 1, 6, 30)
        fabrique.releve(contrat.medecin, date, 1700, 2000)
        contrat.medecin.releves.filter(date=date).update(patientele_mt_adultes=1600, patientele_mt_enfants=100)
        evaluations.decider(contrat.pk, annee, gestionnaire, quand=fabrique.instant(datetime.date(date.year, 10, 1)))
    contrat.refresh_from_db()
    copier(contrat, CONTRATS - 1)
    return caisse, gestionnaire, valideur


def payer(caisse: Any, gestionnaire: Any, valideur: Any, date: datetime.date) -> tuple[float, int]:
    """A whole campaign: seconds, and transfers."""
    from binome.dossiers.paiements import banque, campagnes
    from tests.dossiers import fabrique

    debut = time.perf_counter()
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=fabrique.instant(date))
    campagnes.preparer(campagne.pk, quand=fabrique.instant(date))
    proposee = time.perf_counter()
    campagnes.valider(campagne.pk, valideur, quand=fabrique.instant(date))
    validee = time.perf_counter()
    banque.emettre_campagne(campagne.pk, valideur, quand=fabrique.instant(date))
    fin = time.perf_counter()
    nombre = campagne.lignes.filter(statut="emise").count()
    print(
        f"campagne du {date} : {nombre} virements en {fin - debut:.1f} s "
        f"(préparer {proposee - debut:.1f}, valider {validee - proposee:.1f}, émettre {fin - validee:.1f})"
    )
    return fin - debut, nombre


def mesurer(gestionnaire: Any) -> None:
    """Median of each page, in milliseconds; tests/site/caisse/test_pages.py counts its queries."""
    from binome.dossiers.models import Campagne, Contrat

    settings.MFA_OBLIGATOIRE = False
    client = Client()
    client.force_login(gestionnaire.utilisateur, backend="allauth.account.auth_backends.AuthenticationBackend")
    cles = {"campagne": Campagne.objects.first().pk, "contrat": Contrat.objects.first().pk}
    for nom, motif in PAGES.items():
        adresse = motif.format(**cles)
        assert client.get(adresse).status_code == 200, adresse
        durees = []
        for _ in range(ESSAIS):
            debut = time.perf_counter()
            client.get(adresse)
            durees.append((time.perf_counter() - debut) * 1000)
        print(f"{nom:40s} {statistics.median(durees):7.0f} ms")


def evaluer_ensemble(caisse: Any, gestionnaire: Any) -> None:
    """Many evaluations decided together: the page that shows them, and the decisions."""
    from binome.dossiers.contrats import evaluations
    from binome.dossiers.contrats.journal import etat_de
    from binome.dossiers.models import Contrat, Releve
    from tests.dossiers import fabrique

    signature, jour = datetime.date(2024, 7, 1), datetime.date(2026, 7, 20)
    modele = fabrique.contrat_en_cours(gestionnaire, signature)
    copier(modele, A_EVALUER)
    (annee,) = evaluations.annees_a_evaluer(modele, etat_de(modele), jour)
    assert annee.releve_evaluation is not None
    contrats = list(Contrat.objects.filter(caisse=caisse, date_signature=signature).exclude(pk=modele.pk))
    Releve.objects.bulk_create(
        [
            Releve(medecin_id=c.medecin_id, date=annee.releve_evaluation, patientele_mt=1600, file_active=1950)
            for c in contrats
        ]
    )
    debut = time.perf_counter()
    lues = evaluations.propositions([(c, etat_de(c), 3) for c in contrats], jour)
    proposees = time.perf_counter()
    fait = evaluations.decider_ensemble([(c.pk, 3) for c in contrats], gestionnaire, quand=fabrique.instant(jour))
    fin = time.perf_counter()
    assert len(fait.decidees) == len(lues) == A_EVALUER, fait.refusees
    print(f"{A_EVALUER} évaluations : proposer {proposees - debut:.1f} s, décider {fin - proposees:.1f} s")


def mesures() -> None:
    """Everything, in order."""
    from django.core.management import call_command

    from tests.bases import base_neuve

    with tempfile.TemporaryDirectory() as dossier, base_neuve("bench", Path(dossier)) as adresse:
        reglages = settings.DATABASES["default"]
        nom = adresse.removeprefix("sqlite:///") if adresse.startswith("sqlite") else adresse.rsplit("/", 1)[1]
        connections["default"].settings_dict["NAME"] = reglages["NAME"] = nom
        call_command("migrate", verbosity=0)
        debut = time.perf_counter()
        scene = preparer()
        print(f"{connection.vendor} : {CONTRATS} contrats en {time.perf_counter() - debut:.1f} s")
        total = sum(payer(*scene, date)[1] for date in CAMPAGNES)
        print(f"{total} virements en tout")
        mesurer(scene[1])
        evaluer_ensemble(scene[0], scene[1])
        connections.close_all()


if __name__ == "__main__":
    sys.exit(mesures())
