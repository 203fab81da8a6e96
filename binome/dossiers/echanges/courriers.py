"""Letters of a file: filled with what is known, completed by the agent, kept as they were sent; and the outbox."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from binome import francais
from binome.documents import courriers as lettres
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.cycle import compte_de
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.contrats.journal import consigner, etat_de, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Courriel, Courrier, Echeance, LigneVersement
from binome.dossiers.nomenclatures import ENGAGEANTS, Dispositif, EtatPiece, Genre, NaturePiece, Role, StatutLigne
from binome.dossiers.paiements.dus import droits
from binome.dossiers.paiements.grand_livre import solde
from binome.simulation.modele.resultat import Annee
from binome.simulation.mots.conditions import pour_changer
from binome.simulation.mots.phrases import RAISONS
from openfisca_assistants_medicaux import registre

#: Days that a letter leaves to answer: the fund's own habit, which the agent may change in the letter.
REPONSE = datetime.timedelta(days=30)
#: Reminders: how long before the deadline the first one leaves, the gap between two, and how many before silence.
PREMIER_RAPPEL, ENTRE_RAPPELS, RAPPELS = datetime.timedelta(days=30), datetime.timedelta(days=10), 3
#: E-mails: tries before giving up.
ESSAIS = 5
SEPARATEUR = " | "
ECRIVENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)


def preparer(contrat: Contrat, nom: str, acteur: Acteur, jour: datetime.date) -> lettres.Courrier:
    """A letter filled with what is known; what the agent must complete is empty. Raises BinomeErreur."""
    modele = lettres.modele(nom)
    connus, tableaux = champs_connus(contrat, nom, acteur, jour), tableaux_connus(contrat, jour)
    return lettres.Courrier(
        modele=nom,
        caisse=_caisse(contrat),
        destinataire=_destinataire(contrat),
        date=jour,
        reference=contrat.numero,
        champs={champ: connus.get(champ, "") for champ in modele.champs},
        tableaux={
            champ: lettres.Tableau(
                lignes=tuple(
                    tuple(ligne.get(titre, "—") for titre in attendu.titres) for ligne in tableaux.get(champ, ())
                )
            )
            for champ, attendu in modele.tableaux.items()
        },
        signataire=acteur.nom,
    )


def _caisse(contrat: Contrat) -> lettres.Caisse:
    caisse = contrat.caisse
    return lettres.Caisse(
        nom=caisse.nom,
        adresse=tuple(caisse.adresse.splitlines()),
        telephone=caisse.telephone,
        courriel=caisse.courriel,
    )


def _destinataire(contrat: Contrat) -> lettres.Destinataire:
    if contrat.dispositif == Dispositif.COLLECTIF:
        societe = contrat.structure
        assert societe is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
        adresse = ([f"À l'attention de {societe.representant}"] if societe.representant else []) + (
            societe.adresse.splitlines()
        )
        return lettres.Destinataire(civilite_nom=societe.nom, adresse=tuple(adresse))
    medecin = contrat.medecin
    assert medecin is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
    return lettres.Destinataire(
        civilite_nom=medecin.titre, adresse=tuple(medecin.adresse.splitlines()), rpps=medecin.rpps
    )


def champs_connus(contrat: Contrat, modele: str, acteur: Acteur, jour: datetime.date) -> dict[str, str]:
    """Every value that the file tells, by the name that a template gives it, written in French."""
    etat = etat_de(contrat)
    situation, reste = etat.lire(), solde(contrat)
    medecin, compte = contrat.medecin, compte_de(contrat)
    embauche = contrat.embauches.select_related("assistant").order_by("date_debut").last()
    ligne = contrat.lignes_versement.filter(statut=StatutLigne.EMISE).order_by("pk").last()
    signe = situation.contrat or situation.groupe
    limite = francais.date_longue(jour + REPONSE)
    connus: dict[str, str | None] = {
        "date_signature": _date(contrat.date_signature or situation.date_signature),
        "date_fin": _date(contrat.date_fin),
        "date_debut": _date(contrat.date_signature or situation.date_signature),
        "date_appreciation": _date(etat.verdict.get("date_appreciation")),
        "date_demande": _date(timezone.localdate(contrat.cree_le)),
        "date_limite": limite,
        "date_contestation": limite,
        "date_signalement": limite,
        "date_effet": _date(jour),
        "regles": etat.verdict.get("regime_libelle"),
        "regles_actuelles": etat.verdict.get("regime_libelle"),
        "option": None
        if situation.contrat is None or situation.contrat.option is None
        else situation.contrat.option.libelle,
        "etp": None if situation.groupe is None else francais.valeur(situation.groupe.etp_demandes),
        "societe": None if contrat.structure is None else contrat.structure.nom,
        "representant_societe": None if contrat.structure is None else contrat.structure.representant,
        "forme": None if contrat.structure is None else contrat.structure.get_forme_juridique_display(),
        "identifiant": None if contrat.structure is None else contrat.structure.finess or contrat.structure.siret,
        "siege": None if contrat.structure is None else ", ".join(contrat.structure.adresse.splitlines()),
        "specialite": None if medecin is None else medecin.get_specialite_display(),
        "secteur": None if medecin is None else medecin.get_secteur_display(),
        "zone": None if medecin is None else medecin.get_zone_display(),
        "numero_assurance_maladie": None if medecin is None else medecin.numero_am or "non renseigné",
        "cabinet": None if medecin is None else ", ".join(medecin.adresse.splitlines()),
        "assistant": None if embauche is None else str(embauche.assistant),
        "date_embauche": None if embauche is None else _date(embauche.date_debut),
        "embauche": None
        if embauche is None
        else f"{embauche.get_type_contrat_display()}, {_date(embauche.date_debut)}",
        "temps_de_travail": None
        if embauche is None
        else f"{francais.valeur(embauche.centiemes_heures / 100)} h par semaine",
        "compte": None if compte is None else f"compte se terminant par {compte.iban[-4:]}",
        "titulaire": None if compte is None else compte.titulaire,
        "releve_reference": _date(situation.patientele.date_releve),
        "solde": _solde(reste.aide, reste.du_par_le_medecin),
        "interlocuteur": acteur.nom,
        "reference_contrat": contrat.numero,
        "comment_envoyer": "Déposez-les dans votre espace Binôme, ou envoyez-les par courrier à la caisse.",
        "comment_signer": "Signez-le, puis déposez-le dans votre espace Binôme ou renvoyez-le par courrier.",
        "voies_de_recours": "Vous pouvez contester cette décision par écrit auprès de la caisse.",
        "duree": None
        if contrat.date_fin is None or signe is None
        else f"jusqu'au {francais.date_longue(contrat.date_fin)}",
        "beneficiaire": contrat.titulaire,
        "objectifs": _objectifs(etat),
        "representant": contrat.caisse.nom,
        "textes": etat.verdict.get("regime_libelle"),
    }
    if ligne is not None:
        connus |= _du_versement(ligne)
    evaluation = contrat.evaluations.order_by("annee", "version").last()
    if evaluation is not None:
        connus |= {
            "annuite": f"année {evaluation.annee}",
            "date_releve": _date(evaluation.releve_date),
            "date_evaluation": _date(timezone.localdate(evaluation.decidee_le)),
            "taux": f"{francais.valeur(round(evaluation.numerateur * 100 / evaluation.denominateur, 2))} %",
            "regle": evaluation.explication,
        } | _montants_de(etat, evaluation.annee, jour)
        if modele.startswith("evaluation"):
            connus |= {"motif": evaluation.motif or evaluation.explication}
    return {nom: valeur for nom, valeur in connus.items() if valeur}


def _date(date: datetime.date | str | None) -> str | None:
    if isinstance(date, str):
        date = datetime.date.fromisoformat(date)
    return None if date is None else francais.date_longue(date)


def _solde(aide: int, du: int) -> str:
    if du:
        return f"Vous devez {francais.euros(du)} à la caisse."
    return f"La caisse vous doit {francais.euros(aide)}." if aide else "Aucune somme ne reste due."


def _objectifs(etat: Etat) -> str | None:
    dits = [
        f"{o['libelle'].lower()} : de {francais.nombre(o['base'])} à {francais.nombre(o['cible'])}"
        for o in etat.verdict.get("objectifs", [])
        if o["base"] is not None and o["cible"] is not None
    ]
    return " ; ".join(dits) or None


def _du_versement(ligne: LigneVersement) -> dict[str, str | None]:
    return {
        "montant": francais.euros(ligne.montant),
        "date_versement": _date(ligne.campagne.date),
        "date_virement": _date(ligne.campagne.date),
        "reference_virement": ligne.reference,
        "motif": " ".join(detail["explication"] for detail in ligne.details) or None,
        "retenue": (
            f"Un trop-perçu de {francais.euros(ligne.compensation)} a été retenu."
            if ligne.compensation
            else "Aucune retenue."
        ),
    }


def _montants_de(etat: Etat, rang: int, jour: datetime.date) -> dict[str, str | None]:
    annee = next(a for a in next(droits([etat], max(jour, etat.date_signature))).annees if a.rang == rang)
    return {
        "montant_maximal": francais.euros(annee.montant_maximal),
        "montant": francais.euros(annee.montant_du),
    }


def tableaux_connus(contrat: Contrat, jour: datetime.date) -> dict[str, list[dict[str, str]]]:
    """The rows that the file tells, by the name that templates give to the table; each cell under its title."""
    etat = etat_de(contrat)
    verdict, annees = etat.verdict, next(droits([etat], max(jour, etat.date_signature))).annees
    conditions, objectifs = verdict.get("conditions", []), verdict.get("objectifs", [])
    acceptees = set(contrat.pieces.filter(etat=EtatPiece.ACCEPTEE).values_list("nature", flat=True))
    attendues = (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL, NaturePiece.RIB)
    evaluation = contrat.evaluations.order_by("annee", "version").last()
    evalues = {} if evaluation is None else {i: getattr(evaluation, i) for i in ("patientele_mt", "file_active")}
    ligne = contrat.lignes_versement.exclude(details=[]).order_by("pk").last()
    return {
        "montants": [_montant(annee) for annee in annees],
        "objectifs": [_objectif(o) | {"Gain": _nombre(o["gain"])} for o in objectifs],
        "indicateurs": [_objectif(o) | {"Résultat": _nombre(evalues.get(o["indicateur"]))} for o in objectifs],
        "releves": [_objectif(o) | {"Relevé": _nombre(_releve(contrat, o, verdict))} for o in objectifs],
        "pieces": [
            {
                "Pièce": piece.label,
                "Pourquoi": "attendue pour commencer les versements",
                "Ce qui manque": "à envoyer",
                "Qui la fournit": "le médecin",
            }
            for piece in attendues
            if piece not in acceptees
        ],
        "conditions": [
            {"Condition": c["libelle"], "Réponse": RAISONS[c["verdict"]], "Ce qui la fonde": c["raison"]}
            for c in conditions
            if c["verdict"] != "sans_objet"
        ],
        "motifs": [
            {
                "Condition non remplie": c["libelle"],
                "Votre situation": c["raison"],
                "Ce qui est demandé": pour_changer(c["nom"]),
                "Référence": c["reference"],
            }
            for c in conditions
            if c["verdict"] == "non_remplie"
        ],
        "medecins": [
            {"Médecin": str(a.medecin), "RPPS": a.medecin.rpps, "Adhésion": _date(a.debut) or "à la signature"}
            for a in contrat.adhesions.select_related("medecin").order_by("pk")
        ],
        "versements": [] if ligne is None else [_detail(detail) for detail in ligne.details],
        "comptes": [{"Annuité": str(a.rang), "Dû": francais.euros(a.montant_du)} for a in annees],
    }


def _montant(annee: Annee) -> dict[str, str]:
    maximal = francais.euros(annee.montant_maximal)
    return {
        "Annuité": str(annee.rang),
        "Début": _date(annee.debut) or "",
        "Du": _date(annee.debut) or "",
        "Au": _date(annee.fin) or "",
        "Montant maximal": maximal,
        "Total maximal": maximal,
    }


def _objectif(objectif: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Indicateur": objectif["libelle"],
        "Base": _nombre(objectif["base"]),
        "Objectif": _nombre(objectif["cible"]),
    }


def _releve(contrat: Contrat, objectif: Mapping[str, Any], verdict: Mapping[str, Any]) -> int | None:
    """What the doctor's last statement says of an objective's indicator."""
    dernier = None if contrat.medecin is None else contrat.medecin.releves.order_by("-date").first()
    adultes = bool(verdict.get("adultes_seuls"))
    return None if dernier is None else dernier.nombre(objectif["indicateur"], adultes_seuls=adultes)


def _detail(detail: Mapping[str, Any]) -> dict[str, str]:
    """A difference that a campaign found, for a letter."""
    return {
        "Annuité": str(detail["annee"]),
        "Versement": detail["libelle"],
        "Date": _date(detail["date"]) or "",
        "Pourquoi": detail["explication"],
        "Montant": francais.euros(detail["ecart"]),
        "Versé": francais.euros(detail["deja"]),
        "Dû": francais.euros(detail["du"]),
        "En trop": francais.euros(max(detail["deja"] - detail["du"], 0)),
    }


def _nombre(valeur: int | None) -> str:
    return "non connu" if valeur is None else francais.nombre(valeur)


def composer(
    contrat: Contrat,
    nom: str,
    acteur: Acteur,
    champs: Mapping[str, str],
    tableaux: Mapping[str, Sequence[Sequence[str]]],
    jour: datetime.date,
) -> lettres.Courrier:
    """The letter that an agent completed."""
    prepare = preparer(contrat, nom, acteur, jour)
    return prepare.model_copy(
        update={
            "champs": {**prepare.champs, **champs},
            "tableaux": {
                cle: lettres.Tableau(lignes=tuple(tuple(ligne) for ligne in lignes)) for cle, lignes in tableaux.items()
            },
        }
    )


@transaction.atomic
def envoyer(
    contrat_id: int, lettre: lettres.Courrier, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> Courrier:
    """Keep a letter byte for byte, note it in the file, put its e-mail in the outbox. Raises Refus, BinomeErreur."""
    contrat = verrouiller(contrat_id)
    if acteur.role not in ECRIVENT or acteur.caisse_id != contrat.caisse_id:
        raise Refus("courrier : réservé à un gestionnaire ou au responsable de la caisse")
    quand = quand or timezone.now()
    octets = lettres.rendre(lettre)
    objet = lettre.objet or lettres.modele(lettre.modele).objet
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
            lettres.texte(lettre),
            f"courrier:{courrier.pk}",
            courrier=courrier,
            quand=quand,
        )
    return courrier


def mettre_en_boite(
    contrat: Contrat,
    destinataire: str,
    objet: str,
    corps: str,
    cle: str,
    *,
    courrier: Courrier | None = None,
    quand: datetime.datetime | None = None,
) -> bool:
    """Write an e-mail in the outbox, in the caller's transaction; False when this one was already written."""
    try:
        with transaction.atomic():
            Courriel.objects.create(
                caisse_id=contrat.caisse_id,
                contrat=contrat,
                courrier=courrier,
                destinataire=destinataire,
                objet=" ".join(objet.split())[:200],
                corps=corps,
                cle=cle,
                cree_le=quand or timezone.now(),
            )
    except IntegrityError:
        return False
    return True


def vider_la_boite(limite: int = 200) -> tuple[int, int]:
    """Send what waits in the outbox, one transaction each: (sent, failed). A failure is tried again, some times.

    Raises Refus when no mail server is set: nothing may be marked as sent that was not.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        raise Refus("aucun serveur de courriels (EMAIL_URL) : ils restent dans la boîte d'envoi")
    partis = echecs = 0
    for cle in Courriel.objects.filter(envoye_le=None, essais__lt=ESSAIS).values_list("pk", flat=True)[:limite]:
        with transaction.atomic():
            # Another process may be sending it: it is left to them.
            courriel = (
                Courriel.objects.select_for_update(of=("self",), skip_locked=_saute()).filter(pk=cle, envoye_le=None)
            ).first()
            if courriel is None:
                continue
            courriel.essais += 1
            try:
                _message(courriel).send()
            except OSError as erreur:
                courriel.erreur = type(erreur).__name__
                echecs += 1
            else:
                courriel.envoye_le, courriel.erreur = timezone.now(), ""
                partis += 1
            courriel.save(update_fields=["essais", "envoye_le", "erreur"])
    return partis, echecs


def _saute() -> bool:
    """True where the database can skip locked rows (SQLite writes one at a time)."""
    return bool(connection.features.has_select_for_update_skip_locked)


def _message(courriel: Courriel) -> EmailMessage:
    message = EmailMessage(courriel.objet, courriel.corps, to=[courriel.destinataire])
    if courriel.courrier is not None:
        message.attach(f"{courriel.courrier.modele}.pdf", bytes(courriel.courrier.pdf), "application/pdf")
    return message


def relancer(jour: datetime.date, *, quand: datetime.datetime | None = None) -> int:
    """Remind doctors of coming deadlines, spaced, a few times, then silence: how many were written."""
    dues = Echeance.objects.filter(
        faite_le=None,
        contrat__statut__in=ENGAGEANTS,
        contrat__medecin__isnull=False,
        date__lte=jour + PREMIER_RAPPEL,
        date__gte=jour - PREMIER_RAPPEL,
        relances__lt=RAPPELS,
        nom__in=[fiche.nom for fiche in registre.echeances() if fiche.rappel],
    ).filter(Q(relance_envoyee_le=None) | Q(relance_envoyee_le__lte=jour - ENTRE_RAPPELS))
    ecrites = 0
    for cle in list(dues.values_list("pk", flat=True)):
        with transaction.atomic():
            echeance = dues.select_for_update(of=("self",)).select_related("contrat__medecin", "contrat__caisse")
            ligne = echeance.filter(pk=cle).first()
            if ligne is None or ligne.contrat.medecin is None or not ligne.contrat.medecin.courriel:
                continue
            ligne.relance_envoyee_le, ligne.relances = jour, ligne.relances + 1
            ligne.save(update_fields=["relance_envoyee_le", "relances"])
            ecrites += _rappeler(ligne, quand)
    return ecrites


def _rappeler(echeance: Echeance, quand: datetime.datetime | None) -> bool:
    contrat = echeance.contrat
    medecin, caisse = contrat.medecin, contrat.caisse
    assert medecin is not None  # noqa: S101 - filtered by the caller
    corps = (
        f"Docteur,\n\nUne échéance de votre contrat {contrat.numero} : {echeance.libelle.lower()}, "
        f"{francais.date_longue(echeance.date)}.\n\nSi c'est fait, envoyez-nous le justificatif par votre espace. "
        f"Sinon, appelez-nous : {caisse.telephone}.\n\n{caisse.nom}\n"
    )
    objet = f"{caisse.nom} — {echeance.libelle}, le {echeance.date:%d/%m/%Y}"
    return mettre_en_boite(
        contrat, medecin.courriel, objet, corps, f"rappel:{echeance.pk}:{echeance.relances}", quand=quand
    )
