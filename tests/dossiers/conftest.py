"""What the tests of the files need of the database."""

import pytest
from django.db import connection

from binome.dossiers import garde_fous


@pytest.fixture
def sans_garde_fous_a_la_fin(transactional_db):
    """SQLite empties tables by DELETE, which the triggers refuse: they are lifted while the test is cleaned up."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as curseur:
            for ordre in garde_fous.retirer("sqlite"):
                curseur.execute(ordre)


@pytest.fixture(autouse=True)
def garde_fous_poses(request):
    """The triggers that a former test lifted are put back before the next one."""
    if connection.vendor == "sqlite" and (
        "transactional_db" in request.fixturenames
        or "db" in request.fixturenames
        or request.node.get_closest_marker("django_db")
    ):
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
        with connection.cursor() as curseur:
            curseur.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'dossiers_%'")
            if not curseur.fetchone()[0]:
                for ordre in garde_fous.poser("sqlite"):
                    curseur.execute(ordre)
