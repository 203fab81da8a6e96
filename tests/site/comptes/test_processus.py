"""What is counted is shared by all processes, and a restart forgets nothing: two processes, one after the other.

They stand behind a proxy, which tells who the clients are.
"""

import json
import os
import subprocess
import sys

from tests.bases import base_migree

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "binome.site.reglages",
    "BINOME_CLE_SECRETE": "une-cle-longue-et-variee-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "BINOME_HOTES": "testserver",
    "BINOME_HTTPS": "non",
    "BINOME_DEBOGAGE": "oui",  # pages without the collected static files
    "BINOME_DERRIERE_PROXY": "oui",
    "BINOME_JOURNAL": "ERROR",
}
COMMUN = """
import json
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client
from binome.dossiers.models import Utilisateur

def entrer(mot, **ou):
    client = Client(**ou)
    client.post("/comptes/login/", {"login": "a@exemple.invalid", "password": mot})
    return client
"""
PREMIER = """
u = Utilisateur.objects.create_superuser("a@exemple.invalid", "une-phrase-assez-longue")
for _ in range(3):
    entrer("faux")
auth.yield_hotp_counters_from_time = lambda: iter([57])
auth.TOTP.activate(u, "A" * 32)
code = auth.format_hotp_value(auth.hotp_value("A" * 32, 57))
client = entrer("une-phrase-assez-longue", HTTP_X_FORWARDED_FOR="192.0.2.9")
client.post("/comptes/2fa/authenticate/", {"code": code})
print(json.dumps({"connecte": "_auth_user_id" in client.session, "garde": Authenticator.objects.get().data["secret"]}))
"""
SECOND = """
for _ in range(2):
    entrer("faux")
auth.yield_hotp_counters_from_time = lambda: iter([57])
code = auth.format_hotp_value(auth.hotp_value("A" * 32, 57))
attend = entrer("une-phrase-assez-longue")
rejoue = entrer("une-phrase-assez-longue", HTTP_X_FORWARDED_FOR="192.0.2.10")
rejoue.post("/comptes/2fa/authenticate/", {"code": code})
neuf = entrer("une-phrase-assez-longue", HTTP_X_FORWARDED_FOR="192.0.2.10")
auth.yield_hotp_counters_from_time = lambda: iter([58])
neuf.post("/comptes/2fa/authenticate/", {"code": auth.format_hotp_value(auth.hotp_value("A" * 32, 58))})
print(json.dumps({
    "essai": "account_login" in attend.session, "rejoue": "_auth_user_id" in rejoue.session,
    "neuf": "_auth_user_id" in neuf.session,
}))
"""


def lancer(base, dossier, script):
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("BINOME_", "DJANGO_", "CACHE_"))}
    fait = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        env=propre | PRODUCTION | {"BINOME_DONNEES": str(dossier), "DATABASE_URL": base},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 0, fait.stderr[-2000:]
    return fait.stdout


def test_deux_processus_comptent_ensemble(django_db_setup, tmp_path):
    with base_migree("processus", tmp_path) as base:
        premier = json.loads(lancer(base, tmp_path, COMMUN + PREMIER))
        assert premier["connecte"]
        assert "A" * 32 not in premier["garde"]
        second = json.loads(lancer(base, tmp_path, COMMUN + SECOND))
    assert second == {"essai": False, "rejoue": False, "neuf": True}
