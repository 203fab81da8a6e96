"""A letter of a file: drafted with what is known, completed by the agent, kept byte for byte once it is sent."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from binome.documents import courriers
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.echanges.boite_d_envoi import mettre_en_boite
from binome.dossiers.echanges.sources import champs_connus, tableaux_connus
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Courrier
from binome.dossiers.nomenclatures import Dispositif, Genre, Role

#: Between the cells of a row, where an agent types a table.
SEPARATEUR = " | "
ECRIVENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)


def preparer(contrat: Contrat, nom: str, acteur: Acteur, jour: datetime.date) -> courriers.Courrier:
    """A letter filled with what is known; what the agent must complete is empty. Raises BinomeErreur."""
    modele = courriers.modele(nom)
    connus, tableaux = champs_connus(contrat, nom, acteur, jour), tableaux_connus(contrat, jour)
    return courriers.Courrier(
        modele=nom,
        caisse=_caisse(contrat),
        destinataire=_destinataire(contrat),
        date=jour,
        reference=contrat.numero,
        champs={champ: connus.get(champ, "") for champ in modele.champs},
        tableaux={
            champ: courriers.Tableau(
                lignes=tuple(
                    tuple(ligne.get(titre, "—") for titre in attendu.titres) for ligne in tableaux.get(champ, ())
                )
            )
            for champ, attendu in modele.tableaux.items()
        },
        signataire=acteur.nom,
    )


def _caisse(contrat: Contrat) -> courriers.Caisse:
    caisse = contrat.caisse
    return courriers.Caisse(
        nom=caisse.nom,
        adresse=tuple(caisse.adresse.splitlines()),
        telephone=caisse.telephone,
        courriel=caisse.courriel,
    )


def _destinataire(contrat: Contrat) -> courriers.Destinataire:
    if contrat.dispositif == Dispositif.COLLECTIF:
        societe = contrat.structure
        assert societe is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
        adresse = ([f"À l'attention de {societe.representant}"] if societe.representant else []) + (
            societe.adresse.splitlines()
        )
        return courriers.Destinataire(civilite_nom=societe.nom, adresse=tuple(adresse))
    medecin = contrat.medecin
    assert medecin is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
    return courriers.Destinataire(
        civilite_nom=medecin.titre, adresse=tuple(medecin.adresse.splitlines()), rpps=medecin.rpps
    )


def composer(
    contrat: Contrat,
    nom: str,
    acteur: Acteur,
    champs: Mapping[str, str],
    tableaux: Mapping[str, Sequence[Sequence[str]]],
    jour: datetime.date,
) -> courriers.Courrier:
    """The letter that an agent completed."""
    prepare = preparer(contrat, nom, acteur, jour)
    return prepare.model_copy(
        update={
            "champs": {**prepare.champs, **champs},
            "tableaux": {
                cle: courriers.Tableau(lignes=tuple(tuple(ligne) for ligne in lignes))
                for cle, lignes in tableaux.items()
            },
        }
    )


@transaction.atomic
def envoyer(
    contrat_id: int, lettre: courriers.Courrier, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> Courrier:
    """Keep a letter byte for byte, note it in the file, put its e-mail in the outbox. Raises Refus, BinomeErreur."""
    contrat = verrouiller(contrat_id)
    if acteur.role not in ECRIVENT or acteur.caisse_id != contrat.caisse_id:
        raise Refus("courrier : réservé à un gestionnaire ou au responsable de la caisse")
    quand = quand or timezone.now()
    octets = courriers.rendre(lettre)
    objet = lettre.objet or courriers.modele(lettre.modele).objet
    courrier = Courrier.objects.create(
        caisse_id=contrat.caisse_id,
        contrat=contrat,
        modele=lettre.modele,
        objet=objet[:200],
        contenu=lettre.model_dump(mode="json"),
        pdf=octets,
        sha256=hashlib.sha256(octets).hexdigest(),
        cree_le=quand,
        auteur=acteur.utilisateur,
    )
    consigner(
        contrat,
        Genre.COURRIER,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"courrier": courrier.pk, "modele": lettre.modele},
        motif=objet,
        quand=quand,
    )
    if contrat.medecin is not None and contrat.medecin.courriel:
        mettre_en_boite(
            contrat,
            contrat.medecin.courriel,
            f"{contrat.caisse.nom} — {objet}",
            courriers.texte(lettre),
            f"courrier:{courrier.pk}",
            courrier=courrier,
            quand=quand,
        )
    return courrier
