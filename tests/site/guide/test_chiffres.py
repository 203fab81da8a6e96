"""The figures of the pages are the parameters': none is typed, and a page changes when a parameter changes."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from binome.francais import MOIS
from binome.simulation.moteur import systeme as chargement
from binome.simulation.parametres import en_vigueur
from binome.site.guide import annee_3, histoire, loi
from binome.site.guide.glossaire import FICHIER
from binome.site.guide.missions import FAMILLES
from binome.site.guide.vues import CHAPITRES
from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.certitude import Certitude
from tests.constantes import SANS_SENS, valeurs_de_la_loi
from tests.site.guide.outils import mots, ouvrir

if TYPE_CHECKING:
    from django.test import Client

GABARITS = Path(loi.__file__).parent / "templates" / "guide"

#: A number; not the version of a standard (« 2.2 »), nor the end of a code (« CM24 »).
NOMBRE = re.compile(r"(?<![A-Za-z\d,.])\d+(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?(?!\.?\d)")
PERCENTILE = re.compile(r"\bP\d\d\b")
DATE = re.compile(rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:er)?\s(?:{'|'.join(MOIS)})\s\d{{4}}")
EN_LETTRES = re.compile(
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|dix|douze|quinze|dix-huit|vingt|vingt-quatre|trente|trente-six)\s"
    r"(?:ans?|mois|jours|semaines|heures|patients|médecins|euros|ETP)\b"
)


def textes_des_gabarits() -> Iterator[tuple[str, str]]:
    """What each template types, tags left out, the labels that are heard kept in."""
    for gabarit in sorted(GABARITS.glob("*.html")):
        html = gabarit.read_text(encoding="utf-8")
        html = re.sub(r"{%\s*comment.*?endcomment\s*%}", " ", html, flags=re.DOTALL)
        html = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", html, flags=re.DOTALL)
        entendus = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', html))
        yield gabarit.name, re.sub(r"<[^>]*>", " ", html) + " " + entendus


def textes_des_donnees() -> Iterator[tuple[str, str]]:
    """What the guide's own data type."""
    yield "missions.py", " ".join(" ".join((f.titre, f.but, *f.missions)) for f in FAMILLES)
    yield "histoire.py", " ".join(histoire.RECITS.values())
    yield "vues.py", " ".join(f"{c.titre} {c.resume}" for c in CHAPITRES)
    with FICHIER.open(encoding="utf-8", newline="") as flux:
        yield "glossaire.csv", " ".join(re.sub(r"\{[^}]*\}", "", ligne["sens"]) for ligne in csv.DictReader(flux))


def fautes(texte: str) -> list[str]:
    """What looks like law in a text."""
    loi_connue = {round(v, 6) for v in valeurs_de_la_loi()}
    loi_connue |= {round(v * 100, 6) for v in loi_connue if 0 < v < 1} - SANS_SENS
    trouvees = PERCENTILE.findall(texte) + DATE.findall(texte) + EN_LETTRES.findall(texte)
    for ecrit in NOMBRE.findall(DATE.sub(" ", texte)):
        valeur = float(re.sub(r"[ \u00a0\u202f]", "", ecrit).replace(",", "."))
        if valeur in loi_connue:
            trouvees.append(ecrit)
    return trouvees


@pytest.mark.parametrize(("nom", "texte"), [*textes_des_gabarits(), *textes_des_donnees()])
def test_aucun_chiffre_de_la_loi_n_est_ecrit(nom: str, texte: str) -> None:
    assert fautes(texte) == [], nom


@pytest.mark.parametrize(
    "texte",
    [
        "38 000 €",
        "38\u202f000 €",
        "279 heures",
        "le 22 juin 2024",
        "22/06/2024",
        "le P30",
        "12,5 %",
        "cinq ans",
        "70 %",
    ],
)
def test_le_controle_voit_un_chiffre(texte: str) -> None:
    assert fautes(texte)


@pytest.mark.parametrize(
    ("chemin", "noms"),
    [
        ("", ("vie_du_contrat.duree", "montants.un_etp.annee_3_et_suivantes")),
        (
            "profils/",
            (
                "formation.cqp.duree",
                "formation.cqp.rncp",
                "formation.fae.duree",
                "formation.fae.delai",
                "formation.delai_qualification",
                "formation.prerequis.experience_sans_bac",
                "aide_collective.formation_delai_qualification",
            ),
        ),
        (
            "recruter/",
            (
                "eligibilite.remplacement_secretaire.delai",
                "options.heures_hebdomadaires.demi_etp",
                "montants.demi_etp.annee_3_et_suivantes",
                "aide_collective.seuil_moyenne_mt",
                "aide_collective.carence",
                "vie_du_contrat.absence.seuil_suspension",
                "versements.justificatifs.delai",
            ),
        ),
        ("annee-3/", ("objectifs.releves", "objectifs.nouvel_installe.percentile", "objectifs.formule")),
    ],
)
def test_les_pages_disent_les_valeurs_du_jour(client: Client, chemin: str, noms: tuple[str, ...]) -> None:
    page = ouvrir(client, chemin)
    regles = {p.nom: p for p in en_vigueur(timezone.localdate())}
    for nom in noms:
        assert mots(regles[nom].valeur_ecrite) in page.texte, nom
        assert f"/guide/sources/{nom}/" in page.liens, nom


def test_un_montant_de_l_annee_se_dit_sans_par_an(client: Client) -> None:
    regles = {p.nom: p for p in en_vigueur(timezone.localdate())}
    montant = mots(regles["montants.un_etp.annee_1"].valeur_ecrite).removesuffix(" par an")
    assert f"Première année {montant} " in ouvrir(client, "").texte


def test_une_valeur_qui_n_est_pas_un_texte_officiel_le_dit(client: Client) -> None:
    html = ouvrir(client, "profils/").html
    for nom, certitude in (("formation.delai_qualification", "secondaire"), ("formation.fae.duree", None)):
        suite = html.split(f'href="/guide/sources/{nom}/">', 1)[1].split("</td>")[0].split("</a>", 1)[1]
        assert ("certitude" in suite) == (certitude is not None), nom
        if certitude:
            assert Certitude[certitude].en_mots in mots(re.sub("<[^>]+>", "", suite))


def test_chaque_enonce_de_loi_renvoie_a_sa_source(client: Client) -> None:
    missions = ouvrir(client, "missions/").texte
    assert "art. L.4161-1" in missions
    assert "art. 9-1 à 9-5-2-2" in missions
    recruter = ouvrir(client, "recruter/")
    assert recruter.texte.count("Lu dans") > 5
    assert "rapporté" in recruter.texte


@pytest.fixture
def loi_modifiee(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountryTaxBenefitSystem]:
    """The law, for a test to change: everything that keeps it forgets it before and after."""
    modifiee = CountryTaxBenefitSystem(())
    gardes = (chargement.systeme, loi.parametres_du, annee_3.exemple, histoire.moments, histoire.tableau)
    monkeypatch.setattr(chargement, "CountryTaxBenefitSystem", lambda apports: modifiee)
    for garde in gardes:
        garde.cache_clear()
    yield modifiee
    for garde in gardes:
        garde.cache_clear()


def changer(systeme: CountryTaxBenefitSystem, nom: str, valeur: object) -> None:
    """Give a parameter another value, on the date of the one in force."""
    aujourd_hui = timezone.localdate().isoformat()
    feuille = next(noeud for noeud in systeme.parameters.get_descendants() if noeud.name == nom)
    datee = next(v for v in feuille.values_list if v.instant_str <= aujourd_hui)
    datee.value = valeur


@pytest.mark.parametrize(
    ("nom", "valeur", "ecrite", "chemins"),
    [
        ("formation.cqp.duree", 301, "301 heures", ("profils/", "sources/?recherche=cqp", "histoire/")),
        ("vie_du_contrat.duree", 6, "6 ans", ("", "recruter/", "glossaire/", "annee-3/")),
        ("montants.un_etp.annee_3_et_suivantes", 23456, "23 456 €", ("", "annee-3/", "histoire/")),
        ("aide_collective.carence", 31, "31 mois", ("recruter/", "glossaire/", "sources/aide_collective.carence/")),
    ],
)
def test_un_parametre_modifie_change_les_pages(
    client: Client,
    loi_modifiee: CountryTaxBenefitSystem,
    nom: str,
    valeur: int,
    ecrite: str,
    chemins: tuple[str, ...],
) -> None:
    changer(loi_modifiee, nom, valeur)
    for chemin in chemins:
        assert ecrite in ouvrir(client, chemin).texte, chemin


def test_une_regle_devenue_sans_objet_ne_casse_pas_la_page(
    client: Client, loi_modifiee: CountryTaxBenefitSystem
) -> None:
    changer(loi_modifiee, "formation.fae.delai", None)
    assert "inconnue à ce jour" in ouvrir(client, "profils/").texte


def test_un_nom_de_regle_qui_n_existe_pas_est_une_erreur() -> None:
    with pytest.raises(loi.ReglesInconnues):
        loi.lire("formation.cqp.zzz", datetime.date(2026, 1, 1))
