"""One row through every door: the same is accepted, the same is refused, and the same field is blamed.

The doors: the file of `binome simuler`, the CSV of `binome lot`, typed columns, the API, the address of a page; and
the fund's: the simulation that opens a file, the boxes of an amendment, the doctor's sheet and the list of doctors.
Rows are values (what may stand together), then writings (what a cell may look like).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from binome.cli.simuler import preparer
from binome.dossiers import faits
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes.avenants import AMENDABLES
from binome.dossiers.contrats.etat import modifier
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Medecin
from binome.dossiers.patientele import import_medecins
from binome.simulation.modele.erreurs import SituationInvalide
from binome.simulation.modele.situation import Situation, lire_situation
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import Simulation
from binome.simulation.tables import lot
from binome.simulation.tables.colonnes import COLONNES
from binome.simulation.tables.table import simuler_table
from binome.site.caisse.medecins import FicheMedecin
from binome.site.caisse.modifications import champs_modifiables, changements
from binome.site.caisse.simulation_recue import lire_simulation
from binome.site.simulateur import lecture
from openfisca_assistants_medicaux.apports import AUCUN
from tests.dossiers import fabrique
from tests.simulation.lots import ecrire
from tests.simulation.situations import AUJOURD_HUI
from tests.site.api.outils import envoyer

Ligne = dict[str, Any]

BONNE: Ligne = {
    "specialite": "medecine_generale",
    "secteur": "secteur_1",
    "date_signature": datetime.date(2023, 11, 6),
    "option": "un_etp",
    "patientele_mt": 1200,
    "file_active": 1600,
    "locaux_adaptes": True,
}

#: A contract whose rules count adults alone, until it passes to the new ones.
ENFANTS: Ligne = {
    **BONNE,
    "date_signature": datetime.date(2021, 6, 1),
    "patientele_mt_adultes": 900,
    "patientele_mt_enfants": 300,
}

JOURS = st.one_of(
    st.dates(datetime.date(2019, 1, 1), datetime.date(2031, 1, 1)),
    st.sampled_from([datetime.date(1850, 1, 1), datetime.date(2090, 1, 1), datetime.date(2025, 12, 31)]),
)
PATIENTS = st.one_of(st.integers(0, 3000), st.sampled_from([-3, 100_001]))
DATES = (
    "date_zonage",
    "date_installation",
    "date_releve",
    "date_embauche",
    "date_bascule",
    "date_debut_suspension",
    "date_fin_suspension",
    "date_fin_anticipee",
    "date_debut_absence",
    "date_fin_absence",
)
NOMBRES = (
    "patientele_mt_adultes",
    "patientele_mt_enfants",
    "cible_notifiee_patientele_mt",
    "cible_notifiee_file_active",
    "gain_notifie_file_active",
    "resultat_3_file_active",
    "resultat_5_patientele_mt",
    "projection_3_patientele_mt",
    "projection_5_file_active",
)
CHAMPS = {
    **dict.fromkeys(DATES, JOURS),
    **dict.fromkeys(NOMBRES, PATIENTS),
    "option": st.sampled_from(["tiers_etp", "demi_etp", "un_etp", "un_etp_et_demi"]),
    "renouvellement": st.booleans(),
    "specialite": st.sampled_from(["pediatrie", "astrologie"]),
    "part_enfants": st.sampled_from([0.0, 0.2, 0.5, 1.0]),
    "quotite_liberale": st.sampled_from([0.0, 0.5, 1.0, 1.5]),
}


@st.composite
def lignes(draw: st.DrawFn) -> Ligne:
    """A good row, spoiled in a few places."""
    choisis = draw(st.lists(st.sampled_from(sorted(CHAMPS)), max_size=4, unique=True))
    signature = draw(st.one_of(st.just(BONNE["date_signature"]), JOURS))
    return {**BONNE, "date_signature": signature, **{nom: draw(CHAMPS[nom]) for nom in choisis}}


def en_document(ligne: Ligne) -> dict[str, Any]:
    """A row as the mapping that a file would hold."""
    document: dict[str, Any] = {"date_appreciation": AUJOURD_HUI.isoformat()}
    annees: dict[tuple[str, int], dict[str, Any]] = {}
    for nom, valeur in ligne.items():
        colonne = COLONNES[nom]
        ecrite = valeur.isoformat() if isinstance(valeur, datetime.date) else valeur
        if colonne.annee is not None:
            indicateur = colonne.variable.removeprefix("resultat_")
            annees.setdefault((colonne.partie, colonne.annee), {"annee": colonne.annee})[indicateur] = ecrite
        elif colonne.partie == "objectifs_notifies":
            forme, _, indicateur = nom.replace("notifiee", "notifie").partition("_notifie_")
            document.setdefault("objectifs_notifies", {}).setdefault(indicateur, {})[forme] = ecrite
        else:
            document.setdefault(colonne.partie, {})[nom] = ecrite
    for (partie, _), resultat in annees.items():
        document.setdefault(partie, []).append(resultat)
    return document


def en_adresse(document: dict[str, Any], prefixe: str = "") -> Iterator[tuple[str, str]]:
    for nom, valeur in document.items():
        if isinstance(valeur, dict):
            yield from en_adresse(valeur, f"{prefixe}{nom}.")
        elif isinstance(valeur, list):
            for element in valeur:
                yield from en_adresse({**element, "annee": None}, f"{nom}.{element['annee']}.")
        elif valeur is not None:
            yield f"{prefixe}{nom}", en_mots(valeur)


def en_mots(valeur: Any) -> str:
    return ("oui" if valeur else "non") if isinstance(valeur, bool) else str(valeur)


def accuse(champ: str) -> str:
    """The field blamed, under one name whatever the door."""
    if champ.startswith(("resultat", "projection")):
        return "resultat" if champ.startswith("resultat") else "projection"
    if champ.startswith("objectifs_notifies."):
        _, indicateur, forme = champ.split(".")
        return f"{forme}_notifie{'e' if forme == 'cible' else ''}_{indicateur}"
    return champ.rpartition(".")[2]


def par_la_commande(document: dict[str, Any], dossier: Path) -> set[str]:
    """As `binome simuler` reads its file."""
    fichier = dossier / "situation.json"
    fichier.write_text(json.dumps(document), encoding="utf-8")
    try:
        preparer(str(fichier), None, None, None)
    except SituationInvalide as erreur:
        return {accuse(faute.champ) for faute in erreur.fautes}
    return set()


def par_la_page(document: dict[str, Any]) -> set[str]:
    try:
        lecture.ouvrir(RequestFactory().get(f"/simulation/resultat?{urlencode([*en_adresse(document)])}"))
    except lecture.AdresseRefusee as refus:
        return {accuse(faute.champ) for faute in refus.refus.fautes}
    return set()


def par_la_caisse(document: dict[str, Any]) -> set[str]:
    try:
        Simulation(lire_simulation(json.dumps(document)))
    except SituationInvalide as erreur:
        return {accuse(faute.champ) for faute in erreur.fautes}
    return set()


def par_l_api(document: dict[str, Any], api: Client) -> set[str]:
    reponse = envoyer(api, "/simulations", document)
    assert reponse.status_code in (200, 422), reponse.content[:300]
    return set() if reponse.status_code == 200 else {accuse(f["champ"]) for f in json.loads(reponse.content)["fautes"]}


def en_csv(ligne: Ligne, dossier: Path) -> set[str]:
    """The row, then a good one: a file whose only line is bad is still a file."""
    ecrites = [{nom: en_mots(valeur) for nom, valeur in lue.items()} for lue in (ligne, BONNE)]
    entree = ecrire(dossier / "m.csv", ecrites)
    bilan = lot.traiter(entree, dossier / "r.parquet", dossier / "r.rejets.csv", AUJOURD_HUI)
    assert {faute.ligne for faute in bilan.fautes} <= {2}
    return {accuse(faute.champ) for faute in bilan.fautes}


def en_colonnes(ligne: Ligne) -> set[str]:
    _, fautes = simuler_table(systeme(AUCUN), {nom: [valeur] for nom, valeur in ligne.items()}, AUJOURD_HUI)
    return {accuse(faute.champ) for faute in fautes}


@pytest.fixture
def api() -> Iterator[Client]:
    cache.clear()
    with override_settings(LIMITE_API="", DEBUG=False):
        yield Client(raise_request_exception=False)


@settings(
    max_examples=80,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lignes())
@example({**BONNE, "date_signature": datetime.date(2022, 6, 1), "renouvellement": True})
@example({**BONNE, "date_fin_suspension": datetime.date(2024, 6, 1)})
@example({**BONNE, "option": "tiers_etp"})
@example({**BONNE, "resultat_5_patientele_mt": 1300})
@example({**BONNE, "resultat_3_file_active": 1700, "projection_3_patientele_mt": 1200})
@example({**BONNE, "patientele_mt_adultes": 1000, "patientele_mt_enfants": 300})
@example({**BONNE, "part_enfants": 0.3})
@example({**BONNE, "part_enfants": 0.3, "patientele_mt_enfants": 300})
@example({**BONNE, "part_enfants": 0.3, "patientele_mt_adultes": 900})
@example({**BONNE, "cible_notifiee_file_active": 1700, "gain_notifie_file_active": 100})
@example({**BONNE, "cible_notifiee_patientele_mt": 277, "cible_notifiee_file_active": 0})
@example({**BONNE, "cible_notifiee_patientele_mt": 1150})
@example({**ENFANTS, "cible_notifiee_patientele_mt": 550})
@example({**ENFANTS, "cible_notifiee_patientele_mt": 550, "date_bascule": datetime.date(2023, 6, 1)})
@example({**BONNE, "date_releve": datetime.date(2023, 12, 31)})
@example({**BONNE, "date_fin_anticipee": datetime.date(2030, 6, 1), "date_embauche": datetime.date(2018, 6, 1)})
def test_toutes_les_portes_acceptent_et_refusent_la_meme_chose(tmp_path: Path, api: Client, ligne: Ligne) -> None:
    document = en_document(ligne)
    attendu = par_la_commande(document, tmp_path)
    assert par_la_page(document) == attendu
    assert par_la_caisse(document) == attendu
    assert par_l_api(document, api) == attendu
    assert en_csv(ligne, tmp_path) == attendu
    assert en_colonnes(ligne) == attendu


#: Writings of a day, of a number of patients, of a share: read, refused, or asked back.
DATES_ECRITES = (
    "2015-09-01",
    "01/09/2015",
    "1/9/2015",
    "01.09.2015",
    "01/09/15",
    "31/02/2015",
    "2015",
    "demain",
    "45000",
)
NOMBRES_ECRITS = ("1200", "1 200", "1\u202f200", "1200,0", "1.200", "1,2", "-3", "NS", "1E+3", "100 001", "beaucoup")
PARTS_ECRITES = ("60", "60 %", "0,6", "62,5", "62,5 %", "0,625", "1,0", "0,5 %", "0", "150", "60/100", "n.d.")
ECRITURES = {
    "date_installation": DATES_ECRITES,
    "date_zonage": DATES_ECRITES,
    "date_embauche": DATES_ECRITES,
    "file_active": NOMBRES_ECRITS,
    "gain_notifie_file_active": NOMBRES_ECRITS,
    "cible_notifiee_patientele_mt": NOMBRES_ECRITS,
    "quotite_liberale": PARTS_ECRITES,
    "part_honoraires_cliniques": PARTS_ECRITES,
    "zone": ("ZIP", "zac", "ZV", "Hors zonage (HZ)", "sous-dense", "FRR", "au nord"),
    "secteur": ("Secteur 1", "S1 DP", "secteur 2 OPTAM", "2", "honoraires libres", "jaune"),
    "specialite": ("01", "SM54", "Ophtalmologiste", "gynécologue", "astrologie"),
}
#: Fields that each door of the fund has.
DE_LA_FICHE = tuple(nom for nom in ECRITURES if nom in faits.MEDECIN)
DE_L_AVENANT = ("gain_notifie_file_active", "cible_notifiee_patientele_mt", "quotite_liberale")


@pytest.fixture(scope="module")
def caisse(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        creee = fabrique.caisse()
        yield creee, fabrique.agent(creee)
        transaction.set_rollback(True)


def lue_par_le_modele(nom: str, texte: str) -> Any:
    """The value that the model reads at a field."""
    document = en_document({**BONNE, nom: texte})
    valeur: Any = Situation.model_validate(document)
    for morceau in chemin_de(nom).split("."):
        valeur = getattr(valeur, morceau)
    return valeur


def chemin_de(nom: str) -> str:
    forme, notifie, indicateur = nom.replace("notifiee", "notifie").partition("_notifie_")
    return f"objectifs_notifies.{indicateur}.{forme}" if notifie else f"{COLONNES[nom].partie}.{nom}"


def par_l_avenant(nom: str, texte: str) -> set[str]:
    """The boxes of an amendment, and what they ask of the domain."""
    situation = en_document(BONNE)
    champs = champs_modifiables(AMENDABLES, situation)
    for chemin, valeur in changements(AMENDABLES, champs, {chemin_de(nom): texte}, situation).items():
        situation = modifier(situation, chemin, valeur)
    try:
        ouverture.controler(lire_situation(situation), AUJOURD_HUI)
    except SituationInvalide as erreur:
        return {accuse(faute.champ) for faute in erreur.fautes}
    return set()


def par_la_fiche(nom: str, texte: str, caisse: Any, agent: Any) -> set[str]:
    """The doctor's sheet: closed lists are menus there, dates are boxes."""
    requete: Any = SimpleNamespace(acteur=agent)
    dites = {"rpps": fabrique.rpps(93_000), "nom": "Essai", "specialite": "medecine_generale", nom: texte}
    return set(FicheMedecin(requete, dites, instance=Medecin(caisse=caisse)).errors)


def par_la_liste(nom: str, texte: str, caisse: Any, agent: Any) -> set[str]:
    """The list of doctors."""
    ligne = {"rpps": fabrique.rpps(93_001), "nom": "Essai", "specialite": "medecine_generale", nom: texte}
    try:
        with transaction.atomic():
            octets = "\n".join([";".join(ligne), ";".join(ligne.values())]).encode()
            import_medecins.importer(caisse.pk, octets, agent)
            lu = getattr(Medecin.objects.get(caisse=caisse, rpps=ligne["rpps"]), nom)
            assert lu == lue_par_le_modele(nom, texte)
            transaction.set_rollback(True)
    except Refus as refus:
        (raison,) = refus.raisons
        return {raison.partition(", ")[2].partition(" « ")[0]}
    return set()


@pytest.mark.parametrize("nom", ECRITURES)
def test_une_ecriture_se_lit_ou_se_refuse_par_toutes_les_portes(
    tmp_path: Path, api: Client, caisse: Any, nom: str, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        for texte in ECRITURES[nom]:
            document = en_document({**BONNE, nom: texte})
            attendu = par_la_commande(document, tmp_path)
            assert attendu <= {nom}, (texte, attendu)
            assert par_la_page(document) == attendu, texte
            assert par_la_caisse(document) == attendu, texte
            assert par_l_api(document, api) == attendu, texte
            assert en_csv({**BONNE, nom: texte}, tmp_path) == attendu, texte
            if nom in DE_L_AVENANT:
                assert par_l_avenant(nom, texte) == attendu, texte
            if nom in DE_LA_FICHE:
                assert par_la_liste(nom, texte, *caisse) == attendu, texte
            if nom in faits.MEDECIN and nom.startswith("date_"):
                assert par_la_fiche(nom, texte, *caisse) == attendu, texte
