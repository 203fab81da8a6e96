"""A client without limit: the tests of the limit set theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings


@pytest.fixture(scope="session", autouse=True)
def _dossier_statique() -> None:
    """WhiteNoise warns of a folder that is not there yet."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def api() -> Iterator[Client]:
    cache.clear()
    with override_settings(LIMITE_API="", DEBUG=False):
        yield Client(raise_request_exception=False)
