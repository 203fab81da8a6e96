"""What every test shares: a property is judged on what it finds, never on how long a loaded machine takes."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import _get_databases_for_setup
from xdist.scheduler import LoadFileScheduling

from tests import bases

settings.register_profile("binome", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("binome")

# Some machines ask Python to keep nothing compiled: a hundred programs that tests start would each compile the house.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ICI = Path(__file__).parent
#: What takes long: begun first, so that two processes end together.
LONGS = ("navigateur", "dossiers", "croises", "site")


class ParScene(LoadFileScheduling):  # type: ignore[misc]
    """A file stays in one process, which sets its stage once; all that the browser visits is one site."""

    def _split_scope(self, nodeid: str) -> str:
        fichier: str = super()._split_scope(nodeid)
        return "tests/navigateur" if fichier.startswith("tests/navigateur/") else fichier


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ParScene | None:
    """How the tests are shared out between the processes."""
    return ParScene(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """What touches the database is marked, to be run on each engine."""
    if touche_la_base(item):
        item.add_marker("base")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever the order drawn, what takes long begins."""
    rangs = {nom: rang for rang, nom in enumerate(LONGS)}
    items.sort(key=lambda item: rangs.get(item.path.relative_to(ICI).parts[0], len(rangs)))


def touche_la_base(item: pytest.Item) -> bool:
    """Whether a test asks for the database. Django refuses it to those that do not; a program that a test starts has
    one from `tests.bases` alone, which needs it made. Of the pages that the browser opens, the fund's are marked."""
    demandes = set(getattr(item, "fixturenames", ()))
    demandes -= {"django_db_setup"} if "serveur" in demandes else set()
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in demandes


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database of the tests; what its migrations leave is kept, for those who start from it."""
    del django_db_setup
    with ExitStack() as pile:
        with django_db_blocker.unblock():
            # None is made for programs alone: the database named here would still be the developer's own.
            if not _get_databases_for_setup(request.session.items)[0]:
                faites = setup_databases(verbosity=0, interactive=False, aliases={"default"})
                pile.callback(_defaire, django_db_blocker, faites)
            pile.enter_context(bases.garder())
        yield


def _defaire(django_db_blocker: DjangoDbBlocker, faites: Any) -> None:
    with django_db_blocker.unblock():
        teardown_databases(faites, verbosity=0)
