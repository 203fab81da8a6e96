"""No address and no body makes the public site fail: a grammar of ours, bounded, on every page that needs no account.

The families come from what was found by attack: digits that `int` refuses (« ² »), halves of characters, nulls, numbers
of thousands of digits, ranks that leave the lists, names that look like ours.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from binome.cli.fichiers import lire_situation
from binome.documents import graphiques
from binome.simulation.modele.erreurs import BinomeErreur
from binome.site.simulateur.champs import RANG, catalogue

SAINE = {
    "date_appreciation": "2026-11-23",
    "medecin.specialite": "medecine_generale",
    "medecin.secteur": "secteur_1",
    "patientele.patientele_mt": "1200",
    "patientele.file_active": "1600",
    "contrat.date_signature": "2026-12-01",
    "contrat.option": "un_etp",
}
#: What a hostile hand writes where a number, a date, a name or a rank is expected.
VALEURS = [
    "²",
    "١٢",
    "९",
    "Ⅻ",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "1" * 5_000,
    "-" * 200,
    "1e9999999",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "9" * 19,
    "2026-02-30",
    "0000-00-00",
    "31/02/2026",
    "10000-01-01",
    "http://[::1",
    "<script>",
    "%s%n{0}{{7*7}}${7}",
    "=cmd|x",
    "\u202e\u200b",
    "😀" * 50,
    " \u00a0\t",
    "true",
    "null",
    "[]",
    "{}",
]
RANGS = ["0", "1", "2", "²", "١", "-1", "01", "9999", "99999", "1.5", "", "*", "\u0000", "é"]
#: Django's test client encodes what it is given; a lone half has no encoding, and reaches the site as its bytes.
ENVOYABLES = [v for v in VALEURS if v != "\ud800"] + ["\udced\udca0\udc80"]

noms = st.sampled_from(sorted(catalogue())).flatmap(
    lambda chemin: st.sampled_from(RANGS).map(lambda rang: chemin.replace(RANG, rang))
)
valeurs = st.sampled_from(ENVOYABLES) | st.text(max_size=12) | st.integers().map(str) | st.dates().map(str)
reponses = st.dictionaries(noms, valeurs, min_size=1, max_size=4)

HOSTILES = settings(max_examples=60)


#: Where strangers go: the simulator, the guide, the doors of the accounts, health.
PUBLICS = ("/simulation/", "/guide/", "/comptes/", "/sante/")


def chemins_publics() -> list[str]:
    """Every address that a stranger may type, with hostile pieces in its holes."""
    trouves: list[str] = []

    def voir(motifs: list[Any], prefixe: str) -> None:
        for motif in motifs:
            chemin = prefixe + str(motif.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
            if isinstance(motif, URLResolver):
                voir(motif.url_patterns, chemin)
            elif isinstance(motif, URLPattern) and (chemin == "/" or chemin.startswith(PUBLICS)):
                trouves.append(chemin)

    voir(get_resolver().url_patterns, "/")
    return sorted(set(trouves))


#: Pages that draw: long, so tried a few times each, on names of charts that exist and on others.
DESSINS = tuple(chemin for chemin in chemins_publics() if chemin.endswith((".pdf", ".svg")))
#: The holes of an address: « <slug:nom> », « (?P<cle>[0-9]+) ».
TROU = re.compile(r"\(\?P<[^)]*\)|<[^>]+>")


def adresse(chemin: str, reponses: dict[str, str]) -> str:
    paires = {nom: valeur.encode("utf-8", "surrogateescape") for nom, valeur in reponses.items()}
    return f"{quote(chemin)}?{urlencode(paires)}"


def test_la_grammaire_touche_toutes_les_pages() -> None:
    publics = chemins_publics()
    for espace in PUBLICS:
        assert len([chemin for chemin in publics if chemin.startswith(espace)]) >= 3, espace
    assert any("resultat" in chemin for chemin in publics)
    assert {chemin.rpartition(".")[2] for chemin in DESSINS} == {"pdf", "svg"}
    assert not [chemin for chemin in publics if set("\\^$") & set(TROU.sub("", chemin))]


@pytest.fixture(scope="module")
def visiteur() -> Client:
    return Client(raise_request_exception=True)


@HOSTILES
@given(ajoutees=reponses)
def test_le_resultat_repond_a_toute_adresse(visiteur: Client, ajoutees: dict[str, str]) -> None:
    for chemin in ("/simulation/resultat", "/simulation/binome.json"):
        page = visiteur.get(adresse(chemin, SAINE | ajoutees))
        assert page.status_code < 500, (chemin, ajoutees)


#: Fields that the doors of the accounts read.
CHAMPS_DES_COMPTES = ("login", "password", "email", "code", "next", "credential", "action_add", "key", "session", "q")
dites = st.dictionaries(st.sampled_from(CHAMPS_DES_COMPTES), valeurs, max_size=4)


@pytest.mark.django_db
@settings(max_examples=60)
@given(ajoutees=reponses, dites=dites, choix=st.data())
def test_chaque_page_publique_repond(
    visiteur: Client, ajoutees: dict[str, str], dites: dict[str, str], choix: st.DataObject
) -> None:
    chemin = choix.draw(st.sampled_from([c for c in chemins_publics() if c not in DESSINS]))
    rempli = TROU.sub(lambda _: choix.draw(st.sampled_from([*RANGS, "nouveau", "moi", "contrat"])) or "x", chemin)
    envoi = dites if rempli.startswith(("/comptes/", "/sante/")) else SAINE | ajoutees
    _interroger(visiteur, rempli, envoi)


@pytest.mark.django_db
@pytest.mark.parametrize("chemin", [c for c in chemins_publics() if c.startswith(("/comptes/", "/sante/"))])
def test_chaque_porte_des_comptes_repond_aux_familles(visiteur: Client, chemin: str) -> None:
    """Each door of the accounts once with hostile values in all the fields that they read, and in its own holes."""
    for rang, valeur in enumerate(("²", "\u0000", "\udced\udca0\udc80", "9" * 5_000)):
        rempli = TROU.sub(lambda _, rang=rang: RANGS[rang], chemin)
        _interroger(visiteur, rempli, dict.fromkeys(CHAMPS_DES_COMPTES, valeur))


def _interroger(visiteur: Client, chemin: str, envoi: dict[str, str]) -> None:
    # A door of the accounts may open a session: it is nobody's afterwards, nor any other test's.
    visiteur.cookies.clear()
    page = visiteur.get(adresse(chemin, envoi))
    # Health says by 503 what does not answer: that is its answer.
    assert page.status_code < 500 or (page.status_code == 503 and chemin.startswith("/sante/")), (chemin, envoi)
    page = visiteur.post(chemin, {nom: valeur.encode("utf-8", "replace") for nom, valeur in envoi.items()})
    assert page.status_code < 500, (chemin, envoi)
    visiteur.cookies.clear()


@settings(max_examples=8)
@given(ajoutees=reponses, choix=st.data())
def test_chaque_dessin_repond(visiteur: Client, ajoutees: dict[str, str], choix: st.DataObject) -> None:
    """Charts whose name exists and charts whose name does not, and the PDF: drawn, or refused in words."""
    chemin = choix.draw(st.sampled_from(DESSINS))
    nom = choix.draw(st.sampled_from([*graphiques.NOMS, *graphiques.NOMS, *RANGS])) or "x"
    largeur = choix.draw(st.sampled_from([*ENVOYABLES[:12], "etroite"]))
    page = visiteur.get(adresse(TROU.sub(lambda _: nom, chemin), SAINE | ajoutees | {"largeur": largeur}))
    assert page.status_code < 500, (chemin, nom, ajoutees)


@pytest.mark.parametrize("nom", graphiques.NOMS)
def test_un_dessin_demande_par_son_nom_est_dessine(visiteur: Client, nom: str) -> None:
    page = visiteur.get(adresse(f"/simulation/graphique/{nom}.svg", SAINE | {"largeur": "²"}))
    assert page["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("valeur", VALEURS)
def test_chaque_valeur_de_la_famille_dans_chaque_genre_de_champ(visiteur: Client, valeur: str) -> None:
    """Every hostile value in one field of each kind, on the page of the result and on a page of the conversation."""
    par_genre = {champ.genre: champ.chemin.replace(RANG, "1") for champ in catalogue().values()}
    for nom in par_genre.values():
        for chemin in ("/simulation/resultat", "/simulation/nouveau/moi"):
            page = visiteur.get(
                adresse(
                    chemin, SAINE | {nom: valeur.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")}
                )
            )
            assert page.status_code < 500, (chemin, nom)


@pytest.mark.parametrize("rang", RANGS)
def test_chaque_rang_dans_chaque_liste(visiteur: Client, rang: str) -> None:
    # A sound row beside it: the list is then read, and its faults are named by their written ranks.
    projection = {"projections.3.patientele_mt": "1300", "projections.3.file_active": "1700"}
    for chemin in catalogue():
        if RANG in chemin:
            page = visiteur.get(adresse("/simulation/resultat", SAINE | projection | {chemin.replace(RANG, rang): "1"}))
            assert page.status_code < 500, chemin


@pytest.mark.parametrize("texte", ["\\ud800", "\\udfff", "\\u0000", "\\ud83d"])
def test_une_moitie_de_caractere_est_refusee_par_l_api(client: Client, texte: str) -> None:
    """A lone half of a character, or a null, cannot be written back: it is refused, and named."""
    corps = json.dumps({"titre": "X", "medecin": {"specialite": "X"}}).replace("X", texte)
    reponse = client.post("/api/v1/simulations", corps, content_type="application/json")
    assert reponse.status_code in {400, 422}
    assert "caractère" in reponse.content.decode()


def test_aucun_code_ne_prend_un_exposant_pour_un_chiffre() -> None:
    """`"²".isdigit()` is true and `int("²")` fails: `isdecimal` says what `int` reads."""
    sources = Path(__file__).parents[2].joinpath("binome").rglob("*.py")
    assert [str(source) for source in sources if ".isdigit(" in source.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("adresse", ["/?q=%00", "/simulation/resultat?titre=a%00b", "/caisse/contrats/?q=%00"])
def test_un_caractere_nul_est_refuse_en_mots(client: Client, adresse: str) -> None:
    page = client.get(adresse)
    assert page.status_code == 400
    assert "Caractère nul refusé" in page.content.decode()


def test_un_yaml_hostile_est_refuse(tmp_path: Any) -> None:
    for texte in (
        "patientele: {patientele_mt: " + "9" * 5_000 + "}",
        'titre: "\\ud800"',
        'titre: "a\\0b"',
        "patientele: {patientele_mt: ²}",
        "? [a, b]\n: 1",
        "a: &a [*a]",
    ):
        fichier = tmp_path / "s.yaml"
        fichier.write_text(texte, encoding="utf-8")
        with pytest.raises(BinomeErreur) as refus:
            lire_situation(str(fichier))
        assert str(refus.value)
