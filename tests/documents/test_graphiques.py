"""The charts of a result: what they show, that nobody is left out, and that nothing overlaps."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from binome.cli.fichiers import lire_situation
from binome.documents import graphiques
from binome.documents.graphiques import calques, mensuel, objectif, rendu, style
from binome.documents.graphiques.rendu import POLICES
from binome.documents.pdf import contenu
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.mots import ecriture
from binome.simulation.reponse.simuler import simuler
from tests.documents.outils import groupe_de
from tests.simulation.situations import situations

EXEMPLES = sorted((Path(__file__).parents[2] / "exemples").glob("*.yaml"))
#: A telephone's, a desk's and the PDF's.
LARGEURS = (350, 720, contenu.LARGEUR)
#: And the narrowest, and both sides of the change of layout.
TOUTES_LARGEURS = (*LARGEURS, 320, style.ETROIT - 1, style.ETROIT)
SVG = "{http://www.w3.org/2000/svg}"

#: « 1 045 », « 2 333,33 », « 2028 »: digits and what French writing puts between them.
NOMBRE = re.compile(r"\d+(?:[\u202f\u00a0]\d{3})*(?:,\d+)?")


@pytest.fixture(scope="module", params=EXEMPLES, ids=lambda chemin: chemin.stem)
def resultat(request: pytest.FixtureRequest) -> Resultat:
    return _resultat(request.param.stem)


def _resultat(exemple: str, **changements: Any) -> Resultat:
    chemin = next(c for c in EXEMPLES if c.stem == exemple)
    situation = lire_situation(str(chemin), None)
    if changements:
        brute = situation.model_dump(exclude_unset=True)
        for cle, valeur in changements.items():
            brute[cle] = valeur
        situation = Situation.model_validate(brute)
    return simuler(situation)


def _racine(nom: str, resultat: Resultat, largeur: int = 720) -> ET.Element:
    return ET.fromstring(graphiques.svg(nom, resultat, largeur))  # noqa: S314 - our own document


def _textes(racine: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in racine.iter(f"{SVG}text")]


def _cellules(nom: str, resultat: Resultat) -> str:
    tableau = graphiques.tableau(nom, resultat)
    return " | ".join([tableau.titre, *tableau.colonnes, *(c for ligne in tableau.lignes for c in ligne)])


def _traits(nom: str, resultat: Resultat, largeur: int, calque: str) -> list[dict[str, Any]]:
    module = {"objectif": objectif, "mensuel": mensuel}[nom]
    rangees: list[dict[str, Any]] = module.dessiner(resultat, largeur).donnees[calque]
    return rangees


@pytest.mark.parametrize("largeur", LARGEURS)
@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_tout_exemple_se_dessine_a_la_taille_annoncee(resultat: Resultat, nom: str, largeur: int) -> None:
    racine = _racine(nom, resultat, largeur)
    assert racine.get("width") == str(largeur)
    assert racine.get("height") == str(graphiques.hauteur(nom, resultat, largeur))


@pytest.mark.parametrize("largeur", LARGEURS)
@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_chaque_nombre_dessine_est_dans_le_tableau(resultat: Resultat, nom: str, largeur: int) -> None:
    ecrits = set(NOMBRE.findall(_cellules(nom, resultat)))
    dessines = [n for texte in _textes(_racine(nom, resultat, largeur)) for n in NOMBRE.findall(texte)]
    assert [n for n in dessines if n not in ecrits] == []


@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_le_graphique_se_nomme_et_se_decrit(resultat: Resultat, nom: str) -> None:
    racine = _racine(nom, resultat)
    titre, description = racine.find(f"{SVG}title"), racine.find(f"{SVG}desc")
    assert racine.get("role") == "img"
    assert racine.get("lang") == "fr"
    assert titre is not None
    assert titre.text
    assert description is not None
    assert description.text
    dits = set(NOMBRE.findall(description.text))
    for attendu in _chiffres_cles(nom, resultat):
        assert set(NOMBRE.findall(attendu)) <= dits


def _chiffres_cles(nom: str, resultat: Resultat) -> list[str]:
    """What the description must not leave out, as the table has it."""
    lignes = graphiques.tableau(nom, resultat).lignes
    if nom == "objectif":
        return [cellule for ligne in (lignes[0], lignes[2]) for cellule in ligne[1:]]
    return [cellule for ligne in lignes for cellule in (ligne[2], ligne[4])]


@pytest.mark.parametrize("largeur", TOUTES_LARGEURS)
@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_aucun_texte_n_en_touche_un_autre_ni_ne_sort(resultat: Resultat, nom: str, largeur: int) -> None:
    _verifier_les_textes(nom, resultat, largeur)


CAS_RARES: dict[str, dict[str, Any]] = {
    "base inconnue": {"patientele": {"patientele_mt": 1200}},
    "base inconnue, objectif notifié": {
        "patientele": {"patientele_mt": 1200},
        "objectifs_notifies": {"file_active": {"cible": 1900}},
    },
    "objectif sous le départ": {
        "objectifs_notifies": {"patientele_mt": {"cible": 1150}, "file_active": {"cible": 1599}},
    },
    "objectif tout proche": {
        "objectifs_notifies": {"patientele_mt": {"gain": 1}, "file_active": {"gain": 12}},
    },
    "patientèle très grande": {"patientele": {"patientele_mt": 9800, "file_active": 20000}},
    "patientèle vide": {"patientele": {"patientele_mt": 0, "file_active": 0}},
}


@pytest.mark.parametrize("largeur", TOUTES_LARGEURS)
@pytest.mark.parametrize("cas", CAS_RARES)
def test_les_cas_rares_restent_lisibles(cas: str, largeur: int) -> None:
    resultat = _resultat("generaliste-2026", **CAS_RARES[cas])
    for nom in graphiques.NOMS:
        _verifier_les_textes(nom, resultat, largeur)


@settings(max_examples=20, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(donnees=situations())
def test_toute_situation_reste_lisible(donnees: dict[str, Any]) -> None:
    resultat = simuler(Situation.model_validate(donnees))
    for nom in graphiques.NOMS:
        for largeur in TOUTES_LARGEURS:
            _verifier_les_textes(nom, resultat, largeur)


@pytest.mark.parametrize("nombre", [1, 40, 200])
def test_un_groupe_de_toute_taille_reste_lisible(nombre: int) -> None:
    resultat = groupe_de(nombre, "Dr")
    for nom in graphiques.NOMS:
        for largeur in TOUTES_LARGEURS:
            _verifier_les_textes(nom, resultat, largeur)


@pytest.mark.parametrize("largeur", TOUTES_LARGEURS)
def test_une_annee_inconnue_apres_un_solde_reste_lisible(largeur: int) -> None:
    """The balance of the first year is paid at the start of the second, of which nothing is known."""
    resultat = _resultat("bascule-2023")
    inconnue = resultat.annees[1].model_copy(update={"versements": (), "montant_prevu": None})
    resultat = resultat.model_copy(update={"annees": (resultat.annees[0], inconnue, *resultat.annees[2:])})
    assert "non déterminé" in _textes(_racine("mensuel", resultat, largeur))
    _verifier_les_textes("mensuel", resultat, largeur)


def test_le_cout_d_une_annee_etroite_est_sur_deux_lignes() -> None:
    resultat = _resultat("scm-quatre-medecins")
    assert resultat.cout is not None
    cout = ecriture.euros_ronds(resultat.cout.options[0].annees[0].cout_mensuel)
    assert f"coût {cout} / mois" in _textes(_racine("mensuel", resultat, 720))
    assert f"coût {cout}" in _textes(_racine("mensuel", resultat, contenu.LARGEUR))


def _verifier_les_textes(nom: str, resultat: Resultat, largeur: int) -> None:
    """No text leaves the chart, none meets another."""
    haut = graphiques.hauteur(nom, resultat, largeur)
    boites = []
    for pose in _traits(nom, resultat, largeur, "textes"):
        gauche, droite = calques.etendue(pose)
        corps = calques.TEXTES[pose["genre"]][0]
        assert gauche >= -1, pose
        assert droite <= largeur - 2 * style.MARGE + 1, pose
        assert corps <= pose["y"] + 2, pose
        assert pose["y"] <= haut - 2 * style.MARGE, pose
        boites.append((gauche, droite, pose["y"] - corps * 0.75, pose["y"], pose["texte"]))
    for rang, a in enumerate(boites):
        for b in boites[rang + 1 :]:
            assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2], (a, b)


@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_rien_n_est_demande_au_reseau(resultat: Resultat, nom: str) -> None:
    brut = graphiques.svg(nom, resultat)
    adresses = re.findall(r"""(?:href|src)\s*[=:]\s*["']?([^"'\s)]+)|url\(([^)]{0,40})""", brut)
    assert all((a or b).startswith(("data:", "#")) or "url(data:" in (a or b) for a, b in adresses)
    assert "<script" not in brut


@pytest.mark.parametrize(
    ("couleur", "fond"),
    [(c, style.PAPIER) for c in (style.ENCRE, style.DOUX, style.REGLE, style.ACCENT, style.OCRE, style.BRIQUE)]
    + [(style.ACCENT, style.ACCENT_PALE), (style.BRIQUE, style.BRIQUE_PALE), (style.REGLE, style.REGLE_PALE)],
)
def test_les_couleurs_se_distinguent_du_fond(couleur: str, fond: str) -> None:
    clair, sombre = sorted((_luminance(couleur), _luminance(fond)), reverse=True)
    assert (clair + 0.05) / (sombre + 0.05) >= 3


def _luminance(couleur: str) -> float:
    composantes = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in composantes]
    return sum(p * c for p, c in zip((0.2126, 0.7152, 0.0722), lineaires, strict=True))


def test_l_objectif_non_determine_montre_sa_borne_comme_telle() -> None:
    resultat = _resultat("generaliste-2026")
    textes = _textes(_racine("objectif", resultat))
    assert "+277 au plus" in textes
    assert textes.count("objectif non déterminé") == 1
    assert [t["ferme"] for t in _traits("objectif", resultat, 720, "trajets")] == [False]
    lignes = {ligne[0]: ligne[1:] for ligne in graphiques.tableau("objectif", resultat).lignes}
    assert lignes["Objectif"] == ("1\u202f477 au plus", "non déterminé")
    assert lignes["Gain demandé"] == ("+277 au plus", "non déterminé")
    assert lignes["P30 national"] == ("775", "≈\u202f1\u202f110 (de 1\u202f054 à 1\u202f166)")
    assert lignes["P70 national"][0] == "≈\u202f1\u202f373 (de 1\u202f331 à 1\u202f414)"


def test_se_maintenir_a_un_seul_repere_et_aucun_trajet() -> None:
    resultat = _resultat("p95-2023")
    assert _textes(_racine("objectif", resultat)).count("se maintenir") == len(resultat.objectifs)
    assert _traits("objectif", resultat, 720, "trajets") == []


def test_un_refus_n_annonce_ni_objectif_ni_versement() -> None:
    resultat = _resultat("chirurgien-ineligible")
    assert "aide refusée" in _textes(_racine("objectif", resultat))
    assert _textes(_racine("mensuel", resultat)) == ["Aide refusée : aucun versement."]
    assert graphiques.tableau("mensuel", resultat).lignes == ()


def test_un_groupe_montre_des_totaux_sans_percentiles() -> None:
    resultat = _resultat("scm-quatre-medecins")
    assert _traits("objectif", resultat, 720, "percentiles") == []
    assert "4\u202f160" in _textes(_racine("objectif", resultat))
    assert any("10\u202f532\u00a0€" in texte for texte in _textes(_racine("mensuel", resultat)))


def test_une_base_inconnue_est_dite_non_determinee() -> None:
    resultat = _resultat("generaliste-2026", patientele={"patientele_mt": 1200})
    assert resultat.objectifs[1].base is None
    for largeur in LARGEURS:
        assert "départ et objectif non déterminés" in _textes(_racine("objectif", resultat, largeur))
    assert graphiques.tableau("objectif", resultat).lignes[0] == ("Départ", "1\u202f200", "non déterminé")


def test_un_objectif_sous_le_depart_reste_lisible() -> None:
    resultat = _resultat(
        "generaliste-2026", objectifs_notifies={"patientele_mt": {"cible": 1150}, "file_active": {"cible": 1900}}
    )
    depart, cible = (
        next(t for t in _traits("objectif", resultat, 350, "textes") if t["texte"] == ecrit)
        for ecrit in ("1\u202f200", "1\u202f150")
    )
    assert (depart["aligne"], cible["aligne"]) == ("left", "right")
    assert calques.etendue(cible)[1] < calques.etendue(depart)[0]


def test_le_mois_commun_a_deux_versements_n_a_qu_un_baton() -> None:
    resultat = _resultat("bascule-2023")
    lignes = {ligne[0]: ligne for ligne in graphiques.tableau("mensuel", resultat).lignes}
    assert lignes["septembre 2022"][2:4] == ("37\u202f800\u00a0€", "solde et versement")
    batons = _traits("mensuel", resultat, 720, "versements")
    assert [b["ferme"] for b in batons] == [True] * 6 + [False] * 2


def test_les_batons_sont_a_l_echelle_du_cout() -> None:
    resultat = _resultat("generaliste-2026")
    assert resultat.cout is not None
    dessin = mensuel.dessiner(resultat, 720).donnees
    axe = dessin["axe"][0]["y"]
    premier, cout = dessin["versements"][0], dessin["couts"][0]
    annuel = next(c for c in resultat.cout.options if c.option == "un_etp").annees[0]
    attendu = float(annuel.cout_mensuel / resultat.annees[0].versements[0].montant)
    assert (axe - cout["y"]) / (axe - premier["y"]) == pytest.approx(attendu, rel=0.02)


def test_le_pointille_dit_le_maximum_sans_la_couleur() -> None:
    brut = graphiques.svg("mensuel", _resultat("generaliste-2026"))
    assert brut.count('stroke-dasharray="4,3"') == 6
    assert brut.count("≤\u00a0") >= 6


def test_une_fois_chaud_aucun_modele_ne_se_compile_de_nouveau() -> None:
    """Compiling takes longer than drawing: the first visitor does not wait for it, nor any other."""
    resultat = _resultat("generaliste-2026")
    graphiques.prechauffer()
    compiles = rendu.compiler.cache_info().misses
    for nom in graphiques.NOMS:
        assert graphiques.svg(nom, resultat)
    assert rendu.compiler.cache_info().misses == compiles


def test_les_polices_ont_leur_licence() -> None:
    assert (POLICES / "LICENSE-OFL.md").read_text(encoding="utf-8").count("SIL Open Font License")
    assert {"Regular", "It", "Semibold", "Bold"} == {p.stem.split("-")[1] for p in POLICES.glob("*.ttf")}


def test_un_nom_inconnu_est_une_erreur() -> None:
    with pytest.raises(KeyError):
        graphiques.svg("camembert", _resultat("generaliste-2026"))
