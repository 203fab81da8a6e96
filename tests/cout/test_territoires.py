"""Overseas: what is computed, what is refused in words, and that no page, file or console keeps silent (D26)."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from binome.argent import en_centimes
from binome.documents import tableur
from binome.documents.pdf import contenu
from binome.simulation.modele.cout import HypothesesCout
from binome.simulation.modele.nomenclatures import NomTerritoire
from binome.simulation.modele.resultat import Resultat
from openfisca_assistants_medicaux.nomenclatures import CODES_OUTRE_MER, Territoire
from tests.cas_publics.situations import individuel
from tests.cli.outils import lancer
from tests.cout.outils import AUJOURD_HUI, cout_de

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

SIGNATURE = "2026-11-02"
LODEOM = ("guadeloupe", "guyane", "martinique", "reunion")
AUTRES = ("saint_barthelemy", "saint_martin", "saint_pierre_et_miquelon")


def test_t62_un_temps_plein_au_smic_en_martinique() -> None:
    """2,95 % of 22 764 (twelve SMIC and the health cover) is 672 €, under the franchise: no tax."""
    cout = cout_de(SIGNATURE, le=AUJOURD_HUI, territoire="972")
    assert cout.options == ()
    assert cout.non_determine is not None
    assert cout.non_determine.startswith("Coût non déterminé outre-mer : en Martinique, l'exonération dite Lodeom")
    (option,) = cout.connu
    annee = option.annees[0]
    assert annee.brut == en_centimes(22404.24)
    assert round((annee.taxe_salaires_avant_franchise or 0) / 100) == 672
    assert annee.taxe_salaires == 0
    # The collective agreement does not apply: no conventional minimum, cover or contribution.
    assert cout.salaire is not None
    assert (cout.salaire.minimum_conventionnel, cout.salaire.brut_mensuel) == (None, cout.salaire.smic)
    assert annee.prevoyance == 0
    assert annee.formation == en_centimes(123.22)  # 0,55 %
    assert option.annees[1].prevoyance == 0


def test_outre_mer_le_total_est_celui_d_avant_reduction() -> None:
    """In metropolitan France the same salary costs less, by the relief; overseas, at most that."""
    ailleurs = {"salaire_brut_mensuel": 2200, "taux_formation": "0.0055", "assujetti_taxe_salaires": "non"}
    ici = cout_de(SIGNATURE, le=AUJOURD_HUI, territoire="guadeloupe", **ailleurs).connu[0].annees[0]
    metropole = cout_de(SIGNATURE, le=AUJOURD_HUI, **ailleurs).options[0].annees[0]
    assert ici.cotisations == metropole.cotisations
    assert ici.total_au_plus == metropole.total + metropole.allegement


@pytest.mark.parametrize("territoire", LODEOM)
def test_un_taux_unique_de_taxe_sur_les_salaires(territoire: str) -> None:
    """No upper bracket; beyond the décote, the tax is the rate of the whole."""
    taux = Decimal("0.0255") if territoire == "guyane" else Decimal("0.0295")
    annee = (
        cout_de(SIGNATURE, territoire=territoire, salaire_brut_mensuel=8000, mutuelle_mensuelle=0).connu[0].annees[0]
    )
    assert annee.taxe_salaires == annee.taxe_salaires_avant_franchise == en_centimes(12 * 8000 * taux)


def test_a_mayotte_seule_la_taxe_d_un_salaire_saisi_se_calcule() -> None:
    sans = cout_de(SIGNATURE, territoire="mayotte")
    assert sans.non_determine is not None
    assert "Mayotte" in sans.non_determine
    assert sans.salaire is None
    assert {a.brut for o in sans.connu for a in o.annees} == {None}
    avec = cout_de(SIGNATURE, territoire="976", salaire_brut_mensuel=6000, mutuelle_mensuelle=0)
    annee = avec.connu[0].annees[0]
    assert annee.brut == en_centimes(72_000)
    assert annee.taxe_salaires_avant_franchise == en_centimes(1836)  # 2,55 %
    # The décote: three quarters of what is missing to its ceiling.
    assert annee.taxe_salaires == en_centimes(1836 - Decimal("0.75") * (2040 - 1836))
    assert annee.cotisations is annee.formation is annee.total_au_plus is None
    # The SMIC is another there: a salary under that of metropolitan France is not refused.
    assert individuel(SIGNATURE, "1", cout={"territoire": "mayotte", "salaire_brut_mensuel": 1500}).cout


@pytest.mark.parametrize("territoire", AUTRES)
def test_dans_les_collectivites_rien_n_est_chiffre_et_c_est_dit(territoire: str) -> None:
    cout = cout_de(SIGNATURE, territoire=territoire, salaire_brut_mensuel=2500)
    assert cout.options == cout.connu == ()
    assert cout.non_determine is not None
    assert Territoire[territoire].value in cout.non_determine


def test_la_facture_d_un_groupement_se_chiffre_partout() -> None:
    for territoire in NomTerritoire:
        cout = cout_de(SIGNATURE, territoire=territoire, facture_mensuelle=2600)
        assert cout.non_determine is None
        assert cout.options[0].annees[0].total == en_centimes(31_200)


def test_un_territoire_se_dit_par_son_nom_ou_son_departement() -> None:
    for code, nom in CODES_OUTRE_MER.items():
        assert HypothesesCout.model_validate({"territoire": code}).territoire.value == nom
    for dit, nom in (("La Réunion", "reunion"), ("martinique", "martinique"), ("2A", "metropole"), ("69", "metropole")):
        assert HypothesesCout.model_validate({"territoire": dit}).territoire.value == nom
    assert HypothesesCout().territoire.value == "metropole"
    for faux in ("99", "97", "Tahiti", "", 1.5):
        with pytest.raises(ValueError, match="territoire"):
            HypothesesCout.model_validate({"territoire": faux})


def test_sans_reponse_la_metropole_est_une_hypothese_dite() -> None:
    (dite,) = (h for h in cout_de(SIGNATURE).hypotheses if h.nom == "territoire")
    assert (dite.valeur, dite.par_defaut) == ("metropole", True)
    (dite,) = (h for h in cout_de(SIGNATURE, territoire="974").hypotheses if h.nom == "territoire")
    assert (dite.valeur_ecrite, dite.par_defaut) == ("La Réunion", False)


# -- never silent ---------------------------------------------------------------------------------------------------


@pytest.fixture(name="martinique")
def _martinique() -> Resultat:
    return individuel(
        SIGNATURE,
        "1",
        le=AUJOURD_HUI,
        medecin={"zone": "zip"},
        patientele={"patientele_mt": 1200, "file_active": 1700},
        cout={"territoire": "martinique"},
    )


def test_l_aide_est_celle_de_partout(martinique: Resultat) -> None:
    assert martinique.total_cinq_ans == en_centimes(132_000)
    assert martinique.cout is not None
    (choisie,) = (o for o in martinique.cout.connu if o.option == "un_etp")
    assert [a.aide for a in choisie.annees] == [a.montant_prevu for a in martinique.annees]


def test_le_csv_le_dit(martinique: Resultat) -> None:
    lignes = list(csv.DictReader(io.StringIO(tableur.rendre(martinique).decode("utf-8-sig")), delimiter=";"))
    assert lignes
    for ligne in lignes:
        assert "Lodeom" in ligne["coût, remarque"]
        assert ligne["coût (€)"] == ligne["reste à charge (€)"] == ""


def test_le_pdf_le_dit(martinique: Resultat) -> None:
    dit = contenu.de(martinique, None)["cout"]
    assert "Lodeom" in dit["refus"]
    assert dit["options"] == []
    assert dit["connu"][0]["lignes"][0][3].startswith("0")


def test_la_console_le_dit(tmp_path: Path, martinique: Resultat) -> None:
    fichier = tmp_path / "martinique.json"
    fichier.write_text(martinique.situation.model_dump_json(exclude_unset=True), encoding="utf-8")
    reponse = lancer("simuler", fichier)
    assert reponse.code == 0
    assert "Coût non déterminé outre-mer" in " ".join(reponse.sortie.split())


def test_l_api_le_dit(client: Client, martinique: Resultat) -> None:
    corps = json.loads(martinique.situation.model_dump_json(exclude_unset=True))
    reponse = client.post("/api/v1/simulations", json.dumps(corps), content_type="application/json")
    assert reponse.status_code == 200
    cout: dict[str, Any] = reponse.json()["cout"]
    assert "Lodeom" in cout["non_determine"]
    assert cout["connu"][0]["annees"][0]["taxe_salaires"] == 0


def test_la_page_le_dit(client: Client) -> None:
    demande = {
        "parcours": "nouveau", "medecin.specialite": "medecine_generale", "medecin.secteur": "secteur_1",
        "medecin.zone": "zip", "patientele.patientele_mt": "1200", "patientele.file_active": "1700",
        "contrat.date_signature": SIGNATURE, "contrat.option": "un_etp", "cout.territoire": "martinique",
    }  # fmt: skip
    page = client.get(reverse("simulateur:resultat"), demande).content.decode()
    assert "Coût non déterminé outre-mer" in page
    assert "Ce qui se calcule" in page
