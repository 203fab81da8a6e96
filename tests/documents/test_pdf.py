"""The two pages, read back: their figures, their tags, their number, whatever is typed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings

from binome import francais
from binome.documents import pdf
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.explications import certitude_en_mots
from binome.simulation.mots import ecriture
from binome.simulation.mots.ecriture import textes_cites
from binome.simulation.reponse.simuler import Simulation
from openfisca_assistants_medicaux.certitude import Certitude
from tests.documents.outils import EXEMPLES, groupe_de, resultat_de, resultat_modifie
from tests.simulation.situations import situations

ADRESSE = "https://binome.example/simuler/resultat?medecin.specialite=medecine_generale"


@lru_cache
def octets_de(exemple: str) -> bytes:
    return pdf.rendre(resultat_de(exemple), ADRESSE)


def lu(octets: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(octets))


def serre(texte: str) -> str:
    """A text without spaces nor line breaks, its apostrophes made one: what a reader compares."""
    return re.sub(r"[\s\u200b\u00ad]", "", texte).replace("’", "'")


def texte(octets: bytes) -> str:
    return serre("".join(page.extract_text() for page in lu(octets).pages))


def structure(octets: bytes) -> list[tuple[str, str]]:
    """Role and alternative text of every element of the structure tree."""

    def parcourir(noeud: Any) -> Iterator[tuple[str, str]]:
        if isinstance(noeud, pikepdf.Array):
            for enfant in noeud:
                yield from parcourir(enfant)
        elif isinstance(noeud, pikepdf.Dictionary):
            yield str(noeud.get("/S", "")), str(noeud.get("/Alt", ""))
            if "/K" in noeud:
                yield from parcourir(noeud["/K"])

    with pikepdf.open(io.BytesIO(octets)) as document:
        return list(parcourir(document.Root.StructTreeRoot))


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_deux_pages_a4(exemple: str) -> None:
    pages = lu(octets_de(exemple)).pages
    assert len(pages) == 2
    for page in pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_les_chiffres_sont_ceux_du_resultat(exemple: str) -> None:
    resultat, ecrit = resultat_de(exemple), texte(octets_de(exemple))
    dits = [resultat.verdict.phrase, resultat.situation.titre or "", certitude_en_mots(resultat.certitude)]
    for condition in resultat.verdict.conditions:
        if condition.verdict != "sans_objet":
            dits += [condition.libelle, condition.reference]
    dits += resultat.verdict.pour_changer
    for annee in resultat.annees:
        dits += [ecriture.montant_de(annee), francais.date_courte(annee.debut), francais.date_courte(annee.fin)]
        for versement in annee.versements:
            assert versement.date is not None
            dits += [francais.date_courte(versement.date) + francais.euros(versement.montant)]
    if resultat.annees:
        dits += [ecriture.total_de(resultat.annees)]
    if resultat.verdict.eligible != "non":
        dits += [ecriture.cible(objectif) for objectif in resultat.objectifs]
        for option in resultat.options:
            if option.ouverte != "non":
                dits += [option.libelle, ecriture.total_de(option.annees)]
    for echeance in resultat.echeances:
        dits += [francais.date_courte(echeance.date) + echeance.libelle]
    for dit in dits:
        assert serre(dit).lower() in ecrit.lower(), dit


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_le_cout_et_ce_qu_il_suppose(exemple: str) -> None:
    resultat, ecrit = resultat_de(exemple), texte(octets_de(exemple))
    assert resultat.cout is not None
    choisie = next((o.option for o in resultat.options if o.choisie), "groupe")
    cout = next(c for c in resultat.cout.options if c.option == choisie)
    for annee in cout.annees:
        ligne = [ecriture.euros_ronds(annee.cout_mensuel), ecriture.euros_ronds(annee.total)]
        assert serre("".join(ligne)) in ecrit
        reste = [ecriture.euros_ronds(annee.reste_a_charge), ecriture.euros_ronds(annee.reste_a_charge_mensuel)]
        assert serre("".join([*reste, ecriture.consultations(annee)])) in ecrit
    for hypothese in resultat.cout.hypotheses:
        assert serre(hypothese.valeur_ecrite) in ecrit


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_ce_qu_il_faut_dire_toujours(exemple: str) -> None:
    resultat, ecrit = resultat_de(exemple), texte(octets_de(exemple))
    version = f"Binôme {resultat.version.binome} · OpenFisca-Core {resultat.version.openfisca_core}"
    jour = francais.date_longue(resultat.date_appreciation)
    for dit in ("Ceci est une simulation, pas une décision de la caisse.", version, jour, resultat.regime_libelle):
        assert serre(dit) in ecrit
    assert not re.search(r"\((?:[a-z]+\.)?[a-z]+_[a-z_]+", ecrit), "nom de champ laissé dans une phrase"


def test_le_reste_a_payer_d_une_aide_au_plus_est_dit_minimal() -> None:
    resultat, ecrit = resultat_de("generaliste-2026"), texte(octets_de("generaliste-2026"))
    assert resultat.cout is not None
    cout = next(c for c in resultat.cout.options if c.option == "un_etp")
    assert any(annee.aide_au_plus for annee in cout.annees)
    aide, reste = ecriture.euros_ronds(cout.aide_cinq_ans), ecriture.euros_ronds(cout.reste_a_charge_cinq_ans)
    assert serre(f"Total{ecriture.euros_ronds(cout.total_cinq_ans)}au plus {aide}{reste}") in ecrit
    assert serre("aide « au plus » : reste minimal") in ecrit
    assert serre("reste minimal") not in texte(octets_de("chirurgien-ineligible"))


def test_ce_qui_changerait_un_refus() -> None:
    resultat, ecrit = resultat_de("chirurgien-ineligible"), texte(octets_de("chirurgien-ineligible"))
    (conseil,) = resultat.verdict.pour_changer
    assert serre(conseil).lower() in ecrit.lower()
    assert "Optionscôteàcôte" not in ecrit


def test_l_adresse_est_un_lien_et_ne_manque_pas_si_elle_n_est_pas_donnee() -> None:
    def liens(octets: bytes) -> set[str]:
        annotations = [a.get_object() for page in lu(octets).pages for a in page.get("/Annots", ())]
        return {a["/A"]["/URI"] for a in annotations if "/A" in a}

    assert liens(octets_de("generaliste-2026")) == {ADRESSE}
    assert liens(pdf.rendre(resultat_de("generaliste-2026"), None)) == set()


@pytest.mark.parametrize("exemple", ["generaliste-2026", "chirurgien-ineligible", "scm-quatre-medecins"])
def test_le_document_est_balise(exemple: str) -> None:
    octets = octets_de(exemple)
    with pikepdf.open(io.BytesIO(octets)) as document:
        racine = document.Root
        assert bool(racine.MarkInfo.Marked)
        assert "/StructTreeRoot" in racine
        assert str(racine.Lang).startswith("fr")
        assert bool(racine.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadonnees:
            assert metadonnees["pdfuaid:part"] == "1"
            assert serre(resultat_de(exemple).situation.titre or "") in serre(metadonnees["dc:title"])
    roles = [role for role, _ in structure(octets)]
    assert roles.count("/H1") == 1
    assert roles.count("/H2") >= 4
    assert roles.count("/TH") >= 6
    assert roles.count("/Table") >= 1


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_chaque_dessin_a_son_texte(exemple: str) -> None:
    textes = [autre for role, autre in structure(octets_de(exemple)) if role == "/Figure"]
    assert len(textes) == (2 if resultat_de(exemple).annees else 0)
    assert all(len(autre) > 40 for autre in textes)


def test_les_polices_sont_dans_le_document() -> None:
    """The document is the same on any machine: only the fonts of the package, embedded."""
    for page in lu(octets_de("generaliste-2026")).pages:
        for police in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "SourceSans3" in police.get_object()["/BaseFont"]


@pytest.mark.parametrize("exemple", ["generaliste-2026", "chirurgien-ineligible"])
def test_les_memes_octets_deux_fois(exemple: str) -> None:
    assert pdf.rendre(resultat_de(exemple), ADRESSE) == octets_de(exemple)


CODES = ["#panic()", "$x$", "*gras* _i_", "< @ref <label>", "\\ \\u{41} // /* */", '#import "x"', "= [ ] { } ` ~ -- '"]


@pytest.mark.parametrize("titre", CODES)
def test_ce_qui_est_tape_n_est_jamais_du_code(titre: str) -> None:
    octets = pdf.rendre(resultat_modifie("generaliste-2026", titre=titre), None)
    assert len(lu(octets).pages) == 2
    assert serre(titre) in texte(octets)


def test_le_nom_d_un_adherent_n_est_jamais_du_code() -> None:
    octets = pdf.rendre(groupe_de(3, "#panic() $x$ *a* <b> @c \\"), None)
    assert serre("#panic() $x$ *a* <b> @c \\ 0 : MT") in texte(octets)


def test_un_signe_que_les_polices_n_ont_pas_est_remplace() -> None:
    octets = pdf.rendre(resultat_modifie("generaliste-2026", titre="Cabinet 日本 😀 Müller"), None)
    assert serre("Cabinet □□ □ Müller") in texte(octets)


@pytest.mark.parametrize("titre", ["W" * 200, "Très long titre " * 12, "a" * 200])
def test_un_titre_tres_long_tient(titre: str) -> None:
    octets = pdf.rendre(resultat_modifie("projection-annee-3", titre=titre), f"{ADRESSE}{'&x=1' * 500}")
    assert len(lu(octets).pages) == 2


@pytest.mark.parametrize("nombre", [1, 40, 200])
def test_un_grand_groupe_tient_et_dit_ce_qu_il_tait(nombre: int) -> None:
    octets = pdf.rendre(groupe_de(nombre, "Dr Jean-Philippe de la Rochefoucauld, cabinet des Trois Vallées"), ADRESSE)
    assert len(lu(octets).pages) == 2
    assert serre("Rochefoucauld, cabinet des Trois Vallées 0 : MT") in texte(octets)
    if nombre > 1:
        assert re.search(r"…et\d+autres:voirlapagedelasimulation", texte(octets))


def surcharge() -> Resultat:
    """More hypotheses, deadlines, conditions and messages than a situation can have."""
    resultat = resultat_de("projection-annee-3")
    verdict = resultat.verdict.model_copy(
        update={
            "conditions": resultat.verdict.conditions * 3,
            "pour_changer": ("Un conseil assez long pour tenir sur une ligne et demie au moins de la page",) * 30,
        }
    )
    assert resultat.cout is not None
    cout = resultat.cout.model_copy(update={"hypotheses": resultat.cout.hypotheses * 5, "notes": ("Note. " * 30,) * 9})
    return resultat.model_copy(
        update={
            "verdict": verdict,
            "hypotheses": resultat.hypotheses * 10,
            "echeances": resultat.echeances * 6,
            "messages": ("Un avertissement qui prend toute une ligne de la page, ou presque toute la ligne.",) * 6,
            "cout": cout,
        }
    )


def test_rien_ne_fait_une_troisieme_page() -> None:
    octets = pdf.rendre(surcharge(), f"{ADRESSE}{'&x=1' * 500}")
    assert len(lu(octets).pages) == 2
    assert "autres:voirlapagedelasimulation" in texte(octets)


def test_la_place_libre_va_aux_hypotheses() -> None:
    """However tight the rest of the page is, as many hypotheses are written as there is room for."""
    resultat = surcharge()
    ecrit = texte(pdf.rendre(resultat, ADRESSE))
    ecrites = {h.description for h in resultat.hypotheses if serre(h.description) in ecrit}
    assert len(ecrites) >= 10


@pytest.mark.parametrize("exemple", ["generaliste-2026", "p95-2023", "nouvelle-installee-2026", "cardiologue-2019"])
def test_les_cas_ordinaires_disent_toutes_leurs_hypotheses(exemple: str) -> None:
    resultat, ecrit = resultat_de(exemple), texte(octets_de(exemple))
    citees = [h for h in resultat.hypotheses if h.certitude == Certitude.cite.name]
    for hypothese in resultat.hypotheses:
        if hypothese not in citees:
            assert serre(f"{hypothese.description} :") in ecrit, hypothese.nom
    assert citees
    assert serre(textes_cites(citees)) in ecrit


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(donnees=situations())
def test_toute_situation_fait_deux_pages(donnees: dict[str, Any]) -> None:
    resultat = Simulation(Situation.model_validate(donnees)).resultat()
    octets = pdf.rendre(resultat, ADRESSE)
    assert len(lu(octets).pages) == 2
    assert serre(resultat.verdict.phrase) in texte(octets)


def test_sans_option_choisie() -> None:
    """The cost is then that of each option."""
    resultat = resultat_modifie("projection-annee-3", contrat={"option": None})
    octets = pdf.rendre(resultat, ADRESSE)
    assert len(lu(octets).pages) == 2
    assert resultat.cout is not None
    assert len(resultat.cout.options) > 1
    for option in resultat.cout.options:
        assert serre(f"{option.libelle}Année") in texte(octets)
        assert serre(ecriture.euros_ronds(option.total_cinq_ans)) in texte(octets)


def test_un_cabinet_de_nombreux_salaries_tient() -> None:
    salaires = ["21345.67"] * 250
    octets = pdf.rendre(resultat_modifie("generaliste-2026", cout={"autres_salaires_annuels": salaires}), ADRESSE)
    assert len(lu(octets).pages) == 2
