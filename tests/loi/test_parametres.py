"""Every figure of the law says what it is, where it comes from, how sure it is, and is used."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistants_medicaux.certitude import LISTE, NOMS, PROPRE, Certitude, certitude_propre
from openfisca_assistants_medicaux.lecture import ValeurLue
from tests.loi.population import calculer_tout, construire, entrees_de_la_loi, feuilles, systeme, tirer
from tests.loi.sources import plafond

RACINE = Path(__file__).parents[2]
ARBITRAGES = RACINE / "docs" / "arbitrages"

POINTS = [f"C{n}" for n in range(1, 21)] + [f"D{n}" for n in range(1, 31)] + [f"E{n}" for n in range(1, 14)]
STATUTS_SANS_VALEUR = {"inconnu", "sans_objet", "ferme"}
CLES_TEMPORELLES = {
    "date_signature",
    "debut_annuite",
    "date_embauche_am",
    "date_evenement",
}
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")

TOUTES = [pytest.param(p, id=p.name) for p in feuilles()]


def _textes(objet: Any) -> Iterator[str]:
    """Every string of nested metadata."""
    if isinstance(objet, str):
        yield objet
    elif isinstance(objet, dict):
        for valeur in objet.values():
            yield from _textes(valeur)
    elif isinstance(objet, (list, tuple)):
        for valeur in objet:
            yield from _textes(valeur)


def _cles_datees(objet: Any) -> Iterator[str]:
    """Every key of nested metadata that is a date."""
    if isinstance(objet, dict):
        for cle, valeur in objet.items():
            if isinstance(cle, datetime.date) or DATE.match(str(cle)):
                yield str(cle)
            yield from _cles_datees(valeur)


@cache
def _liens_des_parametres() -> frozenset[str]:
    """Names of the pages of docs/arbitrages named by a parameter, a value or a node."""
    textes: list[str] = []
    for noeud in systeme().parameters.get_descendants():
        textes.extend(_textes(noeud.metadata))
        if isinstance(noeud, Parameter):
            for valeur in noeud.values_list:
                textes.extend(_textes(valeur.metadata))
    return frozenset(t for t in textes if t.startswith("docs/"))


@cache
def _pages_nommees_par_le_code() -> str:
    return "\n".join(f.read_text(encoding="utf-8") for f in (RACINE / "openfisca_assistants_medicaux").rglob("*.py"))


@cache
def _points_nommes_par_les_variables() -> frozenset[str]:
    textes = (str(v.reference) for v in systeme().variables.values() if v.reference)
    return frozenset(point for texte in textes for point in re.findall(r"\b[CDE]\d{1,2}\b", texte))


@pytest.mark.parametrize("parametre", TOUTES)
def test_une_feuille_se_decrit(parametre: Parameter) -> None:
    assert parametre.description
    assert parametre.metadata.get("unit")
    assert parametre.metadata.get("cle_temporelle") in CLES_TEMPORELLES


def test_un_noeud_se_decrit() -> None:
    noeuds = [n for n in systeme().parameters.get_descendants() if isinstance(n, ParameterNode)]
    assert [n.name for n in noeuds if not n.description] == []


@pytest.mark.parametrize("parametre", TOUTES)
def test_une_valeur_a_sa_source_et_sa_certitude(parametre: Parameter) -> None:
    assert parametre.values_list
    for valeur in parametre.values_list:
        references = valeur.metadata.get("reference")
        assert isinstance(references, list), valeur.instant_str
        assert references, valeur.instant_str
        assert all(r.get("title") for r in references), valeur.instant_str
        if valeur.value is None:
            assert valeur.metadata.get("statut") in STATUTS_SANS_VALEUR, valeur.instant_str
        else:
            assert valeur.metadata.get("certitude") in Certitude.__members__, valeur.instant_str
        if "certitude" in valeur.metadata:
            assert valeur.metadata["certitude"] in Certitude.__members__, valeur.instant_str


@pytest.mark.parametrize("parametre", TOUTES)
def test_une_certitude_ne_depasse_pas_sa_source(parametre: Parameter) -> None:
    """A text that we did not read, or that only others quote, is « texte officiel cité » at most."""
    for valeur in parametre.values_list:
        if "certitude" in valeur.metadata:
            titres = [r["title"] for r in valeur.metadata["reference"]]
            assert Certitude[valeur.metadata["certitude"]] <= plafond(titres), valeur.instant_str


def test_l_aide_collective_est_rapportee_au_plus() -> None:
    collectifs = [p for p in feuilles() if p.name.startswith("aide_collective.")]
    certitudes = [Certitude[v.metadata["certitude"]] for p in collectifs for v in p.values_list if v.value is not None]
    # Parameters that no source fills yet have a place, and no certainty.
    assert len(certitudes) >= sum(any(v.value is not None for v in p.values_list) for p in collectifs)
    assert max(certitudes) <= Certitude.secondaire


def test_les_quatre_mots() -> None:
    """From the weakest to the strongest, each with its French words and its meaning."""
    assert [certitude.en_mots for certitude in sorted(Certitude)] == [
        "estimé",
        "rapporté",
        "texte officiel cité",
        "texte officiel",
    ]
    assert all(certitude.sens for certitude in Certitude)
    assert NOMS == ("texte", "cite", "secondaire", "hypothese")
    assert LISTE == "texte, cite, secondaire ou hypothese"


@pytest.mark.parametrize("parametre", TOUTES)
def test_une_valeur_est_connue_au_plus_tard_le_jour_de_son_effet(parametre: Parameter) -> None:
    for valeur in parametre.values_list:
        connu = valeur.metadata.get("connu_le", valeur.instant_str)
        assert DATE.match(connu)
        assert datetime.date.fromisoformat(connu) <= datetime.date.fromisoformat(valeur.instant_str)


@pytest.mark.parametrize("parametre", TOUTES)
def test_les_cles_datees_sont_des_dates_de_valeurs(parametre: Parameter) -> None:
    dates = {valeur.instant_str for valeur in parametre.values_list}
    assert len(dates) == len(parametre.values_list)
    assert all(DATE.match(date) for date in dates)
    assert set(_cles_datees(parametre.metadata)) <= dates
    for valeur in parametre.values_list:
        assert not set(_cles_datees(valeur.metadata)) - dates


def test_les_liens_du_depot_existent() -> None:
    assert sorted(lien for lien in _liens_des_parametres() if not (RACINE / lien).is_file()) == []


def test_les_adresses_sont_des_adresses() -> None:
    fautes = []
    for parametre in feuilles():
        for valeur in parametre.values_list:
            for reference in valeur.metadata.get("reference", []):
                adresse = reference.get("href", "https://")
                if not adresse.startswith(("https://", "http://", "docs/")):
                    fautes.append((parametre.name, adresse))
    assert fautes == []


def test_les_variables_ne_nomment_que_des_points_du_registre() -> None:
    assert _points_nommes_par_les_variables() <= set(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_chaque_point_a_sa_page_et_son_lien(point: str) -> None:
    """Disagreement P9: a decision of ours is a parameter, or a rule that names it."""
    pages = list(ARBITRAGES.glob(f"{point[0].lower()}{int(point[1:]):02d}-*.md"))
    assert len(pages) == 1
    page = pages[0]
    assert page.read_text(encoding="utf-8").startswith(f"# {point} ")
    assert f"({page.name})" in (ARBITRAGES / "README.md").read_text(encoding="utf-8")
    relie = f"docs/arbitrages/{page.name}" in _liens_des_parametres()
    # A choice of method (E) may belong to no figure: the code that applies it says so.
    explique = point.startswith("E") and page.name in _pages_nommees_par_le_code()
    assert relie or explique or point in _points_nommes_par_les_variables()


# -- no parameter is unused ----------------------------------------------------------------------------------------


def _parametres_lus(simulation: Any) -> set[str]:
    """Names of the parameters that at least one row really read, in the trace."""
    noms: set[str] = set()
    a_visiter = list(simulation.tracer.trees)
    while a_visiter:
        noeud = a_visiter.pop()
        a_visiter.extend(noeud.children)
        for acces in noeud.parameters:
            if isinstance(acces.value, ValeurLue):
                lecture = acces.value.lecture
                for rang in np.unique(lecture.rangs[lecture.compte()]):
                    noms.add(lecture.entrees[rang].nom)
    return noms


@cache
def _lus_par_la_population() -> frozenset[str]:
    """Names of the parameters that some rule reads, on a population drawn over every input, at several dates."""
    colonnes = tirer(4000, graine=1)
    lus: set[str] = set()
    for jour in ("2022-06-30", "2024-06-21", "2026-11-23", "2030-01-01"):
        simulation = construire(colonnes, trace=True)
        calculer_tout(simulation, jour)
        lus |= _parametres_lus(simulation)
    return frozenset(lus)


def _page(page: Path) -> tuple[set[str], bool]:
    """(names between back quotes of a page's « Paramètres et variables » line, is its scope said to be a method)."""
    texte = page.read_text(encoding="utf-8")
    ligne = texte.split("**Paramètres et variables**")[1].split("\n\n")[0]
    return set(re.findall(r"`([^`]+)`", ligne)), "- **Portée** : méthode" in texte


@pytest.mark.parametrize("page", sorted(ARBITRAGES.glob("[cde]*.md")), ids=lambda p: p.stem)
def test_chaque_decision_est_une_valeur_lue_la_ou_elle_agit(page: Path) -> None:
    """A decision names a parameter that a rule reads, or percentiles; or it says that it is only a method."""
    noms, methode = _page(page)
    # What the job costs is read by the cost of the assistant: tests/cout.
    lus = _lus_par_la_population() | {p.name for p in feuilles() if p.name.startswith("emploi.")}
    lue = any(nom in lus or any(autre.startswith(f"{nom}.") for autre in lus) for nom in noms)
    assert (lue or "distributions/publiees.csv" in noms) != methode


def test_une_regle_sans_parametre_dit_la_certitude_de_sa_source() -> None:
    """What reads no value of the law would pass for certain: its formula says what its own source is worth."""
    lisent = _variables_qui_lisent()
    muettes = []
    for nom, variable in systeme().variables.items():
        if not variable.is_input_variable() and nom not in lisent and not hasattr(variable.get_formula(), PROPRE):
            muettes.append(nom)
    assert muettes == []


def test_la_certitude_d_une_regle_ne_depasse_pas_sa_reference() -> None:
    """A rule that only reports (leaflet, collective aid) is no official text; a deduction adds no doubt."""
    propres = {
        nom: certitude_propre(variable.get_formula())
        for nom, variable in systeme().variables.items()
        if hasattr(variable.get_formula(), PROPRE)
    }
    assert {nom for nom, sure in propres.items() if sure < Certitude.texte} == {
        "condition_adherents",
        "condition_remplacement_secretaire",
        "statut_file_active",
        "statut_patientele_mt",
    }


@cache
def _variables_qui_lisent() -> frozenset[str]:
    """Names of the variables whose formula reads a parameter on some row."""
    lisent: set[str] = set()
    # The last day comes after all that is known, the text of an avenant to come included.
    for jour in ("2022-06-30", "2030-01-01"):
        simulation = construire(tirer(4000, graine=1), trace=True)
        calculer_tout(simulation, jour)
        a_visiter = list(simulation.tracer.trees)
        while a_visiter:
            noeud = a_visiter.pop()
            a_visiter.extend(noeud.children)
            if any(isinstance(a.value, ValeurLue) and a.value.lecture.compte().any() for a in noeud.parameters):
                lisent.add(noeud.name)
    return frozenset(lisent)


def test_chaque_parametre_est_lu_par_une_regle() -> None:
    lus = _lus_par_la_population()
    # What the job costs is no rule of the aid: tests/cout shows that each value of that topic is read there.
    de_la_loi = {p.name for p in feuilles() if not p.name.startswith("emploi.")}
    assert sorted(de_la_loi - lus) == []


def test_la_population_varie_toutes_les_entrees() -> None:
    colonnes = tirer(4000, graine=1)
    assert set(colonnes) == set(entrees_de_la_loi())
    assert [nom for nom, colonne in colonnes.items() if len(np.unique(colonne)) < 2] == []


def test_le_registre_nomme_des_choses_qui_existent() -> None:
    """Names between back quotes in the « Paramètres et variables » line of a page are parameters or variables."""
    feuilles_et_noeuds = {noeud.name for noeud in systeme().parameters.get_descendants()}
    connus = feuilles_et_noeuds | set(systeme().variables) | {"connu_le", "distributions/publiees.csv"}
    for page in sorted((RACINE / "docs/arbitrages").glob("[cde]*.md")):
        ligne = page.read_text(encoding="utf-8").split("**Paramètres et variables**")[1].split("\n\n")[0]
        inconnus = set(re.findall(r"`([^`]+)`", ligne)) - connus
        assert not inconnus, (page.name, inconnus)


def test_chaque_regle_se_dit_en_une_phrase_sans_chiffre() -> None:
    """A formula's docstring is what a reader of an explanation sees: present, and free of figures that would drift."""
    for nom, variable in systeme().variables.items():
        if variable.is_input_variable():
            continue
        phrase = (variable.get_formula().__doc__ or "").strip()
        assert len(phrase) > 10, nom
        assert not re.search(r"(?<![P/])\b\d+\b(?!/3)", phrase.replace("avenant 7", "")), (nom, phrase)
