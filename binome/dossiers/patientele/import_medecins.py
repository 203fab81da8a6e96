"""A list of doctors, with their last statement, in a file of any dialect: all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from binome.dossiers import faits
from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import NOMBRES
from binome.dossiers.models import Caisse, Medecin, Releve
from binome.dossiers.nomenclatures import Role
from binome.dossiers.patientele.import_releves import (
    contredit,
    lire_date,
    lire_nombres,
    lire_rpps,
    releves_de_la_loi,
    tableau_de,
)
from binome.simulation import traduire
from binome.simulation.tables.colonnes import COLONNES as COLONNES_DE_LA_LOI
from binome.tableaux import cellules
from binome.tableaux.lecture import Tableau
from binome.tableaux.refus import CelluleRefusee, FauteDeLigne
from binome.tableaux.titres import Titres

IMPORTENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
#: What identifies a doctor and finds them, beside the facts that rules read.
IDENTITE = ("nom", "prenom", "secteur_dam")
COLONNES = ("rpps", *IDENTITE, "courriel", *faits.MEDECIN, "date", *NOMBRES)
FAUTES_MONTREES = 20


@dataclass(frozen=True)
class ImportFait:
    """What a list changed."""

    crees: int
    modifies: int
    releves: int


def importer(caisse_id: int, octets: bytes, acteur: Acteur) -> ImportFait:
    """Create or update the doctors of a list, and add their statements. Raises Refus, with every bad line."""
    reserver(acteur, caisse_id, IMPORTENT, "liste de médecins")
    # Read before anything is locked.
    return _importer(caisse_id, tableau_de(octets, Titres(COLONNES, ("rpps", "nom", "specialite"))), acteur)


@transaction.atomic
def _importer(caisse_id: int, tableau: Tableau, acteur: Acteur) -> ImportFait:
    connus = {m.rpps: m for m in Medecin.objects.filter(caisse_id=caisse_id)}
    releves = {(r.medecin_id, r.date): r for r in Releve.objects.filter(medecin__caisse_id=caisse_id)}
    fautes: list[FauteDeLigne] = list(tableau.fautes)
    fiches: list[tuple[Medecin, Releve | None]] = []
    vus: dict[str, int] = {}
    jours = releves_de_la_loi()
    for numero, ligne in tableau.lignes():
        mauvaises = len(fautes)
        valeurs = _fiche(numero, ligne, fautes)
        rpps = valeurs.get("rpps", "")
        if rpps in vus:
            fautes.append(FauteDeLigne(numero, "rpps", ligne["rpps"], f"déjà donné ligne {vus[rpps]}"))
        vus.setdefault(rpps, numero)
        releve = _releve(numero, ligne, jours, fautes)
        if releve is not None and rpps in connus:
            connu = releves.get((connus[rpps].pk, releve.date))
            # A number is never dropped in silence: what contradicts a known statement is refused by name.
            if connu is not None and (dit := contredit(connu, {nom: getattr(releve, nom) for nom in NOMBRES})):
                fautes.append(FauteDeLigne(numero, "date", ligne["date"], dit))
        if len(fautes) == mauvaises:
            medecin = connus.get(rpps) or Medecin(caisse_id=caisse_id)
            for champ, valeur in valeurs.items():
                setattr(medecin, champ, valeur)
            fiches.append((medecin, releve))
    if fautes:
        fautes.sort(key=lambda faute: faute.ligne)
        montrees = [f"ligne {f.ligne}, {f.champ} « {f.valeur[:40]} » : {f.message}" for f in fautes[:FAUTES_MONTREES]]
        reste = [f"et {len(fautes) - FAUTES_MONTREES} autres"] if len(fautes) > FAUTES_MONTREES else []
        raise Refus(*montrees, *reste)
    return _enregistrer(caisse_id, fiches, acteur)


def _enregistrer(caisse_id: int, fiches: list[tuple[Medecin, Releve | None]], acteur: Acteur) -> ImportFait:
    crees = modifies = releves = 0
    for medecin, releve in fiches:
        crees, modifies = crees + (medecin.pk is None), modifies + (medecin.pk is not None)
        medecin.save()
        if releve is not None:
            valeurs = {nom: getattr(releve, nom) for nom in NOMBRES}
            _, ajoute = Releve.objects.get_or_create(
                medecin=medecin, date=releve.date, defaults={**valeurs, "saisi_par": acteur.utilisateur}
            )
            releves += ajoute
    tracer(acteur, "importer_medecins", Caisse.objects.get(pk=caisse_id))
    return ImportFait(crees, modifies, releves)


def _fiche(numero: int, ligne: dict[str, str], fautes: list[FauteDeLigne]) -> dict[str, Any]:
    valeurs: dict[str, Any] = {}
    if (rpps := lire_rpps(numero, ligne, fautes)) is not None:
        valeurs["rpps"] = rpps
    if not ligne["nom"]:
        fautes.append(FauteDeLigne(numero, "nom", "", "attendu"))
    for champ in IDENTITE:
        if ligne.get(champ):
            valeurs[champ] = ligne[champ][:80]
    if texte := ligne.get("courriel", ""):
        try:
            valeurs["courriel"] = cellules.courriel(texte)
        except CelluleRefusee as refus:
            fautes.append(FauteDeLigne(numero, "courriel", texte, str(refus)))
    for champ, chemin in faits.MEDECIN.items():
        texte = ligne.get(champ, "")
        if not texte and champ != "specialite":
            continue
        try:
            valeurs[champ] = COLONNES_DE_LA_LOI[chemin.rpartition(".")[2]].valider(texte)
        except ValidationError as erreur:
            fautes.append(FauteDeLigne(numero, champ, texte, traduire(erreur.errors()[0]).message))
    return valeurs


def _releve(numero: int, ligne: dict[str, str], jours: tuple[str, ...], fautes: list[FauteDeLigne]) -> Releve | None:
    if not ligne.get("date"):
        return None
    date = lire_date(numero, ligne, jours, fautes)
    nombres = lire_nombres(numero, ligne, fautes)
    return None if date is None else Releve(date=date, **nombres)
