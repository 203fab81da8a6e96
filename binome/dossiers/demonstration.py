"""A demonstration fund: some sixty doctors, contracts of every rule set and state, five years of history, all invented.

The history is lived, not written: every event, evaluation and campaign goes through the same functions as the pages,
month after month, each at its own date.
"""

from __future__ import annotations

import calendar
import datetime
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from PIL import Image
from stdnum import iban as _iban
from stdnum import luhn

from binome.dossiers import banque, campagnes, cycle, evaluations, ouverture, pieces, prospection, vie
from binome.dossiers.acteur import Acteur
from binome.dossiers.erreurs import Refus
from binome.dossiers.journal import etat_de
from binome.dossiers.models import (
    Affectation,
    Assistant,
    Caisse,
    CompteBancaire,
    Contrat,
    Medecin,
    Releve,
    Structure,
    Utilisateur,
    Visite,
)
from binome.dossiers.nomenclatures import ENGAGEANTS, IssueVisite, NaturePiece, Role, Statut, StatutCampagne
from binome.dossiers.releves import releves_de_la_loi

PRENOMS = "Alix Camille Charlie Claude Dominique Eden Lou Maxime Morgan Noa Sacha Yaël Andrea Ange Sam".split()  # noqa: SIM905
NOMS = [
    "Abricot",
    "Bruyère",
    "Cerfeuil",
    "Dahlia",
    "Églantine",
    "Fougère",
    "Genêt",
    "Houblon",
    "Iris",
    "Jonquille",
    "Kumquat",
    "Lavande",
    "Mélisse",
    "Noisetier",
    "Orchis",
    "Pervenche",
    "Quetsche",
    "Romarin",
    "Sarriette",
    "Tilleul",
    "Ulmaire",
    "Verveine",
    "Muguet",
    "Anémone",
    "Bourrache",
    "Capucine",
    "Ciboulette",
    "Digitale",
    "Estragon",
    "Fenouil",
    "Gentiane",
    "Hysope",
    "Immortelle",
    "Jasmin",
    "Lilas",
    "Marjolaine",
    "Nigelle",
    "Origan",
    "Pavot",
    "Réséda",
    "Sauge",
    "Thym",
    "Valériane",
    "Violette",
    "Acacia",
    "Bleuet",
    "Coquelicot",
    "Douce-Amère",
    "Épine",
    "Framboise",
    "Grenade",
    "Hibiscus",
    "Ipomée",
    "Jujube",
    "Laurier",
    "Myrtille",
    "Narcisse",
    "Olivier",
    "Pivoine",
    "Renoncule",
    "Safran",
    "Trèfle",
    "Véronique",
    "Aubépine",
    "Cassis",
]
SECTEURS = ("Nord", "Sud", "Littoral", "Plateau")
#: Password of every demonstration account: the command says it, and refuses a fund that is not one.
MOT_DE_PASSE = "binome-demonstration"
COMPTES = {
    "gestionnaire": Role.GESTIONNAIRE,
    "valideur": Role.VALIDEUR,
    "responsable": Role.RESPONSABLE,
    "delegue": Role.DELEGUE,
    "pilotage": Role.PILOTAGE,
    "administrateur": Role.ADMINISTRATEUR,
}
CODE = "000"
HEURES = {"tiers_etp": 1167, "demi_etp": 1750, "un_etp": 3500}
#: Contracts by month of signature: (year, month, option, what happens to them).
HISTOIRES: tuple[tuple[int, int, str, str], ...] = (
    (2020, 1, "demi_etp", ""),
    (2020, 2, "tiers_etp", ""),
    (2020, 6, "un_etp", ""),
    (2020, 9, "demi_etp", "renouvele"),
    (2020, 11, "demi_etp", "resilie"),
    (2021, 1, "tiers_etp", "renouvele"),
    (2021, 3, "un_etp", ""),
    (2021, 5, "demi_etp", ""),
    (2021, 9, "demi_etp", "suspendu_repris"),
    (2021, 11, "tiers_etp", ""),
    (2022, 1, "demi_etp", "bascule"),
    (2022, 4, "un_etp", ""),
    (2022, 6, "demi_etp", ""),
    (2022, 10, "demi_etp", "baisse"),
    (2023, 1, "demi_etp", ""),
    (2023, 3, "un_etp", "resilie"),
    (2023, 6, "un_etp", ""),
    (2023, 7, "demi_etp", "fort"),
    (2023, 9, "un_etp", "contestee"),
    (2023, 10, "demi_etp", "fort"),
    (2023, 12, "un_etp", ""),
    (2024, 1, "un_etp", "baisse"),
    (2024, 3, "un_etp", ""),
    (2024, 5, "demi_etp", "fort"),
    (2024, 7, "un_etp", ""),
    (2024, 8, "un_etp", "a_evaluer"),
    (2024, 9, "demi_etp", "a_evaluer"),
    (2024, 10, "un_etp", "a_evaluer"),
    (2024, 11, "un_etp", ""),
    (2025, 1, "un_etp", "avenant"),
    (2025, 2, "demi_etp", ""),
    (2025, 4, "un_etp", "rejete"),
    (2025, 6, "un_etp", ""),
    (2025, 9, "un_etp", "suspendu"),
    (2025, 11, "demi_etp", ""),
    (2026, 1, "un_etp", ""),
    (2026, 3, "demi_etp", ""),
    (2026, 5, "un_etp", ""),
    (2026, 8, "un_etp", ""),
    (2026, 9, "un_etp", "incomplet"),
    (2026, 10, "demi_etp", "incomplet"),
    (2026, 11, "un_etp", "a_signer"),
    (2026, 11, "demi_etp", "brouillon"),
)
#: Doctors without contract, for the delegates.
PROSPECTS = 18


@dataclass
class Recit:
    """What the demonstration has under hand while it is lived."""

    caisse: Caisse
    acteurs: dict[str, Acteur]
    hasard: random.Random
    fin: datetime.date
    #: What each contract will live, by key.
    destins: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def peupler(fin: datetime.date | None = None, graine: int = 2026) -> Caisse:
    """Live the demonstration fund's history up to a day. Raises Refus when the database already has a fund."""
    if Caisse.objects.exists():
        raise Refus("la base tient déjà une caisse : la démonstration ne s'ajoute qu'à une base vide")
    hasard = random.Random(graine)  # noqa: S311 - invented people, the same each time
    caisse = Caisse.objects.create(
        code=CODE,
        nom="CPAM de Démonstration",
        adresse="1 place de l'Exemple\n00000 Démonstration",
        telephone="01 00 00 00 00",
        courriel="caisse@demonstration.invalid",
        iban=iban(0),
        bic="PSSTFRPPXXX",
    )
    acteurs = {nom: _compte(nom, role, caisse) for nom, role in COMPTES.items()}
    recit = Recit(caisse, acteurs, hasard, fin or timezone.localdate())
    medecins = [_medecin(recit, rang) for rang in range(len(HISTOIRES))]
    prospects = [_medecin(recit, len(HISTOIRES) + rang) for rang in range(PROSPECTS + 6)]
    jour = min(datetime.date(annee, mois, 1) for annee, mois, *_ in HISTOIRES)
    _releves(recit, [*medecins, *prospects], jour)
    while jour <= recit.fin:
        _un_mois(recit, medecins, prospects, jour)
        jour = _mois_suivant(jour)
    prospection.reperer(caisse.pk, acteurs["gestionnaire"], jour=recit.fin)
    _visites(recit, prospects[6:])
    premier = Contrat.objects.filter(statut=Statut.EN_COURS, medecin__isnull=False).order_by("pk").last()
    if premier is not None and premier.medecin is not None:
        _compte("medecin", Role.MEDECIN, None, premier.medecin)
    return caisse


def _mois_suivant(jour: datetime.date) -> datetime.date:
    return (jour.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def rpps(rang: int) -> str:
    """A number with the form of an RPPS, in a range that no register uses."""
    debut = f"1099{rang:06d}"
    return debut + luhn.calc_check_digit(debut)


def iban(rang: int) -> str:
    """A French IBAN with right keys, of a bank that does not exist."""
    compte = f"{rang:011d}"
    cle = 97 - (89 * 99999 + 15 * 99999 + 3 * int(compte)) % 97
    bban = f"9999999999{compte}{cle:02d}"
    return f"FR{_iban.calc_check_digits('FR00' + bban)}{bban}"


def _compte(nom: str, role: Role, caisse: Caisse | None, medecin: Medecin | None = None) -> Acteur:
    courriel = f"{nom}@demonstration.invalid"
    utilisateur = Utilisateur.objects.create_user(
        courriel,
        MOT_DE_PASSE,
        nom=str(medecin) if medecin else role.label,
        is_staff=role == Role.ADMINISTRATEUR,
        is_superuser=role == Role.ADMINISTRATEUR,
    )
    EmailAddress.objects.create(user=utilisateur, email=courriel, verified=True, primary=True)
    nationale = role in (Role.PILOTAGE, Role.ADMINISTRATEUR)
    affectation = Affectation.objects.create(
        utilisateur=utilisateur,
        role=role,
        caisse=None if nationale or medecin else caisse,
        medecin=medecin,
        secteur_dam=SECTEURS[0] if role == Role.DELEGUE else "",
    )
    return Acteur.de(affectation)


def _medecin(recit: Recit, rang: int) -> Medecin:
    hasard = recit.hasard
    return Medecin.objects.create(
        caisse=recit.caisse,
        rpps=rpps(rang + 1),
        numero_am=f"99{rang + 1:07d}",
        nom=NOMS[rang % len(NOMS)],
        prenom=PRENOMS[rang % len(PRENOMS)],
        specialite="medecine_generale",
        secteur="secteur_1",
        zone="zip" if _temps_plein(rang) else hasard.choice(("zip", "zac", "hors_zone")),
        date_installation=datetime.date(hasard.randint(1998, 2016), hasard.randint(1, 12), 1),
        adresse=f"{rang + 1} rue des Herbes\n00000 Démonstration",
        courriel=f"docteur{rang + 1}@demonstration.invalid",
        secteur_dam=SECTEURS[rang % len(SECTEURS)],
    )


def _temps_plein(rang: int) -> bool:
    """Under the first rules, a full-time post was for under-served areas."""
    return rang < len(HISTOIRES) and HISTOIRES[rang][2] == "un_etp"


def _releves(recit: Recit, medecins: list[Medecin], debut: datetime.date) -> None:
    """A statement each half-year from before the first contract: growing lists, each at its own pace."""
    lignes = []
    for rang, medecin in enumerate(medecins):
        fort = rang < len(HISTOIRES) and HISTOIRES[rang][3] == "fort"
        baisse = rang < len(HISTOIRES) and HISTOIRES[rang][3] == "baisse"
        prospect = rang >= len(HISTOIRES)
        mt = recit.hasard.randint(2250, 2400) if fort else recit.hasard.randint(600 if prospect else 900, 1500)
        fa = int(mt * recit.hasard.uniform(1.25, 1.5))
        pas = recit.hasard.uniform(0.99, 0.995) if baisse else recit.hasard.uniform(1.002, 1.035)
        for date in _dates_de_releve(debut, recit.fin):
            adultes = int(mt * 0.83)
            lignes.append(
                Releve(
                    medecin=medecin,
                    date=date,
                    patientele_mt=mt,
                    patientele_mt_adultes=adultes,
                    patientele_mt_enfants=mt - adultes,
                    file_active=fa,
                    saisi_le=_instant(date + datetime.timedelta(days=20)),
                )
            )
            mt, fa = int(mt * pas), int(fa * pas)
    Releve.objects.bulk_create(lignes, batch_size=500)


def _dates_de_releve(debut: datetime.date, fin: datetime.date) -> Iterator[datetime.date]:
    for annee in range(debut.year - 1, fin.year + 1):
        for jour in releves_de_la_loi():
            date = datetime.date(annee, int(jour[:2]), int(jour[3:]))
            if date < fin:
                yield date


def _instant(jour: datetime.date, heure: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


def _un_mois(recit: Recit, medecins: list[Medecin], prospects: list[Medecin], mois: datetime.date) -> None:
    for rang, (annee, numero, option, destin) in enumerate(HISTOIRES):
        if (annee, numero) == (mois.year, mois.month):
            _signer(recit, medecins[rang], mois.replace(day=3 + rang % 8), option, destin)
    if (mois.year, mois.month) == (2026, 4):
        _collectif(recit, prospects[:6], mois.replace(day=7))
    for contrat in Contrat.objects.filter(caisse=recit.caisse, statut__in=ENGAGEANTS).order_by("pk"):
        _vivre(recit, contrat, mois)
    if mois.replace(day=15) < recit.fin.replace(day=1):
        _payer(recit, mois.replace(day=15))
    elif mois.replace(day=15) <= recit.fin:
        # The last campaign waits for its validation.
        campagne = campagnes.ouvrir(recit.caisse.pk, mois.replace(day=15), recit.acteurs["gestionnaire"])
        campagnes.preparer(campagne.pk)


def _signer(recit: Recit, medecin: Medecin, signature: datetime.date, option: str, destin: str) -> None:
    acteur = recit.acteurs["gestionnaire"]
    releve = medecin.releves.filter(date__lt=signature).order_by("-date").first()
    assert releve is not None  # noqa: S101 - statements begin before the contracts
    situation = ouverture.lire_situation(
        {
            "medecin": {
                "specialite": medecin.specialite,
                "secteur": medecin.secteur,
                "zone": medecin.zone,
                "date_installation": str(medecin.date_installation),
                "nombre_medecins_lieu": 3,
                "engagement_exercice_coordonne": True,
                "part_honoraires_cliniques": 1,
            },
            "patientele": {
                "patientele_mt": releve.patientele_mt,
                "patientele_mt_adultes": releve.patientele_mt_adultes,
                "patientele_mt_enfants": releve.patientele_mt_enfants,
                "file_active": releve.file_active,
                "date_releve": str(releve.date),
            },
            "contrat": {"date_signature": str(signature), "option": option},
            "assistant": {"locaux_adaptes": True, "teletravail": "aucun"},
            "objectifs_notifies": {
                "patientele_mt": {"gain": int((releve.patientele_mt or 0) * 0.12)},
                "file_active": {"gain": int((releve.file_active or 0) * 0.1)},
            },
        }
    )
    contrat = ouverture.ouvrir(situation, acteur, medecin=medecin, quand=_instant(signature, 9))
    recit.destins[contrat.pk] = destin
    if destin == "brouillon":
        return
    _appliquer(recit, contrat, "preparer", signature)
    if destin == "a_signer":
        return
    _appliquer(recit, contrat, "signer", signature, date_effet=signature)
    if destin == "incomplet":
        pieces.deposer(
            "contrat.png", _image(contrat.pk), NaturePiece.CONTRAT_SIGNE, acteur, contrat=contrat,
            quand=_instant(signature, 14),
        )  # fmt: skip
        return
    _commencer(recit, contrat, signature, option)


def _appliquer(recit: Recit, contrat: Contrat, nom: str, jour: datetime.date, **champs: Any) -> None:
    role = "responsable" if contrat.etat["verdict"]["eligible"] != "oui" or champs.pop("derogation", False) else ""
    motif = champs.pop("motif", "") or ("Décision de la caisse après examen du dossier." if role else "")
    acteur = recit.acteurs[role or "gestionnaire"]
    cycle.appliquer(contrat.pk, nom, acteur, motif=motif, quand=_instant(jour, 11), **champs)
    contrat.refresh_from_db()


def _commencer(recit: Recit, contrat: Contrat, signature: datetime.date, option: str) -> None:
    acteur, rang = recit.acteurs["gestionnaire"], contrat.pk
    embauche = signature + datetime.timedelta(days=recit.hasard.randint(0, 10))
    quand = _instant(embauche, 15)
    qui = Assistant.objects.create(
        caisse=recit.caisse,
        nom=NOMS[(rang * 7) % len(NOMS)],
        prenom=PRENOMS[(rang * 3) % len(PRENOMS)],
        profil=recit.hasard.choice(("cqp_am", "dei", "deas", "autre")),
    )
    vie.embaucher(rang, qui, acteur, date_debut=embauche, centiemes_heures=HEURES.get(option, 3500), quand=quand)
    for nature in (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL, NaturePiece.RIB):
        pieces.deposer(f"{nature}.png", _image(rang), nature, acteur, contrat=contrat, acceptee=True, quand=quand)
    qui_est_paye: dict[str, Any] = (
        {"structure": contrat.structure} if contrat.structure else {"medecin": contrat.medecin}
    )
    if not CompteBancaire.objects.filter(actif=True, **qui_est_paye).exists():
        CompteBancaire.objects.create(
            caisse=recit.caisse,
            titulaire=contrat.titulaire,
            iban=iban(rang),
            depuis=quand,
            **qui_est_paye,
        )
    contrat.refresh_from_db()
    cycle.appliquer(rang, "demarrer", acteur, quand=_instant(embauche, 16))
    coordination = contrat.echeances.filter(nom="date_limite_exercice_coordonne").first()
    if coordination is not None and recit.hasard.random() < 0.7:
        vie.faire_echeance(coordination, acteur, date=embauche, quand=_instant(embauche, 18))
    formation = embauche + datetime.timedelta(days=200)
    if formation < recit.fin and recit.hasard.random() < 0.8:
        fini = formation + datetime.timedelta(days=300)
        vie.noter_formation(
            rang, qui, acteur, commencee_le=formation, obtenue_le=fini if fini < recit.fin else None,
            quand=_instant(embauche, 17),
        )  # fmt: skip


def _image(rang: int) -> bytes:
    """A small picture that stands for a document."""
    flux = io.BytesIO()
    Image.new("RGB", (40, 56), (240, 240, 200 + rang % 50)).save(flux, "PNG")
    return flux.getvalue()


def _vivre(recit: Recit, contrat: Contrat, mois: datetime.date) -> None:
    """What happens to a contract in a month: evaluations, then its own fate."""
    destin, acteur = recit.destins.get(contrat.pk, ""), recit.acteurs["gestionnaire"]
    signature = contrat.date_signature
    if signature is None or contrat.statut == Statut.SIGNE:
        return
    fin_du_mois = min(mois.replace(day=calendar.monthrange(mois.year, mois.month)[1]), recit.fin)
    age = (mois.year - signature.year) * 12 + mois.month - signature.month
    # A year is evaluated when it opens, or a month later: its statement must have come.
    if destin != "a_evaluer" and (age >= 12 or contrat.precedent_id) and age % 12 <= 1:
        _evaluer(recit, contrat, fin_du_mois, destin)
    if contrat.date_fin is not None and contrat.date_fin < fin_du_mois:
        _finir(recit, contrat, fin_du_mois, destin)
        return
    if destin == "resilie" and age == 30:
        _appliquer(
            recit, contrat, "resilier", mois.replace(day=12), date_effet=mois.replace(day=12),
            motif="Cessation d'activité", donnees={"par": "caisse"},
        )  # fmt: skip
    elif destin.startswith("suspendu") and age == 8:
        debut = mois.replace(day=2)
        poste = contrat.embauches.filter(date_fin=None).first()
        if poste is not None:
            vie.faire_partir(poste.pk, acteur, date_fin=debut, motif="Démission", quand=_instant(debut, 9))
        _appliquer(recit, contrat, "suspendre", debut, date_effet=debut, motif="Départ de l'assistant, sans remplaçant")
    elif destin == "suspendu_repris" and age == 12:
        reprise = mois.replace(day=2)
        qui = Assistant.objects.create(caisse=recit.caisse, nom="Bourgeon", prenom="Lou", profil="deas")
        vie.embaucher(contrat.pk, qui, acteur, date_debut=reprise, centiemes_heures=1750, quand=_instant(reprise, 9))
        _appliquer(recit, contrat, "reprendre", reprise, date_effet=reprise)
    elif destin == "bascule" and age == 20:
        try:
            vie.basculer(contrat.pk, acteur, date=mois.replace(day=20), quand=_instant(mois.replace(day=20)))
        except Refus as refus:
            vie.noter(contrat.pk, acteur, f"Bascule demandée : {refus}", quand=_instant(mois.replace(day=20)))
    elif destin == "avenant" and age == 10:
        vie.amender(
            contrat.pk,
            acteur,
            date_effet=vie.anniversaires(contrat)[1],
            changements={"medecin.quotite_liberale": 0.8},
            motif="Le médecin exerce un jour par semaine à l'hôpital.",
            quand=_instant(mois.replace(day=20)),
        )


def _evaluer(recit: Recit, contrat: Contrat, jour: datetime.date, destin: str) -> None:
    acteur, quand = recit.acteurs["gestionnaire"], _instant(jour, 14)
    contrat.refresh_from_db()
    for annee in evaluations.annees_a_evaluer(contrat, etat_de(contrat), jour):
        if jour < annee.debut + datetime.timedelta(days=20):
            # The statement reaches the fund some weeks after its date.
            continue
        proposition = evaluations.proposer(contrat, etat_de(contrat), annee.rang, jour)
        if proposition.taux is None:
            evaluations.decider(
                contrat.pk, annee.rang, acteur, taux=Fraction(1), motif="Objectif atteint au vu du contrat signé.",
                quand=quand,
            )  # fmt: skip
        else:
            evaluations.decider(contrat.pk, annee.rang, acteur, quand=quand)
        if destin == "contestee" and annee.rang == 3:
            evaluations.contester(
                contrat.pk, 3, acteur, motif="Le médecin signale des patients comptés deux fois.", quand=quand
            )
            evaluations.decider(
                contrat.pk, 3, acteur, taux=Fraction(3, 4), motif="Relevé corrigé après vérification.", quand=quand
            )


def _finir(recit: Recit, contrat: Contrat, jour: datetime.date, destin: str) -> None:
    acteur = recit.acteurs["gestionnaire"]
    assert contrat.date_fin is not None  # noqa: S101 - asked by the caller
    cycle.appliquer(contrat.pk, "constater_terme", acteur, quand=_instant(jour, 9))
    if destin != "renouvele":
        return
    signature = contrat.date_fin + datetime.timedelta(days=1)
    nouveau = vie.preparer_renouvellement(contrat.pk, acteur, date_signature=signature, quand=_instant(jour, 10))
    _appliquer(recit, nouveau, "preparer", jour)
    nouveau.refresh_from_db()
    _appliquer(recit, nouveau, "signer", jour, date_effet=signature)
    _commencer(recit, nouveau, max(signature, jour), nouveau.option)


def _collectif(recit: Recit, membres: list[Medecin], signature: datetime.date) -> None:
    """A collective contract of six doctors for two posts."""
    acteur = recit.acteurs["gestionnaire"]
    societe = Structure.objects.create(
        caisse=recit.caisse, nom="SISA du Jardin", forme_juridique="SISA", siret="73282932000074", finess="750712184",
        representant="Dr Noa Verger", adresse="12 allée du Jardin\n00000 Démonstration",
    )  # fmt: skip
    for membre in membres:
        membre.structure = societe
        membre.save(update_fields=["structure"])
    releves = {m.pk: m.releves.filter(date__lt=signature).order_by("-date").first() for m in membres}
    for releve in releves.values():
        assert releve is not None  # noqa: S101 - statements begin before the contracts
        if (releve.patientele_mt or 0) < 1000:
            # The six must reach the threshold on average.
            releve.patientele_mt = 1150
            releve.patientele_mt_adultes, releve.patientele_mt_enfants = 950, 200
            releve.save()
    situation = ouverture.lire_situation(
        {
            "groupe": {
                "date_signature": str(signature),
                "forme_juridique": "SISA",
                "etp_demandes": 2,
                "membres": [
                    {
                        "nom": str(m),
                        "specialite": m.specialite,
                        "secteur": m.secteur,
                        "patientele_mt": getattr(releves[m.pk], "patientele_mt", 0),
                        "file_active": getattr(releves[m.pk], "file_active", 0),
                    }
                    for m in membres
                ],
            },
            "assistant": {"locaux_adaptes": True},
        }
    )
    contrat = ouverture.ouvrir(situation, acteur, structure=societe, membres=membres, quand=_instant(signature, 9))
    for adhesion in contrat.adhesions.select_related("medecin"):
        bulletin = pieces.deposer(
            "bulletin.png", _image(adhesion.pk), NaturePiece.BULLETIN_ADHESION, acteur, contrat=contrat, acceptee=True,
            quand=_instant(signature, 9),
        )  # fmt: skip
        vie.recevoir_bulletin(contrat.pk, adhesion, bulletin, acteur, quand=_instant(signature, 10))
    contrat.refresh_from_db()
    _appliquer(recit, contrat, "preparer", signature)
    _appliquer(recit, contrat, "signer", signature, date_effet=signature)
    _commencer(recit, contrat, signature, "un_etp")


def _payer(recit: Recit, jour: datetime.date) -> None:
    gestionnaire, valideur, quand = recit.acteurs["gestionnaire"], recit.acteurs["valideur"], _instant(jour, 9)
    campagne = campagnes.ouvrir(recit.caisse.pk, jour, gestionnaire, quand=quand)
    campagne = campagnes.preparer(campagne.pk, quand=quand)
    if not campagne.lignes.filter(statut="proposee").exists():
        campagnes.annuler(campagne.pk, gestionnaire, motif="rien n'est dû ce mois-ci")
        return
    campagnes.valider(campagne.pk, valideur, quand=quand)
    banque.emettre_campagne(campagne.pk, valideur, quand=_instant(jour, 16))
    campagne.refresh_from_db()
    assert campagne.statut == StatutCampagne.EMISE  # noqa: S101 - just done
    for ligne in campagne.lignes.filter(statut="emise").select_related("contrat"):
        if recit.destins.get(ligne.contrat_id) == "rejete":
            _rejeter(recit, ligne.reference, jour + datetime.timedelta(days=3))
            recit.destins[ligne.contrat_id] = ""


def _rejeter(recit: Recit, reference: str, jour: datetime.date) -> None:
    """A transfer comes back, and the doctor sends another account."""
    octets = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts/>'
        f"<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()
    banque.recevoir(recit.caisse.pk, f"retour-{jour}.xml", octets, recit.acteurs["valideur"], quand=_instant(jour))
    contrat = Contrat.objects.get(lignes_versement__reference=reference)
    CompteBancaire.objects.filter(medecin=contrat.medecin, actif=True).update(actif=False)
    CompteBancaire.objects.create(
        caisse=recit.caisse,
        medecin=contrat.medecin,
        titulaire=contrat.titulaire,
        iban=iban(90_000 + contrat.pk),
        depuis=_instant(jour, 15),
    )


def _visites(recit: Recit, prospects: list[Medecin]) -> None:
    delegue = recit.acteurs["delegue"].utilisateur
    assert delegue is not None  # noqa: S101 - a demonstration account
    issues = [IssueVisite.INTERESSE, IssueVisite.A_REVOIR, IssueVisite.REFUS, IssueVisite.SIMULATION]
    for rang, medecin in enumerate(prospects[:8]):
        faite = recit.fin - datetime.timedelta(days=10 + 5 * rang)
        Visite.objects.create(
            medecin=medecin, delegue=delegue, prevue_le=faite, faite_le=faite, issue=issues[rang % len(issues)],
            note="Souhaite un temps plein, doit trouver un second bureau." if rang == 0 else "",
        )  # fmt: skip
    for rang, medecin in enumerate(prospects[8:11]):
        Visite.objects.create(
            medecin=medecin, delegue=delegue, prevue_le=recit.fin + datetime.timedelta(days=3 + 4 * rang)
        )
