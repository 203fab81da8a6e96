"""Money: two conversions, in one module, and nothing like them anywhere else."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome import argent, francais
from binome.simulation.modele.resultat import Resultat

RACINE = Path(__file__).parent.parent
#: Divisions and products by a hundred that are not about money, by file: what each is about.
PAS_DE_L_ARGENT = {
    "binome/francais.py": "a part of a whole, written in per cent",
    "binome/simulation/mots/grandeurs.py": "a rate, written in per cent",
    "binome/site/caisse/templatetags/dossiers.py": "a rate, written in per cent",
    "binome/site/simulateur/champs.py": "a share, typed and shown in per cent",
    "binome/dossiers/contrats/actes/assistant.py": "hours in hundredths",
    "binome/simulation/modele/saisies.py": "the range of a share, in per cent",
    "binome/simulation/tables/types.py": "a column of shares typed in per cent",
    "binome/tableaux/cellules.py": "a share, typed in per cent",
    "binome/simulation/tables/sorties.py": "a whole column of cents, divided by argent.CENTIMES",
}


def conversions(source: str) -> list[str]:
    """Products, quotients and remainders by a hundred, and shifts of two decimals."""
    trouvees = []
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.BinOp) and isinstance(noeud.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
            cent = any(
                (isinstance(cote, ast.Constant) and not isinstance(cote.value, str) and cote.value in {100, 0.01})
                or ast.unparse(cote).endswith(("CENTIMES", "Decimal(100)", "Decimal('0.01')"))
                for cote in (noeud.left, noeud.right)
            )
        elif isinstance(noeud, ast.Call):
            appele = ast.unparse(noeud.func)
            cent = appele.endswith(".scaleb") or (
                appele == "divmod" and ast.unparse(noeud.args[1]) in {"100", "CENTIMES"}
            )
        else:
            continue
        if cent:
            trouvees.append(ast.unparse(noeud))
    return trouvees


def ailleurs() -> dict[str, list[str]]:
    fichiers = [f for f in (RACINE / "binome").rglob("*.py") if f != RACINE / "binome" / "argent.py"]
    trouvees = {str(f.relative_to(RACINE)): conversions(f.read_text("utf-8")) for f in fichiers}
    return {nom: lignes for nom, lignes in trouvees.items() if lignes}


def test_aucune_autre_conversion_que_celles_d_argent():
    assert {nom: lignes for nom, lignes in ailleurs().items() if nom not in PAS_DE_L_ARGENT} == {}


def test_chaque_exception_sert_encore():
    assert set(PAS_DE_L_ARGENT) - set(ailleurs()) == set()


@pytest.mark.parametrize(
    "ecrit",
    [
        "montant * 100",
        "montant / 100",
        "100 * m",
        "m // 100",
        "Decimal(m).scaleb(-2)",
        "divmod(m, 100)",
        "m * 0.01",
        "m / argent.CENTIMES",
        "m * Decimal('0.01')",
    ],
)
def test_une_conversion_se_voit(ecrit):
    assert conversions(ecrit)


def test_deux_conversions_et_pas_une_de_plus():
    arbre = ast.parse((RACINE / "binome" / "argent.py").read_text("utf-8"))
    assert [n.name for n in arbre.body if isinstance(n, ast.FunctionDef)] == ["en_euros", "en_centimes"]


@given(st.integers(-(10**12), 10**12))
def test_aller_et_retour_au_centime(centimes):
    assert argent.en_centimes(argent.en_euros(centimes)) == centimes


@pytest.mark.parametrize(
    ("euros", "centimes"),
    [
        (38_000, 3_800_000),
        (0.1 + 0.2, 30),
        (Decimal("0.005"), 1),
        (Decimal("-0.005"), -1),
        (Decimal("8412.30"), 841_230),
    ],
)
def test_euros_saisis(euros, centimes):
    assert argent.en_centimes(euros) == centimes


@pytest.mark.parametrize(
    ("centimes", "ecrit"),
    [
        (3_800_000, "38 000 €"),
        (841_230, "8 412,30 €"),
        (-841_230, "−8 412,30 €"),
        (5, "0,05 €"),
        (0, "0 €"),
        (None, "non déterminé"),
    ],
)
def test_centimes_ecrits(centimes, ecrit):
    assert francais.euros(centimes).replace(francais.FINE, " ").replace(francais.INSECABLE, " ") == ecrit


def montants(schema: object, chemin: str = "") -> list[tuple[str, str]]:
    """Every numeric or text field of a schema whose description speaks of euros."""
    trouves = []
    if isinstance(schema, dict):
        description = schema.get("description")
        if isinstance(description, str) and "euro" in description.lower():
            trouves.append((chemin, description))
        for cle, valeur in schema.items():
            trouves += montants(valeur, f"{chemin}/{cle}")
    elif isinstance(schema, list):
        for rang, valeur in enumerate(schema):
            trouves += montants(valeur, f"{chemin}/{rang}")
    return trouves


def test_le_resultat_ne_parle_d_euros_que_pour_ce_qui_a_ete_saisi():
    definitions = Resultat.model_json_schema(mode="serialization")["$defs"]
    saisis = {"HypothesesCout", "MontantsNotifies"}
    parlent = {chemin.split("/")[1] for chemin, _ in montants(definitions)}
    assert parlent <= saisis


def test_chaque_somme_du_resultat_est_un_entier_de_centimes():
    definitions = Resultat.model_json_schema(mode="serialization")["$defs"]
    for modele, champ in (
        ("Annee", "montant_maximal"),
        ("Annee", "montant_du"),
        ("Annee", "montant_prevu"),
        ("Versement", "montant"),
        ("MontantPossible", "montant"),
        ("Option", "total_cinq_ans"),
        ("CoutAnnuel", "total"),
        ("CoutOption", "aide_cinq_ans"),
    ):
        decrit = definitions[modele]["properties"][champ]
        nombre = decrit["anyOf"][0] if "anyOf" in decrit else decrit
        assert (nombre["type"], nombre["format"]) == ("integer", "centimes"), (modele, champ)
