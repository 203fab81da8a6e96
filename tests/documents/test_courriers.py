"""The letters, read back: their templates, their values, their pages, whatever is typed."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import yaml

from binome.documents import courriers
from binome.documents.courriers import Courrier, Destinataire, Expediteur, TableauDeLettre, corps
from binome.documents.courriers.catalogue import COMMUNS, DOSSIER, lire
from binome.simulation.modele.erreurs import BinomeErreur

NOMS = [modele.nom for modele in courriers.modeles()]
LETTRES = [modele.nom for modele in courriers.modeles() if modele.genre == "lettre"]
ACTES = [modele.nom for modele in courriers.modeles() if modele.genre == "acte"]
#: Letters that decide something against the doctor, or that the doctor may want to contest.
DECISIONS = {
    "eligibilite-defavorable", "evaluation", "evaluation-modifiee", "indu", "suspension", "reprise",
    "resiliation-caisse", "versement", "fin-contrat",
}  # fmt: skip
PAGES_LETTRE, PAGES_ACTE = 2, 5

HOSTILES = [
    '#import "x" #panic()',
    "{{ montant }} {% tableau versements %}",
    "**gras** _i_ `c` # titre",
    "## Titre",
    "- liste",
    "$x$ <label> @ref \\u{41} // /* */",
    "] [ } { ~ --",
]


@lru_cache
def octets_de(nom: str) -> bytes:
    return courriers.rendre(courriers.exemple(nom))


def lu(octets: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(octets))


def serre(texte: str) -> str:
    """A text without spaces nor line breaks, its apostrophes made one: what a reader compares."""
    return re.sub(r"[\s\u200b\u00ad]", "", texte).replace("’", "'")


def texte(octets: bytes) -> str:
    return serre("".join(page.extract_text() for page in lu(octets).pages))


def modifie(nom: str, **champs: str) -> Courrier:
    """The example letter of a template, some of its fields replaced."""
    exemple = courriers.exemple(nom)
    return exemple.model_copy(update={"champs": {**exemple.champs, **champs}})


def valeurs(courrier: Courrier) -> list[str]:
    """Every value of a letter."""
    cellules = [c for t in courrier.tableaux.values() for ligne in (t.titres, *t.lignes) for c in ligne]
    return [*courrier.champs.values(), *cellules, courrier.reference, courrier.caisse.nom, courrier.caisse.telephone]


def roles(octets: bytes) -> list[str]:
    """Roles of the structure tree."""
    trouves: list[str] = []

    def parcourir(noeud: Any) -> None:
        if isinstance(noeud, pikepdf.Array):
            for enfant in noeud:
                parcourir(enfant)
        elif isinstance(noeud, pikepdf.Dictionary):
            trouves.append(str(noeud.get("/S", "")))
            parcourir(noeud.get("/K"))

    with pikepdf.open(io.BytesIO(octets)) as document:
        parcourir(document.Root.StructTreeRoot)
    return trouves


@pytest.mark.parametrize("nom", NOMS)
def test_un_pdf_accessible_et_court(nom: str) -> None:
    octets = octets_de(nom)
    assert 1 <= len(lu(octets).pages) <= (PAGES_LETTRE if nom in LETTRES else PAGES_ACTE)
    with pikepdf.open(io.BytesIO(octets)) as document:
        racine = document.Root
        assert bool(racine.MarkInfo.Marked)
        assert str(racine.Lang).startswith("fr")
        assert bool(racine.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadonnees:
            assert metadonnees["pdfuaid:part"] == "1"
            assert serre(courriers.modele(nom).objet) in serre(metadonnees["dc:title"])
    balises = roles(octets)
    assert balises.count("/H1") == 1
    assert balises.count("/Table") == len(courriers.modele(nom).tableaux)
    for page in lu(octets).pages:
        for police in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "SourceSans3" in police.get_object()["/BaseFont"]


@pytest.mark.parametrize("nom", NOMS)
def test_les_memes_octets_deux_fois(nom: str) -> None:
    assert courriers.rendre(courriers.exemple(nom)) == octets_de(nom)


@pytest.mark.parametrize("nom", NOMS)
def test_toutes_les_valeurs_sont_dites(nom: str) -> None:
    courrier = courriers.exemple(nom)
    ecrit = texte(octets_de(nom))
    for valeur in valeurs(courrier):
        assert serre(valeur) in ecrit, valeur
    nom_du_destinataire = serre(courrier.destinataire.civilite_nom)
    assert nom_du_destinataire in ecrit
    assert "{{" not in ecrit
    assert "**" not in ecrit


@pytest.mark.parametrize("nom", NOMS)
def test_un_champ_qui_manque_est_refuse(nom: str) -> None:
    exemple, modele = courriers.exemple(nom), courriers.modele(nom)
    for champ in modele.champs:
        reste = {c: v for c, v in exemple.champs.items() if c != champ}
        sans = exemple.model_copy(update={"champs": reste})
        if champ in modele.facultatifs:
            assert serre(exemple.champs[champ]) not in texte(courriers.rendre(sans)), champ
            continue
        with pytest.raises(BinomeErreur, match=f"« {champ} » attendu, absent"):
            courriers.composer(sans)
    for tableau in set(modele.tableaux) - set(modele.facultatifs):
        with pytest.raises(BinomeErreur, match=f"tableau « {tableau} » attendu, absent"):
            courriers.composer(exemple.model_copy(update={"tableaux": {}}))


def test_toutes_les_fautes_sont_dites_a_la_fois() -> None:
    exemple = courriers.exemple("versement")
    champs = {**exemple.champs, "inconnu": "x", "motif": " \n"}
    del champs["montant"]
    with pytest.raises(BinomeErreur) as refus:
        courriers.rendre(
            exemple.model_copy(update={"champs": champs, "tableaux": {"autre": TableauDeLettre(lignes=())}})
        )
    for dit in ("« inconnu » inconnu", "« montant » attendu, absent (Somme versée)", "« motif » vide", "« autre »"):
        assert dit in str(refus.value)


@pytest.mark.parametrize(
    ("tableau", "faute"),
    [
        (TableauDeLettre(lignes=()), "sans ligne"),
        (TableauDeLettre(lignes=(("1", "Avance"),)), "attendu par ligne : 3"),
        (TableauDeLettre(titres=("A",), lignes=(("1", "2"),)), "attendu par ligne : 1"),
    ],
)
def test_un_tableau_mal_fait_est_refuse(tableau: TableauDeLettre, faute: str) -> None:
    with pytest.raises(BinomeErreur, match=faute):
        courriers.rendre(courriers.exemple("versement").model_copy(update={"tableaux": {"versements": tableau}}))


def test_un_courrier_inconnu_est_refuse() -> None:
    with pytest.raises(BinomeErreur, match="courrier « lettre » inconnu ; attendu : accuse-demande"):
        courriers.modele("lettre")


@pytest.mark.parametrize("valeur", HOSTILES)
def test_une_valeur_n_est_jamais_du_code(valeur: str) -> None:
    exemple = modifie("versement", motif=valeur, compte=valeur)
    courrier = exemple.model_copy(
        update={
            "reference": valeur,
            "objet": valeur,
            "signataire": valeur,
            "caisse": Expediteur(nom=valeur, adresse=(valeur,), telephone=valeur, courriel=valeur),
            "destinataire": Destinataire(civilite_nom=valeur, adresse=(valeur,), rpps=valeur, appel=valeur),
            "tableaux": {"versements": TableauDeLettre(titres=(valeur,), lignes=((valeur,),))},
        }
    )
    ecrit = texte(courriers.rendre(courrier))
    assert ecrit.count(serre(valeur)) >= 12


@pytest.mark.parametrize("valeur", ["W" * 300, "très long texte " * 40, "ligne\nautre\r\nencore", "a\x00b\x1bc\ud800d"])
def test_une_valeur_longue_ou_abimee_tient(valeur: str) -> None:
    courrier = modifie("virement-rejete", motif=valeur).model_copy(
        update={"destinataire": Destinataire(civilite_nom=valeur, adresse=(valeur, "00000 Ville"))}
    )
    octets = courriers.rendre(courrier)
    assert serre(re.sub("[\x00\x1b\ud800]", "", valeur)) in texte(octets)
    for page in lu(octets).pages:
        droites: list[float] = []
        page.extract_text(visitor_text=lambda _t, cm, tm, *_, d=droites: d.append(cm[4] + tm[4]))
        assert max(droites) < page.mediabox.width


def test_un_mot_trop_long_tient_dans_sa_cellule() -> None:
    tableau = TableauDeLettre(titres=("W" * 40,) * 5, lignes=(("W" * 60,) * 5,))
    courrier = courriers.exemple("evaluation").model_copy(update={"tableaux": {"indicateurs": tableau}})
    assert texte(courriers.rendre(courrier)).count("W") == 5 * (40 + 60)


def test_un_long_tableau_repete_ses_titres() -> None:
    lignes = tuple((f"Annuité {rang}", "Motif du versement", "1 €") for rang in range(120))
    courrier = courriers.exemple("versement").model_copy(
        update={"tableaux": {"versements": TableauDeLettre(lignes=lignes)}}
    )
    pages = lu(courriers.rendre(courrier)).pages
    assert len(pages) > 2
    assert all("Pourquoi" in page.extract_text() for page in pages[:3])


def test_un_signe_que_les_polices_n_ont_pas_est_remplace() -> None:
    courrier = modifie("versement", motif="Cabinet 日本 😀 Müller")
    assert serre("Cabinet □□ □ Müller") in texte(courriers.rendre(courrier))


def test_l_apercu_se_dit_tel() -> None:
    for nom in NOMS:
        octets = courriers.apercu(nom)
        assert serre("Aperçu — exemple") in texte(octets)
        with pikepdf.open(io.BytesIO(octets)) as document, document.open_metadata() as metadonnees:
            assert "Aperçu — exemple" in metadonnees["dc:title"]
        assert serre("Aperçu — exemple") not in texte(octets_de(nom))


def test_l_adresse_est_dans_la_fenetre_de_l_enveloppe() -> None:
    """Right half of the sheet, between 45 and 90 mm from its top."""
    for nom in LETTRES:
        places: list[tuple[float, float]] = []

        def visiter(t: str, cm: list[float], tm: list[float], *_: Any, p: list[tuple[float, float]] = places) -> None:
            if "Docteur Camille Exemple" in t.replace("\u200b", ""):
                p.append((cm[4] + tm[4], cm[5] + tm[5]))

        page = lu(octets_de(nom)).pages[0]
        page.extract_text(visitor_text=visiter)
        (x, y), millimetre = places[0], 72 / 25.4
        assert 100 < x / millimetre < 115, nom
        assert 45 < (page.mediabox.height - y) / millimetre < 60, nom


def test_les_pages_sont_numerotees() -> None:
    for nom in ("versement", "contrat-individuel"):
        pages = lu(octets_de(nom)).pages
        for rang, page in enumerate(pages, start=1):
            assert f"Page {rang} sur {len(pages)}" in page.extract_text()


def test_l_objet_et_les_titres_de_l_appelant_l_emportent() -> None:
    tableau = TableauDeLettre(titres=("Quoi", "Combien"), lignes=(("Avance", "1 €"),))
    courrier = courriers.exemple("versement").model_copy(
        update={"objet": "Un autre objet", "tableaux": {"versements": tableau}}
    )
    ecrit = texte(courriers.rendre(courrier))
    assert "Objet:Unautreobjet" in ecrit
    assert "QuoiCombien" in ecrit


def test_sans_signataire_la_caisse_signe() -> None:
    courrier = courriers.exemple("versement").model_copy(update={"signataire": "", "objet": ""})
    assert serre(f"Pour la {courrier.caisse.nom}") in texte(courriers.rendre(courrier))


@pytest.mark.parametrize("nom", NOMS)
def test_chaque_modele_est_documente(nom: str) -> None:
    modele = courriers.modele(nom)
    assert len(modele.usage) > 30
    assert modele.usage.endswith(".")
    assert modele.titre
    for champ in (*modele.champs.values(), *modele.tableaux.values()):
        assert len(champ.libelle) > 3
        assert champ.exemple
    if nom in LETTRES:
        assert "interlocuteur" in modele.champs
        assert any("date" in champ for champ in modele.champs), "une date au moins"
    assert ("voies_de_recours" in modele.champs) == (nom in DECISIONS)
    assert "voies_de_recours" not in modele.facultatifs
    if nom in ACTES:
        assert "prévaut" in modele.blocs[0].lignes[0][0].texte


@pytest.mark.parametrize("fichier", [*DOSSIER.glob("*.md"), *COMMUNS.glob("*.md")], ids=lambda fichier: fichier.stem)
def test_aucun_chiffre_de_la_loi(fichier: Path) -> None:
    entete, ecrit = fichier.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n")
    dits = [ecrit, *(yaml.safe_load(entete).get(cle, "") for cle in ("objet", "usage"))]
    for dit in dits:
        assert not re.search(r"[€%\d]", re.sub(r"\{%.*?%\}", "", dit))
        assert not re.search(r"\b(deux|trois|quatre|cinq|six|dix|quinze|trente) (ans|mois|jours|semaines)\b", dit)


@pytest.mark.parametrize(
    ("ecrit", "faute"),
    [
        ("Un **gras", "n'est pas refermé"),
        ("Un {{ champ", "accolades mal formées"),
        ("{% boucle x %}", "marque « boucle x » inconnue"),
        ("## Titre\nsuite", "une ligne vide est attendue"),
    ],
)
def test_un_corps_mal_ecrit_est_refuse(ecrit: str, faute: str) -> None:
    with pytest.raises(BinomeErreur, match=faute):
        corps.lire(ecrit)


ENTETE = "titre: T\nobjet: O\nusage: U\ndestinataire: medecin\n"


@pytest.mark.parametrize(
    ("ecrit", "faute"),
    [
        (f"---\n{ENTETE}---\n{{{{ oublie }}}}", "champs non accordés au texte : oublie"),
        (f"---\n{ENTETE}champs: {{x: {{libelle: X, de: agent, exemple: x}}}}\n---\nRien", "non accordés au texte : x"),
        (
            f"---\n{ENTETE}champs: {{x: {{libelle: X, de: a.b, propose: p, exemple: x}}}}\n---\n{{{{ x }}}}",
            "« propose » ne va qu'avec « de: agent » : x",
        ),
        (f"---\n{ENTETE}facultatifs: [y]\n---\nRien", "non accordés au texte : y"),
        (f"---\n{ENTETE}signatures: [Le médecin]\n---\nRien", "« signatures » et sa marque"),
        (f"---\n{ENTETE}couleur: bleu\n---\nRien", "couleur : champ inconnu"),
        ("Rien", "un en-tête entre deux lignes"),
        ("---\na: [\n---\nRien", "illisible"),
    ],
)
def test_un_modele_mal_fait_est_refuse(tmp_path: Path, ecrit: str, faute: str) -> None:
    fichier = tmp_path / "essai.md"
    fichier.write_text(ecrit, encoding="utf-8")
    with pytest.raises(BinomeErreur, match=faute):
        lire(fichier)
