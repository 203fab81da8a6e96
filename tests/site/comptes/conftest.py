"""What every test of the accounts starts from: nothing counted yet."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _rien_de_compte():
    cache.clear()
    yield
    cache.clear()
