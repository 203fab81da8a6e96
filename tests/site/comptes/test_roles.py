"""Every role given, changed or withdrawn is in the journal: to whom, by whom, from where, what it opens."""

import pytest
from django.core.management import call_command
from django.test import Client

from binome.dossiers.models import Affectation, Utilisateur
from binome.dossiers.nomenclatures import Role
from binome.site.comptes.models import Connexion
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
Quoi = Connexion.Quoi
ICI = {"REMOTE_ADDR": "192.0.2.9", "HTTP_USER_AGENT": "Poste d'essai"}


@pytest.fixture
def chef():
    return Utilisateur.objects.create_superuser("chef@exemple.invalid")


@pytest.fixture
def administration(settings, chef):
    settings.MFA_OBLIGATOIRE = False
    client = Client(**ICI)
    client.force_login(chef, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def champs(compte, *affectations, **changes):
    """What the page of an account sends."""
    ecrits = {
        "email": compte.email,
        "nom": compte.nom,
        "is_active": "on",
        "affectations-TOTAL_FORMS": len(affectations),
        "affectations-INITIAL_FORMS": sum("id" in a for a in affectations),
    }
    for rang, affectation in enumerate(affectations):
        ecrits |= {f"affectations-{rang}-{nom}": valeur for nom, valeur in affectation.items()}
    return ecrits | changes


def nouveaux(depuis):
    return [
        (f.quoi, f.utilisateur.email, getattr(f.auteur, "email", None), f.client, f.detail)
        for f in Connexion.objects.filter(pk__gt=depuis).order_by("pk").select_related("utilisateur", "auteur")
    ]


def dernier():
    return Connexion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_donner_changer_retirer_par_l_administration(administration, chef):
    ici, ailleurs = fabrique.caisse(), fabrique.caisse()
    avant = dernier()
    page = "/administration/dossiers/utilisateur/"
    neuf = {
        "email": "neuf@exemple.invalid",
        "is_active": "on",
        "affectations-TOTAL_FORMS": 1,
        "affectations-INITIAL_FORMS": 0,
        "affectations-0-role": Role.GESTIONNAIRE,
        "affectations-0-caisse": ici.pk,
        "affectations-0-active": "on",
    }
    assert administration.post(f"{page}add/", neuf).status_code == 302
    compte = Utilisateur.objects.get(email="neuf@exemple.invalid")
    affectation = compte.affectations.get()
    tenue = {"id": affectation.pk, "utilisateur": compte.pk, "caisse": ailleurs.pk, "role": Role.VALIDEUR}
    adresse = f"{page}{compte.pk}/change/"
    administration.post(adresse, champs(compte, tenue | {"active": "on"}))
    # Sent again as it is, nothing is written.
    administration.post(adresse, champs(compte, tenue | {"active": "on"}))
    administration.post(adresse, champs(compte, tenue))
    administration.post(adresse, champs(compte, tenue, is_staff="on", is_superuser="on"))
    administration.post(adresse, champs(compte, tenue, is_staff="on"))
    administration.post(adresse, champs(compte, tenue, is_active=""))
    par = (compte.email, chef.email, "192.0.2.9")
    assert nouveaux(avant) == [
        (Quoi.COMPTE_OUVERT, *par, ""),
        (Quoi.ROLE_DONNE, *par, f"Gestionnaire — {ici}"),
        (Quoi.ROLE_CHANGE, *par, f"Gestionnaire — {ici} → Valideur — {ailleurs}"),
        (Quoi.ROLE_RETIRE, *par, f"Valideur — {ailleurs}"),
        (Quoi.DROIT_DONNE, *par, "accès à l'administration"),
        (Quoi.DROIT_DONNE, *par, "statut super-utilisateur"),
        (Quoi.DROIT_RETIRE, *par, "statut super-utilisateur"),
        (Quoi.COMPTE_FERME, *par, ""),
        (Quoi.DROIT_RETIRE, *par, "accès à l'administration"),
    ]
    lue = administration.get("/administration/comptes/connexion/", {"q": chef.email}).content.decode()
    assert "Rôle retiré" in lue
    assert "Gestionnaire — CPAM" in lue


def test_le_titulaire_le_lit():
    agent = fabrique.agent(fabrique.caisse())
    client = Client()
    client.force_login(agent.utilisateur, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = " ".join(client.get("/comptes/sessions/").content.decode().split())
    assert f"rôle donné (commande) : {agent.role.label}" in page.replace("\xa0", " ")


def test_une_commande_se_dit(capsys):
    avant = dernier()
    call_command("createsuperuser", "--noinput", "--email", "racine@exemple.invalid")
    faits = Connexion.objects.filter(pk__gt=avant).order_by("pk")
    assert [(f.quoi, f.moyen, f.auteur) for f in faits] == [
        (Quoi.COMPTE_OUVERT, "commande", None),
        (Quoi.DROIT_DONNE, "commande", None),
        (Quoi.DROIT_DONNE, "commande", None),
    ]


def test_un_role_efface_d_une_commande_se_dit():
    agent = fabrique.agent(fabrique.caisse())
    affectation = Affectation.objects.get(utilisateur=agent.utilisateur)
    avant = dernier()
    affectation.delete()
    assert [f[0] for f in nouveaux(avant)] == [Quoi.ROLE_RETIRE]


@pytest.mark.parametrize("table", ["utilisateur", "courriel", "contrat", "consultation", "caisse", "plancomptable"])
@pytest.mark.parametrize("dit", ["²", "9" * 30])
def test_une_liste_de_l_administration_ne_tombe_pas(administration, table, dit):
    """Neither by a key that is none, nor by a date that is none."""
    liste = f"/administration/dossiers/{table}/"
    choix = administration.get(liste).context["action_form"]
    for action in [nom for nom, _ in choix.fields["action"].choices if nom] if choix else []:
        reponse = administration.post(liste, {"action": action, "_selected_action": dit})
        assert reponse.status_code == 400, action
    assert administration.get(liste, {"quand__year": dit}).status_code in (302, 400)
