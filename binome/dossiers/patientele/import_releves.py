"""Half-yearly statements: a file for the whole fund, previewed, every bad line named, applied whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from binome import identifiants, isolement
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import LOT, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import NOMBRES
from binome.dossiers.models import ImportReleves, Medecin, Releve
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele.signalement import signaler
from binome.dossiers.quotas import prendre_place
from binome.erreurs import BinomeErreur
from binome.simulation import PATIENTS_MAXIMUM, ecarts_de_la_patientele, loi_du_processus
from binome.tableaux import cellules, transport
from binome.tableaux.lecture import Tableau
from binome.tableaux.refus import CelluleRefusee, FauteDeLigne
from binome.tableaux.titres import Titres

IMPORTENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
TAILLE_MAXIMALE, LIGNES_MAXIMUM = 10_000_000, 100_000
COLONNES = ("rpps", "date", *NOMBRES)
#: Faults shown: a file of another kind has as many as lines.
FAUTES_MONTREES = 200


@dataclass
class RelevesLus:
    """What a file says."""

    releves: list[Releve]
    #: Lines already known, with the same numbers.
    inchanges: int
    fautes: list[FauteDeLigne]
    lignes: int


def apercevoir(caisse_id: int, nom: str, octets: bytes, acteur: Acteur) -> ImportReleves:
    """Read a file and keep it with what it would do; nothing is applied. Raises Refus when it cannot be read at all."""
    reserver(acteur, caisse_id, IMPORTENT, "import de relevés")
    lecture = lire(caisse_id, octets)
    bilan = {
        "lignes": lecture.lignes,
        "nouveaux": len(lecture.releves),
        "inchanges": lecture.inchanges,
        "fautes": [faute.en_donnees() for faute in lecture.fautes[:FAUTES_MONTREES]],
        "nombre_fautes": len(lecture.fautes),
        "dates": sorted({releve.date.isoformat() for releve in lecture.releves}),
        "exemples": [_exemple(releve) for releve in lecture.releves[:10]],
    }
    statut = ImportReleves.Statut.REFUSE if lecture.fautes else ImportReleves.Statut.APERCU
    with transaction.atomic():
        prendre_place(caisse_id, acteur, len(octets))
        importe = ImportReleves.objects.create(
            caisse_id=caisse_id,
            nom=nom[:150],
            octets=octets,
            sha256=hashlib.sha256(octets).hexdigest(),
            statut=statut,
            bilan=bilan,
            auteur=acteur.utilisateur,
        )
        tracer(acteur, "apercu_releves", importe)
    return importe


def _exemple(releve: Releve) -> dict[str, Any]:
    return {
        "medecin": str(releve.medecin),
        "date": releve.date.isoformat(),
        **{nom: getattr(releve, nom) for nom in NOMBRES},
    }


def appliquer(import_id: int, acteur: Acteur, *, quand: datetime.datetime | None = None) -> int:
    """Apply a previewed file, all or nothing: the number of statements added. Raises Refus.

    The file is read again, before anything is locked: what changed since the preview may refuse it.
    """
    octets, efface_le = ImportReleves.objects.values_list("octets", "efface_le").get(pk=import_id)
    if efface_le is not None:
        raise Refus("import : le fichier a été effacé au terme de sa conservation")
    return _appliquer(import_id, _tableau(bytes(octets)), acteur, quand or timezone.now())


@transaction.atomic
def _appliquer(import_id: int, tableau: Tableau, acteur: Acteur, quand: datetime.datetime) -> int:
    importe = ImportReleves.objects.select_for_update().get(pk=import_id)
    reserver(acteur, importe.caisse_id, IMPORTENT, "import de relevés")
    if importe.statut != ImportReleves.Statut.APERCU:
        raise Refus(f"import « {importe.get_statut_display().lower()} » : un aperçu sans faute est attendu")
    lecture = _lire(importe.caisse_id, tableau)
    if lecture.fautes:
        premiere = lecture.fautes[0]
        raise Refus(
            f"le fichier ne s'applique plus : {len(lecture.fautes)} ligne(s) en faute depuis l'aperçu "
            f"(ligne {premiere.ligne} : {premiere.message})"
        )
    for releve in lecture.releves:
        releve.importe, releve.saisi_par = importe, acteur.utilisateur
    Releve.objects.bulk_create(lecture.releves, batch_size=LOT)
    signaler(lecture.releves, acteur, motif=f"Relevé importé (« {importe.nom} »).", quand=quand)
    importe.statut, importe.applique_par = ImportReleves.Statut.APPLIQUE, acteur.utilisateur
    importe.applique_le = quand
    importe.save(update_fields=["statut", "applique_par", "applique_le"])
    tracer(acteur, "appliquer_releves", importe)
    return len(lecture.releves)


def lire(caisse_id: int, octets: bytes) -> RelevesLus:
    """The statements of a file of any dialect, under titles. Raises Refus when no line can be read."""
    return _lire(caisse_id, _tableau(octets))


def _tableau(octets: bytes) -> Tableau:
    return tableau_de(octets, Titres(COLONNES, ("rpps", "date")))


def _lire(caisse_id: int, tableau: Tableau) -> RelevesLus:
    medecins = {m.rpps: m for m in Medecin.objects.filter(caisse_id=caisse_id, anonymise_le=None)}
    connus = {
        (r.medecin_id, r.date): r
        for r in Releve.objects.filter(medecin__caisse_id=caisse_id).only("medecin_id", "date", *NOMBRES)
    }
    lecture = RelevesLus([], 0, list(tableau.fautes), tableau.nombre)
    vus: dict[tuple[int, datetime.date], int] = {}
    jours = releves_de_la_loi()
    for numero, ligne in tableau.lignes():
        fautes: list[FauteDeLigne] = []
        medecin = _medecin(numero, ligne, medecins, fautes)
        date = lire_date(numero, ligne, jours, fautes)
        nombres = lire_nombres(numero, ligne, fautes)
        if medecin is not None and date is not None and not fautes:
            cle = (medecin.pk, date)
            if cle in vus:
                fautes.append(FauteDeLigne(numero, "rpps", ligne["rpps"], f"déjà donné ligne {vus[cle]} à cette date"))
            vus.setdefault(cle, numero)
            connu = connus.get(cle)
            if connu is not None and (dit := contredit(connu, nombres)):
                fautes.append(FauteDeLigne(numero, "date", ligne["date"], dit))
            elif connu is not None:
                lecture.inchanges += 1
            elif not fautes:
                lecture.releves.append(Releve(medecin=medecin, date=date, **nombres))
        lecture.fautes += fautes
    lecture.fautes.sort(key=lambda faute: faute.ligne)
    return lecture


def releves_de_la_loi() -> tuple[str, ...]:
    """Month and day of the half-yearly statements, in force today (« 06-30 », « 12-31 »)."""
    return tuple(loi_du_processus().parameters.objectifs.releves(timezone.localdate().isoformat()))


def tableau_de(octets: bytes, titres: Titres) -> Tableau:
    """The cells of a file sent to the fund, read in a process of its own. Raises Refus when there is no reading it."""
    if len(octets) > TAILLE_MAXIMALE:
        raise Refus(f"fichier : au plus {TAILLE_MAXIMALE // 1_000_000} Mo attendus")
    try:
        lu = isolement.lire(
            transport.LECTEUR,
            octets,
            BORNES,
            champs=titres.champs,
            obligatoires=titres.obligatoires,
            octets_maximum=TAILLE_MAXIMALE,
            lignes_maximum=LIGNES_MAXIMUM,
        )
    except isolement.LectureRefusee as refus:
        raise Refus(*(f"fichier : {raison}" for raison in refus.raisons)) from refus
    return transport.tableau(lu)


#: What reading a table may cost: a workbook of the largest size is a hundred thousand lines.
BORNES = isolement.Bornes(memoire=500_000_000, processeur=20, attente=60, reponse=60_000_000)


def _medecin(
    numero: int, ligne: dict[str, str], medecins: dict[str, Medecin], fautes: list[FauteDeLigne]
) -> Medecin | None:
    rpps = lire_rpps(numero, ligne, fautes)
    if rpps is None:
        return None
    medecin = medecins.get(rpps)
    if medecin is None:
        fautes.append(FauteDeLigne(numero, "rpps", ligne["rpps"], "RPPS d'un médecin de la caisse attendu"))
    return medecin


def lire_rpps(numero: int, ligne: dict[str, str], fautes: list[FauteDeLigne]) -> str | None:
    """The national number of a doctor; a fault is added to `fautes`."""
    try:
        return identifiants.rpps(ligne["rpps"])
    except BinomeErreur as erreur:
        fautes.append(FauteDeLigne(numero, "rpps", ligne["rpps"], str(erreur).partition(" : ")[2]))
        return None


def lire_date(
    numero: int, ligne: dict[str, str], jours: Sequence[str], fautes: list[FauteDeLigne]
) -> datetime.date | None:
    """The date of a statement; faults are added to `fautes`."""
    texte = ligne["date"]
    try:
        date = cellules.date(texte)
    except CelluleRefusee as refus:
        fautes.append(FauteDeLigne(numero, "date", texte, str(refus)))
        return None
    if f"{date:%m-%d}" not in jours:
        attendus = " ou ".join(f"{jour[3:]}/{jour[:2]}" for jour in jours)
        fautes.append(FauteDeLigne(numero, "date", texte, f"date d'un relevé attendue ({attendus})"))
    elif date > timezone.localdate():
        fautes.append(FauteDeLigne(numero, "date", texte, "date passée attendue"))
    return date


def lire_nombres(numero: int, ligne: dict[str, str], fautes: list[FauteDeLigne]) -> dict[str, int | None]:
    """The numbers of a statement, in patients; faults are added to `fautes`."""
    nombres: dict[str, int | None] = {nom: _nombre(numero, nom, ligne.get(nom, ""), fautes) for nom in NOMBRES}
    total, adultes, enfants = (nombres[nom] for nom in NOMBRES[:3])
    if adultes is not None and enfants is not None and total is None:
        nombres["patientele_mt"] = adultes + enfants
    for ecart in ecarts_de_la_patientele(nombres):
        # The line already shows the value: its own words say what is expected.
        attendu = ecart.message.partition(" refusé ; ")[2] or ecart.message
        fautes.append(FauteDeLigne(numero, ecart.champ, str(ecart.valeur), attendu))
    if all(valeur is None for valeur in nombres.values()):
        fautes.append(FauteDeLigne(numero, "patientele_mt", "", "un nombre de patients au moins attendu"))
    return nombres


def _nombre(numero: int, nom: str, texte: str, fautes: list[FauteDeLigne]) -> int | None:
    if not texte:
        return None
    try:
        lu = cellules.entier(texte)
    except CelluleRefusee as refus:
        fautes.append(FauteDeLigne(numero, nom, texte, str(refus)))
        return None
    if not 0 <= lu <= PATIENTS_MAXIMUM:
        fautes.append(FauteDeLigne(numero, nom, texte, f"nombre entier de 0 à {PATIENTS_MAXIMUM} attendu"))
        return None
    return lu


def contredit(connu: Releve, nombres: Mapping[str, int | None]) -> str:
    """What a known statement says, when a file says otherwise; blank when nothing contradicts it."""
    if all(nombres[nom] is None or getattr(connu, nom) == nombres[nom] for nom in NOMBRES):
        return ""
    dits = ", ".join(f"{nom} {getattr(connu, nom)}" for nom in NOMBRES if getattr(connu, nom) is not None)
    return f"relevé déjà connu avec d'autres nombres ({dits})"
