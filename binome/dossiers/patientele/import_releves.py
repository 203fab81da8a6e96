"""Half-yearly statements: a CSV for the whole fund, previewed, every bad line named, applied whole or not at all."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import LOT, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import ImportReleves, Medecin, Releve
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele.faits import NOMBRES
from binome.simulation.modele.situation import PATIENTS_MAXIMUM
from binome.simulation.moteur.systeme import systeme

IMPORTENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
TAILLE_MAXIMALE, LIGNES_MAXIMUM = 10_000_000, 100_000
COLONNES = ("rpps", "date", *NOMBRES)
#: Faults shown: a file of another kind has as many as lines.
FAUTES_MONTREES = 200


@dataclass(frozen=True)
class Faute:
    """A bad line."""

    ligne: int
    champ: str
    valeur: str
    message: str

    def en_donnees(self) -> dict[str, Any]:
        """For the database."""
        return {"ligne": self.ligne, "champ": self.champ, "valeur": self.valeur[:60], "message": self.message}


@dataclass
class Lecture:
    """What a file says."""

    releves: list[Releve]
    #: Lines already known, with the same numbers.
    inchanges: int
    fautes: list[Faute]
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


@transaction.atomic
def appliquer(import_id: int, acteur: Acteur, *, quand: datetime.datetime | None = None) -> int:
    """Apply a previewed file, all or nothing: the number of statements added. Raises Refus.

    The file is read again: what changed since the preview may refuse it.
    """
    importe = ImportReleves.objects.select_for_update().get(pk=import_id)
    reserver(acteur, importe.caisse_id, IMPORTENT, "import de relevés")
    if importe.statut != ImportReleves.Statut.APERCU:
        raise Refus(f"import « {importe.get_statut_display().lower()} » : un aperçu sans faute est attendu")
    lecture = lire(importe.caisse_id, bytes(importe.octets))
    if lecture.fautes:
        premiere = lecture.fautes[0]
        raise Refus(
            f"le fichier ne s'applique plus : {len(lecture.fautes)} ligne(s) en faute depuis l'aperçu "
            f"(ligne {premiere.ligne} : {premiere.message})"
        )
    for releve in lecture.releves:
        releve.importe, releve.saisi_par = importe, acteur.utilisateur
    Releve.objects.bulk_create(lecture.releves, batch_size=LOT)
    importe.statut, importe.applique_par = ImportReleves.Statut.APPLIQUE, acteur.utilisateur
    importe.applique_le = quand or timezone.now()
    importe.save(update_fields=["statut", "applique_par", "applique_le"])
    tracer(acteur, "appliquer_releves", importe)
    return len(lecture.releves)


def lire(caisse_id: int, octets: bytes) -> Lecture:
    """The statements of a CSV file: « , » or « ; », UTF-8, with titles. Raises Refus when no line can be read."""
    lignes = decouper(octets, COLONNES, ("rpps", "date"))
    medecins = {m.rpps: m for m in Medecin.objects.filter(caisse_id=caisse_id, anonymise_le=None)}
    connus = {
        (r.medecin_id, r.date): r
        for r in Releve.objects.filter(medecin__caisse_id=caisse_id).only("medecin_id", "date", *NOMBRES)
    }
    lecture = Lecture([], 0, [], len(lignes))
    vus: dict[tuple[int, datetime.date], int] = {}
    jours = releves_de_la_loi()
    for numero, ligne in lignes:
        fautes: list[Faute] = []
        medecin = _medecin(numero, ligne, medecins, fautes)
        date = lire_date(numero, ligne, jours, fautes)
        nombres = lire_nombres(numero, ligne, fautes)
        if medecin is not None and date is not None and not fautes:
            cle = (medecin.pk, date)
            if cle in vus:
                fautes.append(Faute(numero, "rpps", ligne["rpps"], f"déjà donné ligne {vus[cle]} à cette date"))
            vus.setdefault(cle, numero)
            connu = connus.get(cle)
            if connu is not None and any(getattr(connu, n) != nombres[n] for n in NOMBRES if nombres[n] is not None):
                dits = ", ".join(f"{n} {getattr(connu, n)}" for n in NOMBRES if getattr(connu, n) is not None)
                fautes.append(Faute(numero, "date", ligne["date"], f"relevé déjà connu avec d'autres nombres ({dits})"))
            elif connu is not None:
                lecture.inchanges += 1
            elif not fautes:
                lecture.releves.append(Releve(medecin=medecin, date=date, **nombres))
        lecture.fautes += fautes
    return lecture


def releves_de_la_loi() -> tuple[str, ...]:
    """Month and day of the half-yearly statements, in force today (« 06-30 », « 12-31 »)."""
    return tuple(systeme().parameters.objectifs.releves(timezone.localdate().isoformat()))


def decouper(octets: bytes, colonnes: Sequence[str], obligatoires: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file (number in the file, cells by title). Raises Refus when it cannot be read at all."""
    if not octets:
        raise Refus("fichier : vide")
    if len(octets) > TAILLE_MAXIMALE:
        raise Refus(f"fichier : au plus {TAILLE_MAXIMALE // 1_000_000} Mo attendus")
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise Refus(
            f"fichier : texte UTF-8 attendu (octet {erreur.start} illisible) ; « CSV UTF-8 » dans le tableur"
        ) from erreur
    premiere = texte.split("\n", 1)[0]
    separateur = ";" if premiere.count(";") >= premiere.count(",") else ","
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    lignes: list[tuple[int, dict[str, str]]] = []
    try:
        titres = [titre.strip().lower() for titre in next(lecteur, [])]
        _controler_titres(titres, colonnes, obligatoires)
        for cellules in lecteur:
            if not any(cellule.strip() for cellule in cellules):
                continue
            if len(lignes) >= LIGNES_MAXIMUM:
                raise Refus(f"fichier : au plus {LIGNES_MAXIMUM} lignes attendues")
            complet = [*cellules, *[""] * (len(titres) - len(cellules))]
            if len(cellules) > len(titres):
                raise Refus(f"ligne {lecteur.line_num} : {len(titres)} cellules attendues, {len(cellules)} lues")
            lignes.append((lecteur.line_num, dict(zip(titres, (c.strip() for c in complet), strict=True))))
    except csv.Error as erreur:
        raise Refus(f"ligne {lecteur.line_num} : CSV mal formé") from erreur
    if not lignes:
        raise Refus("fichier : aucune ligne sous les titres")
    return lignes


def _controler_titres(titres: Sequence[str], colonnes: Sequence[str], obligatoires: Sequence[str]) -> None:
    fautes = [f"colonne « {titre} » inconnue" for titre in titres if titre not in colonnes]
    fautes += [f"colonne « {nom} » absente" for nom in obligatoires if nom not in titres]
    fautes += [f"colonne « {nom} » en double" for nom in sorted({t for t in titres if titres.count(t) > 1})]
    if fautes:
        raise Refus(*fautes, f"titres attendus : {', '.join(colonnes)}")


def _medecin(numero: int, ligne: dict[str, str], medecins: dict[str, Medecin], fautes: list[Faute]) -> Medecin | None:
    rpps = "".join(ligne["rpps"].split())
    medecin = medecins.get(rpps)
    if medecin is None:
        fautes.append(Faute(numero, "rpps", ligne["rpps"], "RPPS d'un médecin de la caisse attendu"))
    return medecin


def lire_date(numero: int, ligne: dict[str, str], jours: Sequence[str], fautes: list[Faute]) -> datetime.date | None:
    """The date of a statement; faults are added to `fautes`."""
    texte = ligne["date"]
    try:
        date = parse_date(texte) or datetime.datetime.strptime(texte, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        fautes.append(Faute(numero, "date", texte, "date AAAA-MM-JJ ou JJ/MM/AAAA attendue"))
        return None
    if f"{date:%m-%d}" not in jours:
        attendus = " ou ".join(f"{jour[3:]}/{jour[:2]}" for jour in jours)
        fautes.append(Faute(numero, "date", texte, f"date d'un relevé attendue ({attendus})"))
    elif date > timezone.localdate():
        fautes.append(Faute(numero, "date", texte, "date passée attendue"))
    return date


def lire_nombres(numero: int, ligne: dict[str, str], fautes: list[Faute]) -> dict[str, int | None]:
    """The numbers of a statement, in patients; faults are added to `fautes`."""
    nombres: dict[str, int | None] = {}
    for nom in NOMBRES:
        texte = ligne.get(nom, "").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
        nombres[nom] = None
        if not texte:
            continue
        if not (texte.isascii() and texte.isdecimal()) or int(texte[:9]) > PATIENTS_MAXIMUM or len(texte) > 9:
            fautes.append(Faute(numero, nom, ligne[nom], f"nombre entier de 0 à {PATIENTS_MAXIMUM} attendu"))
        else:
            nombres[nom] = int(texte)
    total, adultes, enfants = (nombres[nom] for nom in NOMBRES[:3])
    if adultes is not None and enfants is not None:
        if total is None:
            nombres["patientele_mt"] = adultes + enfants
        elif total != adultes + enfants:
            fautes.append(
                Faute(numero, "patientele_mt", str(total), f"adultes + enfants attendu ({adultes + enfants})")
            )
    if all(valeur is None for valeur in nombres.values()):
        fautes.append(Faute(numero, "patientele_mt", "", "un nombre de patients au moins attendu"))
    return nombres
