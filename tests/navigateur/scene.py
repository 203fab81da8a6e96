"""Who works in the site that the browser visits: a fund, its agents, a doctor and a society."""

from __future__ import annotations

import datetime

from allauth.account.models import EmailAddress

from binome.dossiers.models import Affectation, Caisse, Medecin, Structure, Utilisateur
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique

MOT_DE_PASSE = "une-phrase-assez-longue"
RPPS = fabrique.rpps(700_001)
MEMBRES = tuple(fabrique.rpps(700_010 + rang) for rang in range(3))
IBAN = fabrique.iban(77)


def peupler() -> None:
    """Fill an empty database."""
    caisse = Caisse.objects.create(
        code="999", nom="CPAM du Navigateur", adresse="1 rue d'Essai\n99000 Essai", telephone="01 00 00 00 00",
        courriel="caisse@exemple.invalid", iban=fabrique.iban(1), bic="PSSTFRPPXXX",
        # The visit lasts a minute: an account is paid as soon as its holder is told.
        delai_compte=0,
    )  # fmt: skip
    for role in (Role.GESTIONNAIRE, Role.VALIDEUR, Role.RESPONSABLE):
        _compte(f"{role}@exemple.invalid", role, caisse=caisse)
    commun = {
        "caisse": caisse, "prenom": "Camille", "specialite": "medecine_generale", "secteur": "secteur_1", "zone": "zip",
        "date_installation": datetime.date(2010, 1, 1), "adresse": "2 rue du Cabinet\n99000 Essai",
    }  # fmt: skip
    medecin = Medecin.objects.create(rpps=RPPS, nom="Aubépine", courriel="medecin@exemple.invalid", **commun)
    _compte("medecin@exemple.invalid", Role.MEDECIN, medecin=medecin)
    societe = Structure.objects.create(
        caisse=caisse, nom="SCM des Essais", forme_juridique="SCM", siret="73282932000074", adresse="3 rue des Trois",
        representant="Dr Un",
    )  # fmt: skip
    fabrique.compte(societe, 78)
    for rang, rpps in enumerate(MEMBRES):
        Medecin.objects.create(rpps=rpps, nom=f"Membre{rang}", structure=societe, **commun)


def _compte(courriel: str, role: Role, *, caisse: Caisse | None = None, medecin: Medecin | None = None) -> None:
    utilisateur = Utilisateur.objects.create_user(courriel, MOT_DE_PASSE, nom=role.label)
    EmailAddress.objects.create(user=utilisateur, email=courriel, verified=True, primary=True)
    Affectation.objects.create(utilisateur=utilisateur, role=role, caisse=caisse, medecin=medecin)
