"""Two agents at the same thing at once: one writes it, the other reads a page that says so; never a breakdown."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from binome.dossiers.models import CompteBancaire, ImportReleves, Releve
from binome.dossiers.patientele import import_releves
from tests.documents.pieces import image
from tests.dossiers import fabrique
from tests.dossiers.fils import ensemble
from tests.site.caisse.connexion import client_de

JUIN = datetime.date(2025, 6, 30)


@pytest.mark.django_db
def test_les_memes_releves_appliques_par_deux_agents(monkeypatch: Any, settings: Any) -> None:
    """The other one's statement arrives between the reading of the file and its writing."""
    settings.MFA_OBLIGATOIRE = False
    caisse = fabrique.caisse()
    agent, medecin = fabrique.agent(caisse), fabrique.medecin(caisse)
    fichier = f"rpps,date,file_active\n{medecin.rpps},{JUIN},1000\n".encode()
    importe = import_releves.apercevoir(caisse.pk, "r.csv", fichier, agent)
    lire = import_releves._lire

    def entre_temps(*arguments: Any) -> Any:
        lecture = lire(*arguments)
        Releve.objects.create(medecin=medecin, date=JUIN, file_active=1000)
        return lecture

    monkeypatch.setattr(import_releves, "_lire", entre_temps)
    page = client_de(agent).post(reverse("caisse:appliquer_releves", args=[importe.pk]))
    assert page.status_code == 409
    assert "Quelqu’un d’autre vient d’enregistrer" in page.content.decode()
    importe.refresh_from_db()
    assert importe.statut == ImportReleves.Statut.APERCU
    # The whole act was undone, and what the other wrote with it here: both wrote in one transaction of this test.
    assert not Releve.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_quatre_agents_proposent_un_compte(sans_garde_fous_a_la_fin: None, settings: Any) -> None:
    """One is proposed; the others read that one waits."""
    settings.MFA_OBLIGATOIRE = False
    caisse = fabrique.caisse()
    medecin = fabrique.medecin(caisse)
    clients = [client_de(fabrique.agent(caisse)) for _ in range(4)]
    adresse = reverse("caisse:compte_medecin", args=[medecin.pk])

    def proposer(rang: int) -> int:
        rib = SimpleUploadedFile("rib.png", image(), content_type="image/png")
        envoi = {
            "titulaire": f"Titulaire {rang}",
            "iban": fabrique.iban(900 + rang),
            "bic": "PSSTFRPPXXX",
            "fichier": rib,
        }
        reponse = clients[rang].post(adresse, envoi)
        connections.close_all()
        return reponse.status_code

    codes = ensemble(proposer, nombre=4)
    assert sorted(codes)[0] == 302
    assert set(sorted(codes)[1:]) <= {409, 422}
    assert CompteBancaire.objects.filter(medecin=medecin, valide_le=None).count() == 1
