"""The zones of the agencies' orders, under their own names, and the day from which they hold (arbitrage D28)."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings
from django.utils.http import urlencode

from binome.dossiers.contrats import ouverture
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Medecin
from binome.dossiers.patientele import import_medecins
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import simuler
from binome.simulation.tables import lot
from binome.site.simulateur import conversation, lecture
from binome.site.simulateur.parcours import CONTRAT
from binome.tableaux import libelles
from tests.dossiers import fabrique
from tests.site.api.outils import envoyer
from tests.tableaux.dialectes import DIALECTES

LE_23_NOVEMBRE = datetime.date(2026, 11, 23)
#: What the successive orders of one agency write in the column of the zone (2018, 2022, 2026), and the member read.
ARRETES = {
    "Zone d’intervention Prioritaire (ZIP)": "zip",
    "ZIP": "zip",
    "Zones d’Action Complémentaire (ZAC)": "zac",
    "ZAC": "zac",
    "Zones de Vigilance (ZV)": "zone_de_vigilance",
    "ZV": "zone_de_vigilance",
    "Zones Hors Classement": "hors_classement",
    "Hors Classement (HC)": "hors_classement",
    "HC": "hors_classement",
    "Hors-Zonage -HZ-": "hors_zonage",
    "HZ": "hors_zonage",
}


def cas(signature: str, option: str, **medecin: Any) -> dict[str, Any]:
    return {
        "date_appreciation": "2026-11-23",
        "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1", **medecin},
        "patientele": {"patientele_mt": 1300, "file_active": 1700},
        "contrat": {"date_signature": signature, "option": option},
    }


def de_la_zone(document: dict[str, Any], nom: str, option: str) -> tuple[str, str, str]:
    """(verdict, reason, what the result says of the zone)."""
    lu = simuler(Situation.model_validate(document))
    conditions = next(o.conditions for o in lu.options if o.option == option)
    condition = next(c for c in conditions if c.nom == nom)
    return condition.verdict, condition.raison, " ".join(m for m in lu.messages if "(Z" in m or "(H" in m)


@pytest.mark.parametrize("ecrite", ARRETES)
def test_les_libelles_des_arretes_gardent_leur_nom(ecrite: str) -> None:
    for forme in (ecrite, ecrite.upper(), ecrite.lower()):
        assert libelles.zones().lire(forme) == ARRETES[ecrite]


@pytest.mark.parametrize(
    ("zone", "libelle"),
    [("ZV", "Zone de vigilance (ZV)"), ("hc", "Hors classement (HC)"), ("HZ", "Hors zonage (HZ)")],
)
def test_t05_le_resultat_dit_la_zone_donnee_et_la_condition_qu_elle_ne_remplit_pas(zone: str, libelle: str) -> None:
    verdict, raison, message = de_la_zone(
        cas("2026-10-01", "2", zone=zone), "condition_second_assistant_zone", "deux_etp"
    )
    assert verdict == "non_remplie"
    assert libelle[1:] in raison
    assert message.startswith(f"{libelle} : ")
    assert "ni une ZIP ni une ZAC" in message
    assert "zone du second assistant" in message
    verdict, raison, message = de_la_zone(cas("2020-09-01", "1", zone=zone), "condition_zone", "un_etp")
    assert (verdict, libelle[1:] in raison, "temps plein" in message) == ("non_remplie", True, True)


def test_une_zone_sous_dense_n_appelle_aucun_mot() -> None:
    assert de_la_zone(cas("2026-10-01", "2", zone="ZIP"), "condition_second_assistant_zone", "deux_etp")[::2] == (
        "remplie",
        "",
    )


@pytest.mark.parametrize(
    ("date_zonage", "verdict"),
    [(None, "remplie"), ("01/01/2022", "remplie"), ("01/10/2026", "remplie"), ("02/10/2026", "indeterminee")],
)
def test_la_zone_est_celle_du_jour_de_la_signature(date_zonage: str | None, verdict: str) -> None:
    document = cas("2026-10-01", "2", zone="ZIP", date_zonage=date_zonage)
    rendu, raison, message = de_la_zone(document, "condition_second_assistant_zone", "deux_etp")
    assert rendu == verdict
    assert ("jour de la signature (medecin.zone)" in raison) == (verdict == "indeterminee")
    assert ("2\u00a0octobre\u00a02026, après la signature" in message) == (verdict == "indeterminee")


def test_un_zonage_d_apres_la_signature_ne_dispense_pas_d_exercice_regroupe() -> None:
    isole = cas("2020-01-06", "1/2", zone="zip", nombre_medecins_lieu=1, coordination_assistant_partage="non")
    rendus = []
    for date in ("2018-05-01", "2022-01-01"):
        isole["medecin"]["date_zonage"] = date
        lu = simuler(Situation.model_validate(isole))
        rendus.append(next(c.verdict for c in lu.verdict.conditions if c.nom == "condition_exercice_regroupe"))
    assert rendus == ["derogation", "indeterminee"]


@pytest.mark.parametrize(
    ("date_zonage", "certitude"),
    [(None, "cite"), ("01/01/2022", "cite"), ("02/10/2026", "hypothese")],
)
def test_d28_ecarter_une_zone_d_apres_la_signature_est_une_hypothese(date_zonage: str | None, certitude: str) -> None:
    """That the zone is judged on the day of signature is our decision: it weighs where it sets a zone aside."""
    lu = simuler(Situation.model_validate(cas("2026-10-01", "2", zone="ZIP", date_zonage=date_zonage)))
    deux = next(option for option in lu.options if option.option == "deux_etp")
    zone = next(c for c in deux.conditions if c.nom == "condition_second_assistant_zone")
    assert zone.certitude == certitude


def test_la_date_du_zonage_entre_par_toutes_les_portes(tmp_path: Path) -> None:
    lignes = [
        ["Spécialité", "Secteur", "Zonage", "Date du zonage", "Patientèle MT", "File active", "Signature", "Option"],
        ["Médecin généraliste", "S1", "ZIP", "01/05/2018", "1300", "1700", "01/09/2020", "1"],
        ["Médecin généraliste", "S1", "ZIP", "01/01/2022", "1300", "1700", "01/09/2020", "1"],
    ]
    (tmp_path / "m").write_bytes(DIALECTES["point-virgule"](lignes))
    assert lot.traiter(tmp_path / "m", tmp_path / "r.parquet", tmp_path / "x.csv", LE_23_NOVEMBRE).fautes == []
    assert pl.read_parquet(tmp_path / "r.parquet")["option_ouverte"].to_list() == ["oui", "indeterminee"]

    adresse = {
        "parcours": "contrat",
        "medecin.specialite": "medecine_generale",
        "medecin.zone": "ZV",
        "medecin.date_zonage": "01/05/2018",
        "patientele.patientele_mt": "1300",
        "patientele.file_active": "1700",
        "contrat.date_signature": "01/09/2020",
        "contrat.option": "1",
    }
    ouverte = lecture.ouvrir(RequestFactory().get(f"/simulation/resultat?{urlencode(adresse)}"))
    assert ouverte.situation.medecin is not None
    assert ouverte.situation.medecin.date_zonage == datetime.date(2018, 5, 1)
    assert ouverte.situation.medecin.zone == "zone_de_vigilance"

    cache.clear()
    with override_settings(LIMITE_API=""):
        reponse = envoyer(Client(), "/simulations", cas("2020-09-01", "1", zone="ZAC", date_zonage="2022-01-01"))
    assert any("ce zonage prend effet" in message for message in json.loads(reponse.content)["messages"])


def test_la_date_du_zonage_n_est_demandee_que_la_ou_une_zone_decide() -> None:
    def demandees(signature: str) -> set[str]:
        reponses = {
            "medecin.specialite": "medecine_generale",
            "patientele.patientele_mt": "1300",
            "patientele.file_active": "1700",
            "contrat.date_signature": signature,
            "contrat.option": "un_etp",
        }
        vu = conversation.contexte(CONTRAT, reponses, LE_23_NOVEMBRE)
        return {question.champ for etape in CONTRAT.etapes for question in etape.questions(vu)}

    assert {"medecin.zone", "medecin.date_zonage"} <= demandees("2020-09-01")
    assert {"medecin.zone", "medecin.date_zonage"}.isdisjoint(demandees("2023-06-15"))


@pytest.mark.django_db
def test_la_fiche_garde_la_zone_et_sa_date_et_le_dossier_celle_de_son_jour() -> None:
    caisse = fabrique.caisse()
    agent = fabrique.agent(caisse)
    texte = (
        "RPPS;Nom;Spécialité;Secteur;Zonage;Date du zonage\r\n"
        f"{fabrique.rpps(76_001)};Rose;Médecin généraliste;S1 DP;HC;01/01/2022\r\n"
    )
    import_medecins.importer(caisse.pk, texte.encode(), agent)
    medecin = Medecin.objects.get(caisse=caisse, rpps=fabrique.rpps(76_001))
    assert (medecin.secteur, medecin.zone) == ("secteur_1_dp", "hors_classement")
    assert medecin.date_zonage == datetime.date(2022, 1, 1)
    ancienne = Situation.model_validate(cas("2020-09-01", "1/2", zone="zip") | {"date_appreciation": "2020-09-01"})
    ancienne = ancienne.model_copy(
        update={"medecin": ancienne.medecin and ancienne.medecin.model_copy(update={"secteur": None})}
    )
    # The sheet's zoning is later than the contract: nothing to compare.
    ouverture.controler_identite(ancienne, medecin, None)
    recente = Situation.model_validate(cas("2026-10-01", "1/2", zone="zip") | {"date_appreciation": "2026-10-01"})
    with pytest.raises(Refus, match=r"zone : « Zone d'intervention prioritaire .* Hors classement"):
        ouverture.controler_identite(recente, medecin, None)
    datee = Situation.model_validate(cas("2026-10-01", "1/2", zone="zip", secteur="S1 DP", date_zonage="2026-01-01"))
    ouverture.controler_identite(datee, medecin, None)


def test_d29_le_droit_permanent_garde_son_nom_et_se_lit_comme_le_secteur_1() -> None:
    rendus = {}
    for secteur in ("S1", "secteur 1 avec droit permanent à dépassement", "secteur 2"):
        lu = simuler(
            Situation.model_validate(cas("2026-10-01", "1") | {"medecin": {"specialite": 1, "secteur": secteur}})
        )
        condition = next(c for c in lu.verdict.conditions if c.nom == "condition_conventionnement")
        assert lu.situation.medecin is not None
        rendus[str(lu.situation.medecin.secteur)] = (condition.verdict, condition.certitude)
    assert rendus["secteur_1_dp"] == ("remplie", "hypothese")
    assert rendus["secteur_1"] == ("remplie", "cite")
    assert rendus["secteur_2"][0] == "non_remplie"
