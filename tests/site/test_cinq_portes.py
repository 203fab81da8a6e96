"""One row through every door: the same is accepted, the same is refused, and the same field is blamed.

The doors: the file of `binome simuler`, the CSV of `binome lot`, typed columns, the API, the address of a page; and
the fund's: the simulation that opens a file, the boxes of an amendment, the doctor's sheet, the list of doctors and
the statements. Groups come by the doors of whole situations. Every rule of `coherence` is broken at least once.
Rows are values (what may stand together), then writings (what a cell may look like).
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator
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
from pydantic import ValidationError

from binome.cli.simuler import preparer
from binome.dossiers import faits
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes.avenants import AMENDABLES
from binome.dossiers.contrats.etat import modifier
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import NOMBRES as PATIENTELE_DU_RELEVE
from binome.dossiers.models import Medecin
from binome.dossiers.patientele import import_medecins, import_releves
from binome.erreurs import BinomeErreur
from binome.simulation.modele import coherence
from binome.simulation.modele.erreurs import SituationInvalide
from binome.simulation.modele.situation import PREFIXES, Situation, lire_situation
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import Simulation
from binome.simulation.tables import lot
from binome.simulation.tables.colonnes import COLONNES, Colonne
from binome.simulation.tables.table import simuler_table
from binome.site.caisse.medecins import FicheMedecin
from binome.site.caisse.modifications import champs_modifiables, changements
from binome.site.caisse.simulation_recue import lire_simulation
from binome.site.simulateur import lecture
from binome.site.simulateur.champs import champ_de
from binome.tableaux.refus import FauteDeLigne
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
EUROS = st.one_of(st.integers(0, 60_000), st.sampled_from([-1, 20_000_000]))
PARTS = st.sampled_from([0.0, 0.2, 0.5, 1.0, 1.5])


def valeurs_de(colonne: Colonne) -> st.SearchStrategy[Any]:
    """Values of a column, read from its own definition: a column added is drawn too. Some are out of its bounds."""
    if colonne.part:
        return PARTS
    if colonne.en_centimes:
        return EUROS
    schema = colonne.adaptateur.json_schema()
    genres = [schema, *schema.get("anyOf", ()), *schema.get("$defs", {}).values()]
    if any(genre.get("format") == "date" for genre in genres):
        return JOURS
    if any(nom is True for genre in genres for nom in genre.get("enum", ())):
        return st.booleans()
    noms = [str(getattr(nom, "value", nom)) for genre in genres for nom in genre.get("enum", ())]
    noms = [nom for nom in dict.fromkeys(noms) if nom.isidentifier()]
    return st.sampled_from([*noms, "astrologie"]) if noms else PATIENTS


CHAMPS = {nom: valeurs_de(colonne) for nom, colonne in COLONNES.items()}


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
        else:
            *parties, champ = chemin_de(nom).split(".")
            place = document
            for partie in parties:
                place = place.setdefault(partie, {})
            place[champ] = ecrite
    for (partie, _), resultat in annees.items():
        document.setdefault(partie, []).append(resultat)
    return document


def chemin_de(nom: str) -> str:
    """The path of a column in a situation, results of years aside."""
    partie = COLONNES[nom].partie
    if partie == "objectifs_notifies":
        forme, _, indicateur = nom.replace("notifiee", "notifie").partition("_notifie_")
        return f"{partie}.{indicateur}.{forme}"
    if partie == "montants_notifies":
        return f"{partie}.{nom.removeprefix('montant_notifie_')}"
    if nom.startswith(PREFIXES["lectures"]):
        return f"{partie}.lectures.{nom.removeprefix(PREFIXES['lectures'])}"
    return f"{partie}.{nom}"


def en_adresse(document: dict[str, Any], prefixe: str = "") -> Iterator[tuple[str, str]]:
    for nom, valeur in document.items():
        if isinstance(valeur, dict):
            yield from en_adresse(valeur, f"{prefixe}{nom}.")
        elif isinstance(valeur, list):
            for rang, element in enumerate(valeur, start=1):
                yield from en_adresse({**element, "annee": None}, f"{prefixe}{nom}.{element.get('annee', rang)}.")
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
    dernier = champ.rpartition(".")[2]
    for partie, prefixe in (("contrat.lectures", PREFIXES["lectures"]), ("montants_notifies", "montant_notifie_")):
        if champ.startswith(f"{partie}."):
            return f"{prefixe}{dernier}"
    return dernier


#: What a door refuses: the field blamed, and what is said of it.
Reproches = dict[str, str]


def reproches(fautes: Iterable[Any]) -> Reproches:
    """The faults of a door."""
    return {accuse(faute.champ): faute.message for faute in fautes}


def par_la_commande(document: dict[str, Any], dossier: Path) -> Reproches:
    """As `binome simuler` reads its file."""
    fichier = dossier / "situation.json"
    fichier.write_text(json.dumps(document), encoding="utf-8")
    try:
        preparer(str(fichier), None, None, None)
    except SituationInvalide as erreur:
        return reproches(erreur.fautes)
    return {}


def par_la_page(document: dict[str, Any]) -> Reproches:
    try:
        lecture.ouvrir(RequestFactory().get(f"/simulation/resultat?{urlencode([*en_adresse(document)])}"))
    except lecture.AdresseRefusee as refus:
        return reproches(refus.refus.fautes)
    return {}


def par_la_caisse(document: dict[str, Any]) -> Reproches:
    try:
        Simulation(lire_simulation(json.dumps(document)))
    except SituationInvalide as erreur:
        return reproches(erreur.fautes)
    return {}


def par_l_api(document: dict[str, Any], api: Client) -> Reproches:
    reponse = envoyer(api, "/simulations", document)
    assert reponse.status_code in (200, 422), reponse.content[:300]
    if reponse.status_code == 200:
        return {}
    return reproches(SimpleNamespace(**faute) for faute in json.loads(reponse.content)["fautes"])


def en_csv(ligne: Ligne, dossier: Path, jour: datetime.date = AUJOURD_HUI) -> Reproches:
    """The row, then a good one: a file whose only line is bad is still a file."""
    ecrites = [{nom: en_mots(valeur) for nom, valeur in lue.items()} for lue in (ligne, BONNE)]
    entree = ecrire(dossier / "m.csv", ecrites)
    bilan = lot.traiter(entree, dossier / "r.parquet", dossier / "r.rejets.csv", jour)
    assert {faute.ligne for faute in bilan.fautes} <= {2}
    return reproches(bilan.fautes)


def en_colonnes(ligne: Ligne, jour: datetime.date = AUJOURD_HUI) -> Reproches:
    """As the law counts: amounts in cents."""
    typees = {nom: [v * 100 if COLONNES[nom].en_centimes else v] for nom, v in ligne.items()}
    _, fautes = simuler_table(systeme(AUCUN), typees, jour)
    return reproches(fautes)


def memes(trouve: Reproches, attendu: Reproches, porte: str, seuls: frozenset[str] = frozenset()) -> None:
    """The same fields and the same words; of `seuls`, the field alone."""
    assert set(trouve) == set(attendu), (porte, trouve, attendu)
    for champ in set(attendu) - seuls:
        assert trouve[champ] == attendu[champ], porte


def hors_bornes(ligne: Ligne) -> frozenset[str]:
    """Fields whose own value no door reads: a typed column shows it as its type writes it (« -1.00 »)."""
    refusees = set()
    for nom, valeur in ligne.items():
        try:
            COLONNES[nom].adaptateur.validate_python(valeur)
        except ValidationError:
            refusees.add(accuse(nom))
    return frozenset(refusees)


def test_chaque_colonne_se_tire_et_s_ecrit() -> None:
    """No column is left out of the rows drawn, and each one is written where the pages read it."""
    assert set(CHAMPS) == set(COLONNES)
    for nom in COLONNES:
        ((chemin, _),) = ((lu, dit) for lu, dit in en_adresse(en_document({nom: "x"})) if lu != "date_appreciation")
        assert champ_de(chemin) is not None, chemin
        assert accuse(chemin) == accuse(nom), chemin


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
    memes(par_la_page(document), attendu, "la page")
    memes(par_la_caisse(document), attendu, "la caisse")
    memes(par_l_api(document, api), attendu, "l'API")
    memes(en_csv(ligne, tmp_path), attendu, "le lot")
    memes(en_colonnes(ligne), attendu, "les colonnes", hors_bornes(ligne))


def jour(annee: int, mois: int = 6, quantieme: int = 1) -> datetime.date:
    return datetime.date(annee, mois, quantieme)


#: One row for each way that one doctor's facts contradict each other.
RUPTURES: tuple[Ligne, ...] = (
    {"patientele_mt_adultes": 1000, "patientele_mt_enfants": 300},
    {"patientele_mt_adultes": 900, "patientele_mt_enfants": 200},
    {"patientele_mt_adultes": 1300},
    {"patientele_mt_enfants": 1300},
    {"part_enfants": 0.2, "patientele_mt_enfants": 300},
    {"part_enfants": 0.2, "patientele_mt_adultes": 900},
    {"date_debut_suspension": jour(2022)},
    {"date_fin_anticipee": jour(2022)},
    {"date_fin_suspension": jour(2024)},
    {"date_debut_suspension": jour(2025), "date_fin_suspension": jour(2024)},
    {"date_bascule": jour(2022)},
    {"date_fin_absence": jour(2025)},
    {"date_embauche": jour(2024), "date_debut_absence": jour(2023)},
    {"date_debut_absence": jour(2025), "date_fin_absence": jour(2024)},
    {"cible_notifiee_file_active": 1700, "gain_notifie_file_active": 100},
    {"resultat_1_file_active": 1700, "projection_1_file_active": 1800},
    {"date_signature": jour(2019, 1)},
    {"date_signature": jour(2090)},
    {"renouvellement": True},
    {"date_embauche": jour(2018)},
    {"date_releve": jour(2023, 12, 31)},
    {"date_installation": jour(2025)},
    {"date_bascule": jour(2040)},
    {"date_debut_suspension": jour(2040)},
    {"date_fin_anticipee": jour(2040)},
    {"date_embauche": jour(2040)},
    {"date_debut_absence": jour(2040)},
    {"cible_notifiee_patientele_mt": 277},
    {"cible_notifiee_file_active": 100},
    {"resultat_5_patientele_mt": 1300},
    {"gain_notifie_file_active": 100_001},
)
GROUPE: dict[str, Any] = {
    "date_appreciation": AUJOURD_HUI.isoformat(),
    "groupe": {"date_signature": "2026-09-01", "etp_demandes": 1, "membres": [{"patientele_mt": 1200}] * 3},
}
#: The same for a group, and for what columns do not hold: fields of the group, of one of its members.
RUPTURES_DU_GROUPE: tuple[dict[str, Any], ...] = (
    {"structure_agreee_docteur_junior": True},
    {"date_signature": "2025-01-01"},
    {"date_debut_suspension": "2026-01-01"},
    {"date_fin_anticipee": "2040-01-01"},
    {"membres": [{"patientele_mt": 1200, "pamsu_docteur_junior": True}] * 3},
    {"membres": [{"patientele_mt": 1200}, {"patientele_mt": 900, "date_adhesion": "2026-08-31"}]},
    {"membres": [{"patientele_mt": 900, "date_adhesion": "2026-10-01", "date_installation": "2026-10-02"}] * 2},
    {"membres": [{"patientele_mt": 900, "date_installation": "2026-09-02"}] * 2},
)
ACCEPTES_DU_GROUPE: tuple[dict[str, Any], ...] = (
    {},
    {"structure_agreee_docteur_junior": True, "date_accueil_docteur_junior": "2026-11-02"},
    {"membres": [{"patientele_mt": 900, "date_adhesion": "2026-10-01", "date_installation": "2026-09-15"}] * 2},
    {"lectures": {"d19": "b"}},
)


def regles() -> dict[int, coherence.Regle]:
    """Every rule that the module holds, wherever it keeps it."""
    trouvees: dict[int, coherence.Regle] = {}

    def voir(valeur: Any) -> None:
        if isinstance(valeur, coherence.Regle):
            trouvees[id(valeur)] = valeur
        elif isinstance(valeur, (tuple, dict)):
            for element in valeur.values() if isinstance(valeur, dict) else valeur:
                voir(element)

    voir({nom: valeur for nom, valeur in vars(coherence).items() if not nom.startswith("_")})
    return trouvees


@pytest.fixture(scope="module")
def rompues() -> Iterator[set[int]]:
    """The rules that spoke, as the doors broke them."""
    dites: set[int] = set()
    toutes = regles()

    def ecouter(regle: coherence.Regle) -> Any:
        def dire(*valeurs: Any) -> str:
            dites.add(id(regle))
            return str(ancienne(*valeurs))

        ancienne = regle.dire
        return dire, ancienne

    posees = [(regle, *ecouter(regle)) for regle in toutes.values()]
    for regle, dire, _ in posees:
        object.__setattr__(regle, "dire", dire)
    yield dites
    for regle, _, ancienne in posees:
        object.__setattr__(regle, "dire", ancienne)


def partout(document: dict[str, Any], dossier: Path, api: Client) -> Reproches:
    """What the doors of a whole situation say, all alike."""
    attendu = par_la_commande(document, dossier)
    for porte, trouve in (
        ("la page", par_la_page(document)),
        ("la caisse", par_la_caisse(document)),
        ("l'API", par_l_api(document, api)),
    ):
        memes(trouve, attendu, porte)
    return attendu


def test_chaque_regle_est_rompue_et_dite_de_meme_partout(tmp_path: Path, api: Client, rompues: set[int]) -> None:
    """A rule added to the module without a row that breaks it fails here."""
    for rupture in RUPTURES:
        ligne = {**BONNE, **rupture}
        attendu = partout(en_document(ligne), tmp_path, api)
        assert attendu, rupture
        memes(en_csv(ligne, tmp_path), attendu, "le lot")
        memes(en_colonnes(ligne), attendu, "les colonnes")
    # The date d'appréciation is that of the whole table.
    passe = jour(2018)
    attendu = partout({**en_document(BONNE), "date_appreciation": passe.isoformat()}, tmp_path, api)
    assert set(attendu) >= {"date_appreciation"}
    memes(en_colonnes(BONNE, passe), attendu, "les colonnes")
    with pytest.raises(BinomeErreur, match=re.escape(attendu["date_appreciation"])):
        en_csv(BONNE, tmp_path, passe)
    # Without an option a table compares nothing: it is one of its columns. A situation may leave it out.
    sans_option = en_document({nom: v for nom, v in BONNE.items() if nom != "option"})
    assert partout(sans_option, tmp_path, api) == {}
    assert set(partout({**sans_option, "montants_notifies": {"annee_1": 30_000}}, tmp_path, api)) == {"option"}
    for change in RUPTURES_DU_GROUPE:
        assert partout({**GROUPE, "groupe": GROUPE["groupe"] | change}, tmp_path, api), change
    for change in ACCEPTES_DU_GROUPE:
        assert partout({**GROUPE, "groupe": GROUPE["groupe"] | change}, tmp_path, api) == {}, change
    # A closed option is refused where a contract is to be signed, and there alone.
    fermee = en_document({**BONNE, "option": "tiers_etp"})
    assert partout(fermee, tmp_path, api) == {}
    with pytest.raises(SituationInvalide):
        ouverture.controler(lire_situation(fermee), AUJOURD_HUI)
    assert [(regle.accuse, regle.champs) for cle, regle in regles().items() if cle not in rompues] == []


#: The numbers of a statement, as one line of a file sends them.
RELEVES = st.fixed_dictionaries(
    {nom: st.one_of(st.just(""), st.integers(0, 1500).map(str)) for nom in PATIENTELE_DU_RELEVE}
)


@settings(max_examples=60, derandomize=True)
@given(RELEVES)
@example({"patientele_mt": "1000", "patientele_mt_adultes": "1001", "patientele_mt_enfants": "", "file_active": ""})
@example({"patientele_mt": "1000", "patientele_mt_adultes": "", "patientele_mt_enfants": "1001", "file_active": ""})
@example({"patientele_mt": "1000", "patientele_mt_adultes": "800", "patientele_mt_enfants": "199", "file_active": ""})
def test_un_releve_importe_obeit_aux_memes_regles(dit: dict[str, str]) -> None:
    """What a situation refuses of a statement, its import refuses; what it accepts, the import does."""
    fautes: list[FauteDeLigne] = []
    import_releves.lire_nombres(2, dit, fautes)
    donnes = {nom: int(texte) for nom, texte in dit.items() if texte}
    if not donnes:
        assert [faute.champ for faute in fautes] == ["patientele_mt"]
        return
    try:
        lire_situation(en_document({nom: v for nom, v in BONNE.items() if nom not in dit} | donnes))
        attendu = {}
    except SituationInvalide as erreur:
        attendu = reproches(erreur.fautes)
    assert {faute.champ for faute in fautes} == set(attendu)
    assert all(faute.message in attendu[faute.champ] for faute in fautes)


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
            attendu = set(par_la_commande(document, tmp_path))
            assert attendu <= {nom}, (texte, attendu)
            assert set(par_la_page(document)) == attendu, texte
            assert set(par_la_caisse(document)) == attendu, texte
            assert set(par_l_api(document, api)) == attendu, texte
            assert set(en_csv({**BONNE, nom: texte}, tmp_path)) == attendu, texte
            if nom in DE_L_AVENANT:
                assert par_l_avenant(nom, texte) == attendu, texte
            if nom in DE_LA_FICHE:
                assert par_la_liste(nom, texte, *caisse) == attendu, texte
            if nom in faits.MEDECIN and nom.startswith("date_"):
                assert par_la_fiche(nom, texte, *caisse) == attendu, texte
