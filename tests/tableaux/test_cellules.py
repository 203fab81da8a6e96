"""One grammar of cells: what is read, what is refused by name, what is asked back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from email.utils import parseaddr

import pytest
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from binome.tableaux import cellules
from binome.tableaux.cellules import Part
from binome.tableaux.refus import CelluleRefusee

LE_1ER_OCTOBRE = datetime.date(2026, 10, 1)
#: A share of time, under 1 % of which makes no sense; a rate of a salary, of which it does.
QUOTITE = Part(nulle=False)
PREVOYANCE = Part(maximum=Decimal("0.2"), sous_un_pour_cent=True)


@pytest.mark.parametrize(
    "texte",
    ["01/10/2026", "1/10/2026", "01.10.2026", "01-10-2026", "2026-10-01", " 2026-10-01 00:00:00", "01/10/2026 00:00"],
)
def test_les_dates_lues(texte: str) -> None:
    assert cellules.date(texte) == LE_1ER_OCTOBRE


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("01/10/26", "deux chiffres"),
        ("46296", "nombre de jours du tableur"),
        ("31/02/2026", "date réelle"),
        ("10/25/2026", "date réelle"),
        ("2026-10-01 12:30:00", "date réelle"),
        ("hier", "date réelle"),
        ("", "date réelle"),
        ("NS", "secrète"),
        ("#VALEUR!", "erreur de calcul"),
    ],
)
def test_les_dates_refusees(texte: str, dit: str) -> None:
    with pytest.raises(CelluleRefusee, match=dit):
        cellules.date(texte)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)))
def test_toute_date_se_lit_dans_ses_deux_ecritures(jour: datetime.date) -> None:
    assert cellules.date(f"{jour:%d/%m/%Y}") == cellules.date(jour.isoformat()) == jour


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", ""]))
def test_tout_nombre_se_lit_avec_ses_espaces(nombre: int, espace: str) -> None:
    assert cellules.entier(f"{nombre:,}".replace(",", espace)) == nombre


@given(st.decimals(0, 10**6, places=2), st.sampled_from(["", " €", "\u00a0€", " euros"]))
def test_tout_montant_se_lit_avec_une_virgule_ou_un_point(montant: Decimal, unite: str) -> None:
    assert cellules.euros(f"{montant:f}{unite}") == montant
    assert cellules.euros(f"{montant:f}{unite}".replace(".", ",")) == montant


@pytest.mark.parametrize(("texte", "lu"), [("1484,0", 1484), ("1 484,00", 1484), ("1.484,00", 1484), ("−3", -3)])
def test_les_entiers_lus(texte: str, lu: int) -> None:
    assert cellules.entier(texte) == lu


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("1.200", "1\u202f200 ou 1,2"),
        ("1,000", "1\u202f000 ou 1,0"),
        ("0,5", "entier"),
        ("12 00", "entier"),
        ("1,00E+10", "écriture scientifique"),
        ("1e9", "écriture scientifique"),
        ("NS", "secrète"),
        ("n.s.", "secrète"),
        ("ND", "secrète"),
        ("#N/A", "secrète"),
        ("#REF!", "erreur de calcul"),
        ("mille", "entier"),
        ("٣", "entier"),
        ("9" * 40, "entier"),
        ("", "entier"),
    ],
)
def test_les_entiers_refuses(texte: str, dit: str) -> None:
    with pytest.raises(CelluleRefusee, match=dit):
        cellules.entier(texte)


@given(st.integers(2, 100))
def test_une_part_est_une_part(pour_cent: int) -> None:
    part = Decimal(pour_cent) / 100
    ecritures = [str(pour_cent), f"{pour_cent} %", f"{pour_cent}\u202f%", f"{pour_cent},0"]
    ecritures += [f"{part:.2f}", f"{part:.2f}".replace(".", ",")] if pour_cent < 100 else []
    assert {QUOTITE.lire(ecriture) for ecriture in ecritures} == {part}
    assert QUOTITE.de_nombre(part) == QUOTITE.de_nombre(Decimal(pour_cent)) == part


@pytest.mark.parametrize("texte", ["1", "1,0", "1.00"])
def test_un_est_demande(texte: str) -> None:
    with pytest.raises(CelluleRefusee, match="1\u00a0% ou 100\u00a0% \\?"):
        QUOTITE.lire(texte)


@pytest.mark.parametrize("texte", ["0,6 %", "0,005", "0", "150", "-3", "101 %"])
def test_hors_de_l_etendue(texte: str) -> None:
    with pytest.raises(CelluleRefusee, match="entre 1 et 100\u00a0%"):
        QUOTITE.lire(texte)


@pytest.mark.parametrize(
    ("texte", "part"),
    [("0,5", "0.005"), ("0,55", "0.0055"), ("1,5", "0.015"), ("1", "0.01"), ("0,5 %", "0.005"), ("15", "0.15")],
)
def test_un_taux_sous_un_pour_cent(texte: str, part: str) -> None:
    assert PREVOYANCE.lire(texte) == Decimal(part)


@pytest.mark.parametrize("texte", ["0,01", "0,15", "0,2"])
def test_un_taux_a_deux_lectures_est_demande(texte: str) -> None:
    with pytest.raises(CelluleRefusee, match="avec le signe %"):
        PREVOYANCE.lire(texte)


@given(st.decimals("0.001", "0.2", places=4))
def test_un_taux_avec_son_signe_se_lit_toujours(part: Decimal) -> None:
    assert PREVOYANCE.lire(f"{part * 100:f} %".replace(".", ",")) == part
    assert PREVOYANCE.de_nombre(part) == part


def test_oui_et_non() -> None:
    assert [cellules.oui_non(t) for t in ("Oui", "NON", "vrai", "0")] == [True, False, True, False]
    with pytest.raises(CelluleRefusee, match="oui ou non"):
        cellules.oui_non("peut-être")


@pytest.mark.parametrize(
    "texte", ["cabinet@exemple.fr", " Cabinet.2+x@sous-domaine.exemple.paris\u00a0", "o'neil@xn--exmple-cva.fr"]
)
def test_les_adresses_lues(texte: str) -> None:
    assert cellules.courriel(texte) == texte.strip()


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("a@exemple.fr ; b@exemple.fr", "une seule adresse"),
        ("a@exemple.fr,b@exemple.fr", "une seule adresse"),
        ("a@exemple.fr\nBcc: b@exemple.fr", "une seule adresse"),
        ("a@exemple.fr\n", "une seule adresse"),
        ("hélène@exemple.fr", "sans accent"),
        ("a@exémple.fr", "sans accent"),
        ("a@exemple.fr\x00", "adresse électronique attendue"),
        ("é@exemple.fr\u2028", "adresse électronique attendue"),
        ("Cabinet <a@exemple.fr>", "adresse électronique attendue"),
        ('"a b"@exemple.fr', "adresse électronique attendue"),
        ("pas un courriel", "adresse électronique attendue"),
        ("a@localhost", "adresse électronique attendue"),
        ("a@[127.0.0.1]", "adresse électronique attendue"),
        (".a@exemple.fr", "adresse électronique attendue"),
        ("a..b@exemple.fr", "adresse électronique attendue"),
        ("a@-exemple.fr", "adresse électronique attendue"),
        ("a@exemple.f2", "adresse électronique attendue"),
        ("a@exemple.fr-", "adresse électronique attendue"),
        ("a@exemple.", "adresse électronique attendue"),
        (f"{'a' * 65}@exemple.fr", "64 avant le @"),
        (f"a@{'a.' * 130}fr", "254 signes"),
        ("", "adresse électronique attendue"),
    ],
)
def test_les_adresses_refusees(texte: str, dit: str) -> None:
    with pytest.raises(CelluleRefusee, match=dit):
        cellules.courriel(texte)


@given(st.from_regex(cellules._COURRIEL, fullmatch=True) | st.emails() | st.text())
def test_toute_adresse_lue_se_met_sur_un_message(texte: str) -> None:
    """What the grammar takes, Django's mails and the standard library take too, as it is."""
    try:
        adresse = cellules.courriel(texte)
    except CelluleRefusee:
        return
    validate_email(adresse)
    assert sanitize_address(adresse, "utf-8") == adresse
    assert parseaddr(adresse) == ("", adresse)
