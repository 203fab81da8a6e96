"""Nothing of what a user sends is written in the logs, whatever happens to the request."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from binome.site.api import lot, v1
from tests.site.api.outils import GENERALISTE, NDJSON, envoyer

#: Values that nothing else in a log could hold.
SECRETS = ("Dr Zéphyrin", "87654", "76543", "2031-07-19", "zut_inconnu", "1987-04-03")


@pytest.fixture
def ecrit() -> Iterator[io.StringIO]:
    """What the site's own logging writes."""
    flux = io.StringIO()
    logging.config.dictConfig(settings.LOGGING)
    racine = logging.getLogger()
    sorties = [sortie for sortie in racine.handlers if isinstance(sortie, logging.StreamHandler) and sortie.formatter]
    anciens = [sortie.setStream(flux) for sortie in sorties]
    yield flux
    for sortie, ancien in zip(sorties, anciens, strict=True):
        if ancien is not None:
            sortie.setStream(ancien)


def test_ni_bonne_ni_mauvaise_demande(api: Client, ecrit: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    bonne = {**GENERALISTE, "titre": "Dr Zéphyrin", "patientele": {"patientele_mt": 87654, "file_active": 76543}}
    mauvaise = {**bonne, "zut_inconnu": 87654, "contrat": {"date_signature": "1987-04-03"}}
    assert envoyer(api, "/simulations?date=2031-07-19", bonne).status_code == 200
    for adresse in ("/simulations", "/explications", "/explications/eligible"):
        assert envoyer(api, adresse, mauvaise).status_code == 422
        assert envoyer(api, adresse, b'{"titre": "Dr Z\xe9phyrin 87654').status_code == 400
    assert envoyer(api, "/simulations?zut_inconnu=87654&date=1987-04-03", bonne).status_code == 422
    assert api.get("/api/v1/parametres?recherche=87654").status_code == 200
    b"".join(envoyer(api, "/simulations/lot", f"{json.dumps(bonne)}\n{json.dumps(mauvaise)}\n", NDJSON))

    def echouer(*_: object) -> None:
        raise ValueError(f"invalide : {bonne}")

    monkeypatch.setattr(v1, "Simulation", echouer)
    monkeypatch.setattr(lot, "Simulation", echouer)
    assert envoyer(api, "/simulations?date=2031-07-19", bonne).status_code == 500
    b"".join(envoyer(api, "/simulations/lot", json.dumps(bonne), NDJSON))

    journal = ecrit.getvalue()
    lignes = [json.loads(ligne) for ligne in journal.splitlines() if ligne.startswith("{")]
    assert sum(ligne["message"] == "requete" for ligne in lignes) >= 12
    assert sum(ligne["message"] == "erreur interne" for ligne in lignes) == 2
    # The failure says where, never what.
    echec = next(ligne for ligne in lignes if ligne["message"] == "erreur interne")
    assert echec["exception"] == "ValueError"
    assert any("echouer" in cadre for cadre in echec["pile"])
    lisible = journal + json.dumps(lignes, ensure_ascii=False)
    for secret in SECRETS:
        assert secret not in lisible
