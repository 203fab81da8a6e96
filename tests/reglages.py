"""Settings of the tests: the site's own, with the environment of a machine without TLS."""

import os
import tempfile

os.environ.setdefault("BINOME_CLE_SECRETE", "cle-des-tests")
os.environ.setdefault("BINOME_HOTES", "testserver,127.0.0.1,localhost")
os.environ.setdefault("BINOME_HTTPS", "non")
os.environ.setdefault("BINOME_DONNEES", tempfile.mkdtemp(prefix="binome-tests-"))
# Most tests touch no database: those of the shared cache take the site's own (`CACHE_DU_SITE`).
os.environ["CACHE_URL"] = ""
os.environ.setdefault("BINOME_LIMITE_API", "100000/m")

from binome.site.reglages import *  # noqa: F403

CACHE_DU_SITE = CACHES["default"]  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a missing folder
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A real file: threads and processes share it, which they cannot do with a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(DONNEES / "essais.sqlite3")}  # noqa: F405
    # Tests lose nothing when the machine stops: no need to wait for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=30000; PRAGMA recursive_triggers=ON"
    )
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
MFA_OBLIGATOIRE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
