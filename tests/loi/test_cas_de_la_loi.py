"""Every dated amount and every condition has the case that its text asks for, in the law's own YAML tests."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import openfisca_assistants_medicaux
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.arithmetique import en_centimes
from openfisca_assistants_medicaux.nomenclatures import Option, Regime
from tests.loi.population import feuilles

DOSSIER = Path(openfisca_assistants_medicaux.__file__).parent / "tests"
ICI = "openfisca_assistants_medicaux/tests/"


def _valeurs(sortie: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """(variable, value) of every value that a case expects: one, one a row, or one a day."""
    for nom, valeur in sortie.items():
        if isinstance(valeur, dict) and all(isinstance(cle, str) for cle in valeur):
            yield from _valeurs(valeur)
        elif isinstance(valeur, dict):
            yield from ((nom, v) for v in valeur.values())
        else:
            yield from ((nom, v) for v in (valeur if isinstance(valeur, list) else [valeur]))


#: (amount, first day) that no contract reads -> why.
JAMAIS_LUS = {
    ("montants.tiers_etp.annee_2", "2024-06-22"): "fermé depuis le 01/05/2023 : plus aucune deuxième année ne commence",
}


@cache
def attendues() -> dict[str, set[Any]]:
    """Values that the cases expect, by variable."""
    trouvees: dict[str, set[Any]] = {}
    for fichier in sorted(DOSSIER.glob("*.yaml")):
        for cas in yaml.safe_load(fichier.read_text(encoding="utf-8")):
            for nom, valeur in _valeurs(cas["output"]):
                trouvees.setdefault(nom, set()).add(valeur)
    return trouvees


def montants() -> Iterator[tuple[str, datetime.date, float]]:
    """(name, first day, euros) of every known amount of the scales."""
    for feuille in feuilles():
        if feuille.name.startswith(("montants.", "aide_collective.montant_par_etp.")):
            for valeur in feuille.values_list:
                if valeur.value is not None and feuille.metadata["unit"].startswith("EUR"):
                    yield feuille.name, datetime.date.fromisoformat(valeur.instant_str), valeur.value


def test_chaque_montant_date_a_son_cas() -> None:
    vus = list(montants())
    assert len(vus) > 30
    attendus = {v for nom, valeurs in attendues().items() if "montant" in nom for v in valeurs}
    assert set(JAMAIS_LUS) <= {(nom, str(jour)) for nom, jour, _ in vus}
    for nom, jour, euros in vus:
        if (nom, str(jour)) in JAMAIS_LUS:
            continue
        centimes = int(en_centimes(euros))
        assert centimes in attendus, f"{nom} au {jour} : aucun cas de {ICI} n'attend {centimes} centimes"


def test_le_montant_du_p95_est_celui_de_la_premiere_annee() -> None:
    """The texts read give both the same figure, at every date: a new one for one of them alone leaves a doctor whose

    band is not known with two amounts possible, hence none. A text that parts them changes this test with it.
    """
    par_nom = {(nom, jour): euros for nom, jour, euros in montants()}
    for (nom, jour), euros in par_nom.items():
        if nom.endswith(".bande_p95_plus") and nom != "montants.tiers_etp.bande_p95_plus":
            premiere = nom.replace("bande_p95_plus", "annee_1")
            assert par_nom.get((premiere, jour)) == euros, f"{premiere} et {nom} diffèrent au {jour}"
        if nom.endswith(".annee_1") and nom.startswith("montants."):
            fixe = nom.replace("annee_1", "bande_p95_plus")
            assert par_nom.get((fixe, jour)) == euros, f"{fixe} et {nom} diffèrent au {jour}"


@pytest.mark.parametrize("nom", registre.conditions().conditions)
def test_chaque_condition_a_ses_cas(nom: str) -> None:
    """Met, and not met: a rule that nothing tries both ways may never refuse."""
    dits = attendues().get(nom, set())
    assert {"remplie", "non_remplie"} <= dits, f"{nom} : cas « remplie » et « non_remplie » attendus dans {ICI}"


@pytest.mark.parametrize("nom", registre.echeances().fiches)
def test_chaque_echeance_a_son_cas(nom: str) -> None:
    dits = {valeur for valeur in attendues().get(nom, set()) if isinstance(valeur, datetime.date) and valeur.year > 1}
    assert dits, f"{nom} : aucun cas de {ICI} n'attend de date"


def test_chaque_option_s_ouvre_un_jour() -> None:
    """An option that no list opens may never be signed."""
    (ouvertes,) = (p for p in feuilles() if p.name == "options.ouvertes_aux_nouveaux_contrats")
    un_jour = {nom for valeur in ouvertes.values_list for nom in valeur.value or ()}
    jamais = {str(nom) for nom in Option.names} - {"aucune"} - un_jour
    assert not jamais, f"dans aucune liste de {ouvertes.name} : {sorted(jamais)}"


@pytest.mark.parametrize("regime", Regime)
def test_chaque_regime_a_son_cas(regime: Regime) -> None:
    assert regime.name in attendues()["regime"], f"{ICI} : aucun cas n'attend « regime: {regime.name} »"


def test_chaque_bareme_est_celui_d_une_option() -> None:
    baremes = {
        feuille.name.split(".")[1] for feuille in feuilles() if re.match(r"montants\.\w+\.annee_1$", feuille.name)
    }
    options = {str(nom) for nom in Option.names} - {"aucune"}
    assert not baremes - options, f"barème sans option dans nomenclatures.py : {sorted(baremes - options)}"
    assert not options - baremes, f"option sans barème dans parameters/montants/ : {sorted(options - baremes)}"
