"""A statement of the guide is never surer than where it was read."""

from __future__ import annotations

import pytest

from binome.site.guide.enonces import ENONCES
from openfisca_assistants_medicaux.certitude import Certitude
from tests.loi.sources import plafond


@pytest.mark.parametrize("cle", sorted(ENONCES))
def test_la_certitude_ne_depasse_pas_la_source(cle: str) -> None:
    enonce = ENONCES[cle]
    assert Certitude[enonce.certitude] <= plafond(reference.titre for reference in enonce.references)
