"""The API and the command line read JSON by the same rules: the same documents pass, the same words refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from binome.cli.fichiers import lire_document
from binome.simulation.modele.erreurs import BinomeErreur
from binome.site.api.corps import lire_objet

BONS = [b"{}", b'{"a": {"b": [1, 2.5, null, true, "\xc3\xa9"]}}', b'\xef\xbb\xbf{"a": 1}']
MAUVAIS = [
    b"[]",
    b'"a"',
    b"{",
    b'{"a"}',
    b'{"a": }',
    b'{"a": 1,}',
    b'{"a": 1} x',
    b'{"a": "b}',
    b'{a: "b"}',
    b'{"a": 1, "b": 2, "a": 3, "b": 4}',
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a":\n\n "b"\n"c"}',
    b'\n{"a": "\xe9"}',
]


def _fichier(dossier: Path, brut: bytes) -> str:
    fichier = dossier / "document.json"
    fichier.write_bytes(brut)
    return str(fichier)


@pytest.mark.parametrize("brut", BONS)
def test_les_memes_documents_passent(tmp_path: Path, brut: bytes) -> None:
    assert lire_objet(brut) == lire_document(_fichier(tmp_path, brut))


@pytest.mark.parametrize("brut", MAUVAIS)
def test_les_memes_mots_refusent(tmp_path: Path, brut: bytes) -> None:
    with pytest.raises(BinomeErreur) as de_l_api:
        lire_objet(brut)
    with pytest.raises(BinomeErreur) as de_la_commande:
        lire_document(_fichier(tmp_path, brut))
    assert str(de_la_commande.value).endswith(str(de_l_api.value))
