"""Invented people, funds and contracts for the tests of the files."""

from __future__ import annotations

import datetime
import hashlib
import itertools

from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle, ouverture
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.echanges.pieces import chemin_de
from binome.dossiers.models import (
    Affectation,
    Assistant,
    Caisse,
    CompteBancaire,
    Contrat,
    Medecin,
    Piece,
    Releve,
    Signataire,
    Structure,
    Utilisateur,
)
from binome.dossiers.nomenclatures import EtatPiece, NaturePiece, Role
from binome.simulation.modele.situation import Situation

_RANGS = itertools.count(1)


def _cle_luhn(chiffres: str) -> str:
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if rang % 2 == 0 else 1)
        somme += valeur - 9 if valeur > 9 else valeur
    return str(-somme % 10)


def rpps(rang: int) -> str:
    """A number that has the form of an RPPS, and is nobody's."""
    debut = f"10{rang:08d}"
    return debut + _cle_luhn(debut)


def iban(rang: int) -> str:
    """A French IBAN of no account."""
    bban = f"20041010{rang % 100000:05d}0{rang:010d}"[:21].ljust(21, "0")
    valeur = int("".join(str(int(c, 36)) for c in f"{bban}00"[:23] + "FR00"))
    return f"FR{98 - valeur % 97:02d}{bban}00"[:27]


def caisse(code: str = "") -> Caisse:
    rang = next(_RANGS)
    caisse = Caisse.objects.create(
        code=code or f"{rang:03d}",
        nom=f"CPAM d'Essai {rang}",
        adresse="1 rue de l'Essai\n99000 Essai",
        telephone="01 00 00 00 00",
        courriel=f"caisse{rang}@exemple.invalid",
        iban=iban(rang),
        bic="PSSTFRPPXXX",
        recours_autorite="la commission d'essai",
        recours_delai="deux mois d'essai",
        recours_tribunal="le tribunal d'essai",
    )
    Signataire.objects.create(
        caisse=caisse, nom="Sacha Délégué", qualite="Directeur d'essai", depuis=datetime.date(2019, 1, 1)
    )
    return caisse


def signataire(de: Caisse) -> Signataire:
    """Who signs the letters of decision of a fund."""
    return Signataire.objects.get(caisse=de)


def agent(
    de: Caisse | None, role: Role = Role.GESTIONNAIRE, *, medecin: Medecin | None = None, secteur: str = ""
) -> Acteur:
    rang = next(_RANGS)
    utilisateur = Utilisateur.objects.create_user(f"agent{rang}@exemple.invalid", nom=f"Agent {rang}")
    affectation = Affectation.objects.create(
        utilisateur=utilisateur, role=role, caisse=de, medecin=medecin, secteur_dam=secteur
    )
    return Acteur.de(affectation)


def medecin(de: Caisse, **champs: object) -> Medecin:
    rang = next(_RANGS)
    defauts: dict[str, object] = {
        "rpps": rpps(rang),
        "nom": f"Essai{rang}",
        "prenom": "Camille",
        "specialite": "medecine_generale",
        "secteur": "secteur_1",
        "adresse": "2 rue du Cabinet\n99000 Essai",
        "courriel": f"medecin{rang}@exemple.invalid",
    }
    return Medecin.objects.create(caisse=de, **{**defauts, **champs})


def compte(de: Medecin | Structure, rang: int | None = None) -> CompteBancaire:
    """An account in use for long, as if two agents had seen it."""
    detenteur = {"medecin": de} if isinstance(de, Medecin) else {"structure": de}
    CompteBancaire.objects.filter(actif=True, **detenteur).update(actif=False)
    jadis = instant(datetime.date(2019, 1, 1))
    return CompteBancaire.objects.create(
        caisse=de.caisse, titulaire=str(de), iban=iban(rang or next(_RANGS)), bic="PSSTFRPPXXX", actif=True,
        depuis=jadis, valide_le=jadis, annonce_le=jadis, utilisable_le=jadis.date(), **detenteur,
    )  # fmt: skip


def situation(signature: datetime.date, **contrat: object) -> Situation:
    return Situation.model_validate(
        {
            "medecin": {
                "specialite": "medecine_generale",
                "secteur": "secteur_1",
                "nombre_medecins_lieu": 3,
                "engagement_exercice_coordonne": True,
                "zone": "zip",
                "date_installation": "2010-01-01",
            },
            "patientele": {
                "patientele_mt": 1300,
                "patientele_mt_adultes": 1100,
                "patientele_mt_enfants": 200,
                "file_active": 1800,
            },
            "contrat": {"date_signature": signature.isoformat(), "option": "demi_etp", **contrat},
            "assistant": {"locaux_adaptes": True},
            "objectifs_notifies": {"patientele_mt": {"cible": 1560}, "file_active": {"cible": 1910}},
        }
    )


def instant(jour: datetime.date, heure: int = 12) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


def piece(contrat: Contrat, nature: NaturePiece, quand: datetime.datetime | None = None) -> Piece:
    contenu = f"pièce {next(_RANGS)}".encode()
    sha256 = hashlib.sha256(contenu).hexdigest()
    chemin_de(sha256).parent.mkdir(parents=True, exist_ok=True)
    chemin_de(sha256).write_bytes(contenu)
    return Piece.objects.create(
        caisse=contrat.caisse,
        contrat=contrat,
        nature=nature,
        etat=EtatPiece.ACCEPTEE,
        nom=f"{nature}.pdf",
        type_mime="application/pdf",
        taille=len(contenu),
        sha256=sha256,
        deposee_le=quand or timezone.now(),
    )


def contrat_ouvert(acteur: Acteur, signature: datetime.date, de: Medecin | None = None, **champs: object) -> Contrat:
    qui = de or medecin(Caisse.objects.get(pk=acteur.caisse_id))
    return ouverture.ouvrir(situation(signature, **champs), acteur, medecin=qui, quand=instant(signature, 8))


def contrat_signe(acteur: Acteur, signature: datetime.date, de: Medecin | None = None, **champs: object) -> Contrat:
    contrat = contrat_ouvert(acteur, signature, de, **champs)
    cycle.appliquer(contrat.pk, "preparer", acteur, quand=instant(signature, 9))
    cycle.appliquer(contrat.pk, "signer", acteur, date_effet=signature, quand=instant(signature, 10))
    contrat.refresh_from_db()
    return contrat


def contrat_en_cours(acteur: Acteur, signature: datetime.date, de: Medecin | None = None, **champs: object) -> Contrat:
    contrat = contrat_signe(acteur, signature, de, **champs)
    qui = Assistant.objects.create(caisse=contrat.caisse, nom=f"Aide{contrat.pk}", prenom="Alix", profil="deas")
    assistant.embaucher(
        contrat.pk, qui, acteur, date_debut=signature, centiemes_heures=1750, quand=instant(signature, 11)
    )
    for nature in (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL):
        piece(contrat, nature, instant(signature, 12))
    assert contrat.medecin is not None
    if not contrat.medecin.comptes_bancaires.filter(actif=True).exists():
        compte(contrat.medecin)
    cycle.appliquer(contrat.pk, "demarrer", acteur, quand=instant(signature, 13))
    contrat.refresh_from_db()
    return contrat


def releve(de: Medecin, date: datetime.date, patientele_mt: int, file_active: int) -> Releve:
    return Releve.objects.create(medecin=de, date=date, patientele_mt=patientele_mt, file_active=file_active)
