"""The journal of log-ins and refusals tells an incident: who, from where, by what, with what result."""

import datetime

import pytest
from django.contrib.admin.sites import site
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.models import Utilisateur
from binome.site.comptes.models import Connexion
from tests.dossiers import fabrique
from tests.site.comptes.connexion import avec_mot_de_passe, courriels, entrer

pytestmark = pytest.mark.django_db
Quoi = Connexion.Quoi
ICI = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "Navigateur d'essai"}


@pytest.fixture
def agent():
    return avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)


def test_un_incident_se_raconte(agent):
    """Somebody tries two accounts from one address, then enters one and leaves."""
    entrer(Client(), "personne@exemple.invalid", "mot-de-passe-tapé-ici", **ICI)
    entrer(Client(), "PERSONNE@exemple.invalid", "faux", **ICI)
    client = Client(**ICI)
    entrer(client, agent.email, "faux")
    entrer(client, agent.email)
    client.post(reverse("account_logout"))
    faits = list(Connexion.objects.filter(client="192.0.2.1").order_by("pk"))
    assert [(f.quoi, f.utilisateur, f.moyen) for f in faits] == [
        (Quoi.MOT_DE_PASSE_FAUX, None, ""),
        (Quoi.MOT_DE_PASSE_FAUX, None, ""),
        (Quoi.MOT_DE_PASSE_FAUX, agent, ""),
        (Quoi.ENTREE, agent, "password"),
        (Quoi.SORTIE, agent, ""),
    ]
    assert {f.navigateur for f in faits} == {"Navigateur d'essai"}
    # An account that does not exist leaves the same trace each time, and never what was typed.
    assert faits[0].inconnu == faits[1].inconnu != ""
    assert "personne" not in str(list(Connexion.objects.values()))
    assert "mot-de-passe-tapé-ici" not in str(list(Connexion.objects.values()))


def test_l_administrateur_le_lit(agent, settings):
    settings.MFA_OBLIGATOIRE = False
    entrer(Client(), agent.email, "faux", **ICI)
    chef = Utilisateur.objects.create_superuser("chef@exemple.invalid")
    client = Client()
    client.force_login(chef, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/administration/comptes/connexion/", {"q": "192.0.2.1"}).content.decode()
    assert "Mot de passe refusé" in page
    assert agent.nom in page
    fait = Connexion.objects.get(quoi=Quoi.MOT_DE_PASSE_FAUX)
    assert client.post(f"/administration/comptes/connexion/{fait.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not site._registry[Connexion].has_change_permission(None)


def refuse(ordre, *valeurs):
    with pytest.raises(DatabaseError, match="ajout seul"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)


def test_la_base_refuse_qu_on_le_recrive():
    fait = Connexion.objects.create(quoi=Quoi.ENTREE)
    refuse("UPDATE comptes_connexion SET quoi = 'sortie' WHERE id = %s", fait.pk)
    refuse("DELETE FROM comptes_connexion WHERE id = %s", fait.pk)
    if connection.vendor == "sqlite":
        refuse(
            "INSERT OR REPLACE INTO comptes_connexion (id, quand, quoi, inconnu, moyen, navigateur, detail) "
            "VALUES (%s, '2026-01-01', 'sortie', '', '', '', '')",
            fait.pk,
        )
    else:
        # (Checks that wait for the end of the transaction would refuse it first.)
        with connection.cursor() as curseur:
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refuse("TRUNCATE comptes_connexion")
    assert Connexion.objects.get(pk=fait.pk).quoi == Quoi.ENTREE


def test_il_s_efface_au_bout_de_sa_garde(settings, capsys):
    settings.GARDE_DU_JOURNAL = 365
    for jours in (400, 366, 364, 1):
        Connexion.objects.create(quoi=Quoi.ENTREE, quand=timezone.now() - datetime.timedelta(days=jours))
    call_command("purger_journal")
    assert "2 ligne(s) de journal" in capsys.readouterr().out
    assert Connexion.objects.count() == 2


def test_les_cles_ne_s_ecrivent_pas(agent, caplog):
    """Neither in the log of requests, nor in a message that quotes an address."""
    import logging
    import re

    from binome.site.socle.journaux import SansLesChiffres

    with caplog.at_level(logging.INFO):
        client = Client()
        client.post(reverse("account_reset_password"), {"email": agent.email})
        lien = re.search(r"http://testserver(\S+/key/\S+)", courriels()[0].body).group(1)
        client.get(lien)
        client.get(f"{lien}reste")
        logging.getLogger("essai").warning("Lien %s ; sessionid=%s", lien, "abc123")
    cle = lien.rstrip("/").rpartition("/")[2]
    for record in caplog.records:
        SansLesChiffres().filter(record)
        ecrit = f"{record.getMessage()} {getattr(record, 'chemin', '')}"
        assert cle not in ecrit
        assert "abc123" not in ecrit
    assert "/comptes/password/reset/key/…/" in [getattr(record, "chemin", "") for record in caplog.records]
