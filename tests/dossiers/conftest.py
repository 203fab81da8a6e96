"""What the tests of the files need of the database."""

import pytest
from django.db import connection

from binome.dossiers import garde_fous


@pytest.fixture
def sans_garde_fous_a_la_fin(transactional_db):
    """Tables are emptied after the test, which the triggers refuse: they are lifted then. The command that empties
    them puts the triggers back, as every migration does."""
    yield
    with connection.cursor() as curseur:
        for ordre in garde_fous.retirer(connection.vendor):
            curseur.execute(ordre)
