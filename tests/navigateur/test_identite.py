"""In by ProConnect and out again, in a real browser: it follows our content policy, which a test client does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.bases import base_migree
from tests.navigateur.conftest import servir
from tests.site.comptes import fournisseur as faux
from tests.site.serveur import reglages

#: A page of the fund: on each engine (`make test-postgresql`).
pytestmark = pytest.mark.base
COURRIEL = "agent@exemple.invalid"
PEUPLER = (
    "from binome.dossiers.models import Affectation, Caisse, Utilisateur; "
    f"Affectation.objects.create(utilisateur=Utilisateur.objects.create_user('{COURRIEL}'), role='gestionnaire', "
    "caisse=Caisse.objects.create(code='001', nom='CPAM'))"
)


@pytest.fixture
def site(tmp_path: Path, django_db_setup: None) -> Iterator[str]:
    """A site that knows ProConnect; and ProConnect, on another origin."""
    del django_db_setup
    with faux.en_marche() as proconnect, base_migree("identite", tmp_path) as base:
        proconnect.signature = "RS256"
        httpx.put(f"{proconnect.adresse}/users/pc-1", json={"sub": "pc-1", "email": COURRIEL}).raise_for_status()
        environnement = reglages(tmp_path) | {
            "DATABASE_URL": base,
            "BINOME_OIDC_PROCONNECT_ADRESSE": proconnect.adresse,
            "BINOME_OIDC_PROCONNECT_CLIENT": faux.CLIENT,
            "BINOME_OIDC_PROCONNECT_SECRET": faux.SECRET,
        }
        for adresse in servir(environnement, tmp_path, PEUPLER):
            proconnect.retours = {f"{adresse}/comptes/oidc/proconnect/logout/callback/"}
            yield adresse


def test_entrer_et_sortir_par_proconnect(site: str, navigateur: Browser) -> None:
    page = navigateur.new_page()
    page.goto(f"{site}/comptes/login/")
    page.get_by_role("button", name="ProConnect").click()
    page.locator("input[name=sub]").fill("pc-1")
    page.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma journée")
    page.get_by_role("button", name="Se déconnecter").click()
    # Out of both, and back here.
    page.wait_for_url(f"{site}/comptes/oidc/proconnect/logout/callback/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vous êtes déconnecté")
    page.goto(f"{site}/caisse/")
    expect(page).to_have_url(re.compile("/comptes/login/"))
    page.close()
