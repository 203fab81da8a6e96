"""A fund sees its own files only: every address, with every role, and another fund's identifiers."""

import datetime
import re
from types import SimpleNamespace

import lxml.html
import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from binome.dossiers.contrats import evaluations
from binome.dossiers.models import (
    Affectation,
    Consultation,
    Courriel,
    Courrier,
    Echeance,
    Ecriture,
    Impression,
    Utilisateur,
    Visite,
)
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.dossiers.paiements import banque, campagnes, comptabilite
from binome.dossiers.patientele import import_releves, prospection
from binome.site.comptes.acces import PUBLICS
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2023, 7, 3)


def peupler(nom):
    """A fund with one of each thing."""
    caisse = fabrique.caisse()
    caisse.nom = f"CPAM {nom}"
    caisse.save()
    gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    medecin = fabrique.medecin(caisse, nom=f"Secret{nom}")
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE, medecin)
    releve = fabrique.releve(medecin, datetime.date(2025, 6, 30), 1600, 1950)
    date = datetime.date(2023, 9, 1)
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=fabrique.instant(date))
    campagnes.preparer(campagne.pk, quand=fabrique.instant(date))
    campagnes.valider(campagne.pk, valideur, quand=fabrique.instant(date))
    banque.emettre_campagne(campagne.pk, valideur, quand=fabrique.instant(date))
    evaluations.decider(contrat.pk, 3, gestionnaire, quand=fabrique.instant(datetime.date(2025, 8, 1)))
    importe = import_releves.apercevoir(
        caisse.pk, "r.csv", f"rpps,date,file_active\n{medecin.rpps},2025-12-31,1900".encode(), gestionnaire
    )
    libre = fabrique.medecin(caisse, nom=f"Libre{nom}")
    prospection.reperer(caisse.pk, gestionnaire)
    visite = Visite.objects.create(medecin=libre, delegue=gestionnaire.utilisateur, prevue_le=date)
    societe = medecin.caisse.structures.create(nom=f"SCM {nom}")
    return SimpleNamespace(
        caisse=caisse,
        medecin=medecin,
        contrat=contrat,
        noms=(f"Secret{nom}", f"Libre{nom}"),
        cles={
            "contrats": contrat.pk,
            "medecins": medecin.pk,
            "medecins/releves": releve.pk,
            "demarchage/medecins": libre.pk,
            "demarchage/visites": visite.pk,
            "structures": societe.pk,
            "comptes": medecin.comptes_bancaires.get().pk,
            "pieces": fabrique.piece(contrat, NaturePiece.DIPLOME).pk,
            "releves": importe.pk,
            "versements": campagne.pk,
            "courriers/signataires": fabrique.signataire(caisse).pk,
            "courriers/impression": Impression.objects.create(caisse=caisse).pk,
            "courriers": Courrier.objects.create(
                caisse=caisse,
                contrat=contrat,
                modele="suspension",
                objet="Objet",
                contenu={},
                pdf=b"%PDF",
                sha256="0" * 64,
            ).pk,
            "courriels": Courriel.objects.create(
                caisse=caisse,
                contrat=contrat,
                destinataire="a@exemple.invalid",
                objet=f"Secret{nom}",
                corps="corps",
                cle=f"abandonne:{nom}",
                erreur="refusé",
                abandonne_le=fabrique.instant(date),
            ).pk,
            "comptabilite": comptabilite.clore(caisse.pk, date, valideur).pk,
            "lignes": campagne.lignes.get().pk,
            "ecritures": Ecriture.objects.filter(contrat=contrat).first().pk,
        },
    )


@pytest.fixture
def ici():
    return peupler("Ici")


@pytest.fixture
def ailleurs():
    return peupler("Ailleurs")


ADRESSES = {
    "nom": "suspendre",
    "acte": "annuler",
    "annee": 3,
    "numero": 4,
    "format_": "csv",
    "empreinte": "0" * 64,
    "page": 1,
}


def motifs(resolveur=None, prefixe="", espaces=()):
    """Every address of the site: (namespaces, pattern)."""
    for element in (resolveur or get_resolver()).url_patterns:
        chemin = prefixe + str(element.pattern)
        if isinstance(element, URLResolver):
            yield from motifs(element, chemin, (*espaces, element.namespace) if element.namespace else espaces)
        elif isinstance(element, URLPattern):
            yield espaces, chemin


def adresses(cles):
    """The private addresses, with these keys in them."""
    for espaces, motif in motifs():
        if not {"caisse", "medecin"} & set(espaces):
            continue
        rubrique = motif.split("/<int:cle>")[0].split("/", 1)[-1]
        if "<int:cle>" in motif and rubrique not in cles:
            assert espaces == ("medecin",), f"clé attendue pour {motif}"
        adresse = motif.replace("<int:cle>", str(cles.get(rubrique, 1)))
        adresse = re.sub(r"<\w+:(\w+)>", lambda t: str(ADRESSES[t.group(1)]), adresse)
        yield motif, "/" + adresse


def tous_les_roles(lieu):
    for role in Role:
        if role == Role.MEDECIN:
            yield fabrique.agent(None, role, medecin=lieu.medecin)
        elif role in (Role.PILOTAGE, Role.ADMINISTRATEUR):
            yield fabrique.agent(None, role)
        else:
            yield fabrique.agent(lieu.caisse, role)


def test_les_cles_d_une_autre_caisse_n_ouvrent_rien(ici, ailleurs, settings):
    settings.MFA_OBLIGATOIRE = False
    avant = Consultation.objects.count()
    for acteur in tous_les_roles(ici):
        client = client_de(acteur)
        for motif, adresse in adresses(ailleurs.cles):
            for methode in (client.get, client.post):
                reponse = methode(adresse)
                if "<int:cle>" in motif:
                    assert reponse.status_code in {403, 404, 405}, (acteur.role, adresse, reponse.status_code)
                corps = b"".join(reponse) if reponse.streaming else reponse.content
                for nom in ailleurs.noms:
                    assert nom.encode() not in corps, (acteur.role, adresse)
    # Nothing of the other fund was even logged as read.
    lus = Consultation.objects.filter(pk__gt=avant, objet="contrat", objet_id=ailleurs.contrat.pk)
    assert not lus.filter(caisse=ici.caisse).exists()


def test_les_cles_de_sa_caisse_ouvrent(ici, settings):
    """The walk above can fail: the same addresses answer to the right agent."""
    settings.MFA_OBLIGATOIRE = False
    responsable = client_de(fabrique.agent(ici.caisse, Role.RESPONSABLE))
    ouvertes = [a for m, a in adresses(ici.cles) if "<int:cle>" in m and responsable.get(a).status_code == 200]
    assert len(ouvertes) >= 20
    assert Consultation.objects.filter(objet="contrat", objet_id=ici.contrat.pk, action="lire").exists()


def test_personne_sans_compte_ni_second_facteur(ici, settings):
    anonyme = Client()
    for _, adresse in adresses(ici.cles):
        reponse = anonyme.get(adresse)
        assert reponse.status_code == 302
        assert reponse["Location"].startswith(reverse("account_login"))
    settings.MFA_OBLIGATOIRE = True
    agent = client_de(fabrique.agent(ici.caisse))
    assert agent.get(reverse("caisse:journee"))["Location"] == reverse("mfa_index")


def test_toute_vue_privee_dit_ses_roles():
    """A view that forgot to say who may use it would be closed; this says which one."""
    for espaces, motif in motifs():
        if {"caisse", "medecin"} & set(espaces):
            adresse = re.sub(r"<\w+:(\w+)>", lambda t: str({"cle": 1, **ADRESSES}[t.group(1)]), motif)
            vue = get_resolver().resolve("/" + adresse).func
            assert getattr(vue, "roles", ()), motif
    assert {"caisse", "medecin"}.isdisjoint(PUBLICS)


def test_les_modeles_nommes_sont_cloisonnes(ici, ailleurs):
    """Every table of a fund answers nothing to the agents of another one."""
    vide = fabrique.caisse()
    fabrique.signataire(vide).delete()
    etranger = fabrique.agent(vide)
    cloisonnes = [modele for modele in apps.get_models() if issubclass(modele, Cloisonne)]
    assert len(cloisonnes) > 10
    for modele in cloisonnes:
        assert not modele.objects.visibles(etranger).exists(), modele
    local = fabrique.agent(ici.caisse)
    assert Echeance.objects.visibles(local).exists()


def test_l_administration_demande_un_administrateur(ici, settings):
    settings.MFA_OBLIGATOIRE = False
    reponse = client_de(fabrique.agent(ici.caisse)).get("/administration/")
    assert reponse.status_code == 302
    assert reponse["Location"].partition("?")[0] == reverse("admin:login")
    assert client_de(fabrique.agent(ici.caisse)).get("/administration/dossiers/caisse/").status_code == 302


def test_un_role_retire_n_ouvre_plus_rien(ici, settings):
    """At the next request, and for this role alone: the others stay."""
    settings.MFA_OBLIGATOIRE = False
    acteur = fabrique.agent(ici.caisse)
    client = client_de(acteur)
    page = reverse("caisse:journee")
    assert client.get(page).status_code == 200
    Affectation.objects.filter(utilisateur=acteur.utilisateur).update(active=False)
    assert client.get(page).status_code == 403
    Affectation.objects.create(utilisateur=acteur.utilisateur, role=Role.GESTIONNAIRE, caisse=fabrique.caisse())
    assert client.get(page).status_code == 200


def test_l_administration_passe_par_la_table_des_transitions(ici, settings):
    """The administration cannot write a state: its actions ask for transitions, with a role in the fund."""
    chef = Utilisateur.objects.create_superuser("chef@exemple.invalid", nom="Chef")
    client = Client()
    client.force_login(chef, backend="allauth.account.auth_backends.AuthenticationBackend")
    brouillon = fabrique.contrat_ouvert(fabrique.agent(ici.caisse), datetime.date(2026, 9, 1))
    liste = "/administration/dossiers/contrat/"
    assert client.get(liste)["Location"] == reverse("mfa_index")
    settings.MFA_OBLIGATOIRE = False
    envoi = {"action": "preparer", "_selected_action": [brouillon.pk]}
    assert "rôle de gestionnaire" in client.post(liste, envoi, follow=True).content.decode()
    Affectation.objects.create(utilisateur=chef, role=Role.RESPONSABLE, caisse=ici.caisse)
    client.post(liste, envoi, follow=True)
    brouillon.refresh_from_db()
    assert brouillon.statut == "a_signer"
    assert brouillon.evenements.last().auteur == chef
    assert client.post(f"{liste}{brouillon.pk}/change/", {"statut": "signe"}).status_code == 403
    brouillon.refresh_from_db()
    assert brouillon.statut == "a_signer"


def test_l_administration_n_enregistre_pas_un_iban_que_la_banque_refuserait(client, settings):
    settings.MFA_OBLIGATOIRE = False
    caisse = fabrique.caisse()
    administrateur = Utilisateur.objects.create_superuser("admin-iban@exemple.invalid")
    client.force_login(administrateur, backend="allauth.account.auth_backends.AuthenticationBackend")
    adresse = f"/administration/dossiers/caisse/{caisse.pk}/change/"
    champs = {"code": caisse.code, "nom": caisse.nom, "iban": "FR00INVALIDE", "bic": caisse.bic, "delai_compte": 2}
    champs |= {"seuil_abandon": 0}
    refus = client.post(adresse, champs)
    assert refus.status_code == 200
    assert refus.context["adminform"].form.errors["iban"] == ["IBAN : numéro invalide, relisez le RIB"]
    avant = caisse.iban
    caisse.refresh_from_db()
    assert caisse.iban == avant
    # Typed with spaces, it is kept as the bank reads it.
    ecrit = " ".join(avant[i : i + 4] for i in range(0, len(avant), 4))
    assert client.post(adresse, champs | {"iban": ecrit}).status_code == 302
    caisse.refresh_from_db()
    assert caisse.iban == avant


#: One of each family; a column of the database, a date or a float cannot hold them, or `int` cannot read them.
HOSTILES = ("9" * 20, "10000-01-01", "\udced\udca0\udc80²")
#: Boxes that a person types in; the rest keeps what the page proposes.
TAPES = ("text", "number", "date", "email", "tel", "search", "url", None)


class Retour(Exception):
    """Undoes what a form did, so that every form meets the same file."""


def formulaires(page):
    return [f for f in lxml.html.fromstring(page).forms if f.method == "POST" and f.action in {None, ""}]


def rempli(formulaire, valeur):
    ecrits = dict(formulaire.form_values())
    for boite in formulaire.xpath(".//textarea | .//input"):
        if boite.name and (boite.tag == "textarea" or boite.get("type") in TAPES):
            ecrits[boite.name] = valeur.encode("utf-8", "surrogateescape")
    return ecrits


def test_aucun_formulaire_prive_ne_casse(ici, settings):
    settings.MFA_OBLIGATOIRE = False
    casses, envoyes = [], 0
    for acteur in (
        fabrique.agent(ici.caisse, Role.RESPONSABLE),
        fabrique.agent(None, Role.MEDECIN, medecin=ici.medecin),
    ):
        client = client_de(acteur)
        for _, adresse in adresses(ici.cles):
            page = client.get(adresse)
            if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
                continue
            for formulaire in formulaires(page.content):
                for valeur in HOSTILES:
                    envoyes += 1
                    try:
                        with transaction.atomic():
                            reponse = client.post(adresse, rempli(formulaire, valeur))
                            if reponse.status_code >= 500:
                                casses.append((adresse, valeur[:12], reponse.status_code))
                            raise Retour
                    except Retour:
                        pass
                    except Exception as erreur:
                        casses.append((adresse, valeur[:12], repr(erreur)[:90]))
    assert envoyes > 60
    assert casses == []
