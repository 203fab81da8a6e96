"""The law lives in one place: no amount, rate, threshold, delay or date of effect outside the parameters.

Every number and every date written in code is compared with the values and dates of the parameters. The few that
coincide by chance, or name a structure, are listed here with the reason, one by one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.constantes import RACINE, constantes, valeurs_de_la_loi

PAQUETS = ("binome", "openfisca_assistants_medicaux")

#: (file, number) -> why it is not the law.
COINCIDENCES = {
    ("binome/isolement/__init__.py", 15.0): "secondes laissées à la lecture d'un fichier",
    ("binome/simulation/modele/erreurs.py", 12): "longueur d'une liste affichée",
    ("binome/simulation/moteur/explications.py", 12): "profondeur d'un arbre affiché",
    ("openfisca_assistants_medicaux/valeurs/fichier.py", 16): "fichiers gardés en mémoire",
    ("binome/simulation/moteur/version.py", 12): "signes d'une empreinte affichée",
    ("openfisca_assistants_medicaux/forme.py", 50): "percentile de la médiane",
    ("openfisca_assistants_medicaux/distributions.py", 0.5): "plus grande marge qu'un fichier peut dire",
    ("openfisca_assistants_medicaux/distributions.py", 30): "nom du percentile P30",
    ("openfisca_assistants_medicaux/distributions.py", 50): "nom du percentile P50",
    ("openfisca_assistants_medicaux/distributions.py", 70): "nom du percentile P70",
    ("openfisca_assistants_medicaux/distributions.py", 90): "nom du percentile P90",
    ("openfisca_assistants_medicaux/distributions.py", 95): "nom du percentile P95",
    ("openfisca_assistants_medicaux/distributions.py", 99): "nom du percentile P99",
    ("openfisca_assistants_medicaux/variables/distributions.py", 30): "limite qui nomme une bande",
    ("openfisca_assistants_medicaux/variables/distributions.py", 50): "limite qui nomme une bande",
    ("openfisca_assistants_medicaux/variables/distributions.py", 70): "limite qui nomme une bande",
    ("openfisca_assistants_medicaux/variables/distributions.py", 90): "limite qui nomme une bande",
    ("openfisca_assistants_medicaux/variables/distributions.py", 95): "limite qui nomme une bande",
    ("openfisca_assistants_medicaux/variables/objectifs.py", 30): "percentile de départ de la droite, dans sa formule",
    ("openfisca_assistants_medicaux/calendrier.py", 12): "mois d'une année",
    ("openfisca_assistants_medicaux/variables/annuite.py", 12): "mois d'une année",
    ("openfisca_assistants_medicaux/variables/contrat.py", 12): "mois d'une année",
    ("binome/simulation/cout/salaire.py", 12): "mois d'une année",
    ("binome/simulation/tables/table.py", 12): "mois d'une année",
    ("binome/simulation/reponse/controles.py", 12): "mois d'une année",
    ("binome/simulation/reponse/simuler.py", 0.5): "ressemblance de deux noms",
    ("binome/simulation/contrats_suivis.py", 12): "mois d'une année",
    ("binome/tableaux/libelles.py", 0.5): "ressemblance de deux noms",
    ("binome/tableaux/titres.py", 0.7): "ressemblance de deux titres",
    ("binome/site/api/lot.py", 15): "secondes avant de réessayer",
    ("binome/documents/courriers/rendu.py", 16): "longueur du plus long mot d'une cellule",
    ("binome/tableaux/cellules.py", 18): "longueur d'un nombre écrit",
    ("binome/simulation/tables/sorties.py", 18): "chiffres d'un montant dans une table",
    ("binome/documents/sepa/ordre.py", 70): "longueur d'un nom dans un virement (ISO 20022)",
    ("binome/dossiers/migrations/0010_boite_d_envoi.py", 5): "essais d'envoi d'un courriel, jusqu'ici",
    ("binome/dossiers/echanges/impression.py", 5): "clé d'un numéro de recommandé (UPU S10)",
    ("binome/dossiers/echanges/impression.py", 6): "clé d'un numéro de recommandé (UPU S10)",
    ("binome/dossiers/echanges/rappels.py", 30): "habitude de la caisse : premier rappel",
    ("binome/dossiers/echanges/sources/parties.py", 30): "habitude de la caisse : réponse attendue",
    ("binome/dossiers/exploitation/donnees_personnelles.py", 5): "durée de conservation choisie (docs/adr/0013)",
    ("binome/dossiers/paiements/creances.py", 240): "mensualités d'un échéancier, au plus",
    ("binome/dossiers/models/paiement.py", 12): "signes d'une empreinte affichée",
    ("binome/dossiers/contrats/ouverture.py", 5): "essais pour prendre un numéro",
    ("binome/dossiers/patientele/national.py", 5): "secret statistique",
    ("binome/dossiers/travail.py", 30): "horizon d'une liste",
    ("binome/site/caisse/comptes.py", 70): "longueur d'un nom dans un virement (ISO 20022)",
    ("binome/site/caisse/pages.py", 50): "lignes d'une page",
    ("binome/site/caisse/prospection.py", 50): "lignes d'une liste",
    ("binome/site/caisse/versements.py", 50): "lignes d'une liste",
    ("binome/site/comptes/identites.py", 12): "longueur d'un RPPS précédé de son type",
    ("binome/dossiers/garde_fous.py", 180): "garde du journal des connexions (jours)",
    ("binome/site/comptes/mots_de_passe.py", 6): "signes différents d'un mot de passe",
    ("binome/site/comptes/oidc/views.py", 30): "écart de deux horloges (secondes)",
    ("binome/site/reglages.py", 5): "minutes avant de réessayer un courriel",
    ("binome/site/reglages.py", 15): "minutes avant de réessayer un courriel",
    ("binome/site/reglages.py", 240): "minutes avant de réessayer un courriel",
    ("binome/site/reglages.py", 30): "attente d'un verrou de la base (secondes)",
    ("binome/site/reglages.py", 3000): "champs d'un formulaire",
    ("binome/site/simulateur/emporter.py", 5): "secondes avant de redemander un document",
    ("binome/site/simulateur/formulaires.py", 6): "réponses visibles d'un coup",
    ("binome/site/simulateur/presentation.py", 5): "marge d'un curseur",
}

#: Folders that draw: their small numbers are pixels, sizes and opacities. An amount of the law is still seen there.
DESSINS = ("binome/documents/graphiques/",)
PLUS_GRAND_PIXEL = 720

#: Dates that are not dates of effect.
DATES_TECHNIQUES = {"0001-01-01", "9999-12-31", "1850-01-01"}
#: Files, or folders, whose numbers are codes, not quantities.
CODES = {
    "openfisca_assistants_medicaux/nomenclatures.py": "codes de spécialité du SNDS",
    "binome/dossiers/exploitation/demonstration/": "une histoire inventée",
    "binome/dossiers/migrations/0001_initiale.py": "largeurs de colonnes, écrites par Django",
}

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def fichiers() -> list[str]:
    """Python files of the two packages, tests left out."""
    tous = (f.relative_to(RACINE) for paquet in PAQUETS for f in (RACINE / paquet).rglob("*.py"))
    return sorted(str(f) for f in tous if "tests" not in f.parts)


def fautes(fichier: str) -> list[str]:
    """Constants of a file that look like law."""
    loi = valeurs_de_la_loi()
    trouvees = []
    for ligne, valeur in constantes(fichier):
        if isinstance(valeur, (int, float)) and not isinstance(valeur, bool):
            dessine = fichier.startswith(DESSINS) and valeur <= PLUS_GRAND_PIXEL
            if (
                valeur in loi
                and not dessine
                and not fichier.startswith(tuple(CODES))
                and (fichier, valeur) not in COINCIDENCES
            ):
                trouvees.append(f"{fichier}:{ligne} : {valeur}")
        elif isinstance(valeur, str):
            dates = set(DATE.findall(valeur)) - DATES_TECHNIQUES
            trouvees += [f"{fichier}:{ligne} : {date}" for date in dates if not fichier.endswith("__init__.py")]
    return trouvees


@pytest.mark.parametrize("fichier", fichiers())
def test_aucun_chiffre_de_la_loi_dans_le_code(fichier: str) -> None:
    assert fautes(fichier) == []


def test_les_coincidences_servent_encore() -> None:
    """An exception that nothing needs any more is a hole."""
    for fichier, nombre in COINCIDENCES:
        assert nombre in {valeur for _, valeur in constantes(fichier)}, (fichier, nombre)
        assert nombre in valeurs_de_la_loi(), nombre


def test_le_controle_voit_un_montant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail."""
    (tmp_path / "binome").mkdir()
    (tmp_path / "binome/x.py").write_text('A = 38000\nB = 0.8\nC = "signé après le 2024-06-22"\nD = 3_800_000\n')
    attendues = valeurs_de_la_loi()
    monkeypatch.setattr("tests.constantes.RACINE", tmp_path)
    monkeypatch.setattr("tests.test_chiffres_de_la_loi.valeurs_de_la_loi", lambda: attendues)
    assert len(fautes("binome/x.py")) == 4
