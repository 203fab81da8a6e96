"""The picture of the house (docs/maison.md) is that of the imports, and its walks can still be walked."""

import importlib
import re
from pathlib import Path

import grimp
import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "maison.md").read_text("utf-8")
CONVERSIONS_AU_PLUS = 2

TABLES = ("Floors", "Rooms of the simulation", "Rooms of the fund's files")

Table = dict[str, set[str]]


def sections(niveau: str) -> dict[str, str]:
    """Text under each title of a level."""
    morceaux = re.split(rf"^{niveau} (.+)$", PAGE, flags=re.MULTILINE)
    return {
        titre: re.split(r"^## ", texte, flags=re.MULTILINE)[0]
        for titre, texte in zip(morceaux[1::2], morceaux[2::2], strict=True)
    }


def dessinee(texte: str) -> Table:
    """The rooms of a table of the page, and those that each uses."""
    rangees = re.findall(r"^\| `([\w.]+)` \|.*\| ([^|]*) \|$", texte, flags=re.MULTILINE)
    return {piece: set(re.findall(r"`([\w.]+)`", uses)) for piece, uses in rangees}


def reelle(graphe: grimp.ImportGraph, pieces: set[str]) -> Table:
    """The same rooms, as the code imports them."""

    def piece_de(module: str) -> str | None:
        return next((p for p in pieces if module == p or module.startswith(f"{p}.")), None)

    trouvees: Table = {piece: set() for piece in pieces}
    for module in graphe.modules:
        ici = piece_de(module)
        if ici is not None:
            ailleurs = {piece_de(importe) for importe in graphe.find_modules_directly_imported_by(module)}
            trouvees[ici] |= {piece for piece in ailleurs if piece is not None and piece != ici}
    return trouvees


@pytest.fixture(scope="module")
def graphe() -> grimp.ImportGraph:
    return grimp.build_graph("binome", "openfisca_assistants_medicaux", cache_dir=None)


@pytest.mark.parametrize("titre", TABLES)
def test_le_plan_est_celui_des_imports(graphe: grimp.ImportGraph, titre: str) -> None:
    plan = dessinee(sections("##")[titre])
    assert plan == reelle(graphe, set(plan))


@pytest.mark.parametrize(
    ("titre", "parent", "hors_du_plan"),
    [
        ("Floors", "binome", {"binome.__main__"}),
        ("Rooms of the simulation", "binome.simulation", set()),
        # Django's own: what it starts with, its commands, its migrations.
        ("Rooms of the fund's files", "binome.dossiers", {"apps", "management", "migrations"}),
    ],
)
def test_aucune_piece_n_est_oubliee(graphe: grimp.ImportGraph, titre: str, parent: str, hors_du_plan: set[str]) -> None:
    plan = {piece for piece in dessinee(sections("##")[titre]) if piece.startswith("binome.")}
    oubliees = {piece.removeprefix(f"{parent}.") for piece in graphe.find_children(parent) - plan}
    assert oubliees == {piece.removeprefix(f"{parent}.") for piece in hors_du_plan}


def cercles(plan: Table) -> set[str]:
    """Rooms of a circle, and those above it: what is left once the rooms that use none of the others are taken away."""
    reste = dict(plan)
    while libres := [piece for piece, usages in reste.items() if not usages & reste.keys()]:
        for piece in libres:
            del reste[piece]
    return set(reste)


@pytest.mark.parametrize("titre", TABLES)
def test_aucun_cercle(titre: str) -> None:
    """A room that uses one that uses it is one room: the page would draw an arrow back up."""
    assert cercles(dessinee(sections("##")[titre])) == set()


def test_un_cercle_se_voit() -> None:
    assert cercles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"a", "b", "c"}


def promenades() -> dict[str, list[tuple[str, str]]]:
    """Stops of each walk: the address of the stop, and what is said of it."""
    return {
        titre: re.findall(r"^\d+\. `([\w.]+:[\w.]+)`: (.*)$", texte, flags=re.MULTILINE)
        for titre, texte in sections("###").items()
    }


@pytest.mark.django_db
def test_chaque_etape_existe() -> None:
    etapes = [etape for promenade in promenades().values() for etape, _ in promenade]
    assert len(promenades()) == 3
    assert len(etapes) > 15
    for etape in etapes:
        module, _, nom = etape.partition(":")
        trouve: object = importlib.import_module(module)
        for partie in nom.split("."):
            trouve = getattr(trouve, partie)
        assert trouve is not None


def test_pas_plus_de_deux_conversions_par_promenade() -> None:
    for titre, etapes in promenades().items():
        conversions = [etape for etape, dit in etapes if "**conversion**" in dit]
        assert 1 <= len(conversions) <= CONVERSIONS_AU_PLUS, titre


def test_le_montant_garde_son_nombre_de_la_loi_a_la_banque() -> None:
    """Stops between the two conversions of the amount hold integers: none is a Decimal."""
    from binome.dossiers.models.paiement import Ecriture, LigneVersement
    from binome.simulation.modele.resultat import Annee, Versement

    assert Versement.model_fields["montant"].annotation is int
    assert "int" in str(Annee.model_fields["montant_du"].annotation)
    for modele in (Ecriture, LigneVersement):
        assert modele._meta.get_field("montant").get_internal_type() == "BigIntegerField"
