"""Commands in a process of their own, and a small life to be read there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).parent.parent.parent


#: Commands one after the other, each with its exit code and what it said: what a shell would do, in one process.
ENCHAINER = """
import contextlib, io, json, sys, traceback
from django.core.management import execute_from_command_line
faits = []
for commande in json.load(sys.stdin):
    dit, code = io.StringIO(), 0
    with contextlib.redirect_stdout(dit), contextlib.redirect_stderr(dit):
        try:
            execute_from_command_line(["manage.py", *commande])
        except SystemExit as sortie:
            code = sortie.code
        except Exception:
            code = 1
            traceback.print_exc()
    faits.append([code, dit.getvalue()])
print("FAITS", json.dumps(faits))
"""


def enchainer(base: str, donnees: Path, *commandes: tuple[str, ...]) -> list[tuple[int, str]]:
    """Several commands in one process, on a database of its own: the exit code of each, and what it said."""
    dit = manage(base, donnees, "shell", "--no-imports", "-c", ENCHAINER, entree=json.dumps(commandes))
    return [(code, texte) for code, texte in json.loads(dit.partition("FAITS ")[2].splitlines()[0])]


def ecrire(script: str) -> tuple[str, ...]:
    """The command that runs a few lines."""
    return ("shell", "--no-imports", "-c", script)


def manage(base: str, donnees: Path, *arguments: str, attendu: int = 0, entree: str = "") -> str:
    """A command in a process of its own, on a database of its own."""
    fait = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        input=entree,
        cwd=RACINE,
        env={
            **{nom: valeur for nom, valeur in os.environ.items() if nom != "BINOME_VALEURS"},
            "DJANGO_SETTINGS_MODULE": "binome.site.reglages",
            "DATABASE_URL": base,
            "BINOME_DONNEES": str(donnees),
            "BINOME_CLE_SECRETE": "essai",
            "BINOME_HOTES": "localhost",
            "BINOME_HTTPS": "non",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == attendu, fait.stderr[-2000:]
    return fait.stdout + fait.stderr


#: A paid contract, with a document, under the second of two files of values; the bank took the order, and the month is
#: closed in the books.
PEUPLER = (
    "from binome.simulation import valeurs\n"
    "from openfisca_assistants_medicaux.fichiers import Fichier\n"
    "for nom, mois in (('a.yaml', 3), ('b.yaml', 4)):\n"
    "    valeurs.importer(Fichier(nom, ('par: m\\nvaleurs: [{nom: preavis_resiliation, valeur: %d, '\n"
    "        'effet: 2024-06-22, connu: 2024-06-22, source: s}]' % mois).encode()), 'Mme Test')\n"
    "import datetime\n"
    "from django.utils import timezone\n"
    "from binome.dossiers.paiements import banque, campagnes\n"
    "from binome.dossiers.nomenclatures import NaturePiece, Role\n"
    "from binome.dossiers.echanges import pieces\n"
    "from tests.dossiers import fabrique\n"
    "from tests.documents.pieces import image\n"
    "caisse = fabrique.caisse(); g = fabrique.agent(caisse); v = fabrique.agent(caisse, Role.VALIDEUR)\n"
    "c = fabrique.contrat_en_cours(g, datetime.date(2024, 7, 1)); d = datetime.date(2024, 8, 15)\n"
    "pieces.deposer('a.png', image(), NaturePiece.DIPLOME, g, contrat=c)\n"
    "k = campagnes.ouvrir(caisse.pk, d, g, quand=fabrique.instant(d)); campagnes.preparer(k.pk)\n"
    "campagnes.valider(k.pk, v); fichier = banque.emettre_campagne(k.pk, v)\n"
    "from binome.dossiers.paiements import comptabilite\n"
    "from tests.documents.messages_bancaires import rapport\n"
    "ordre = bytes(fichier.octets).decode().partition('<MsgId>')[2].partition('</MsgId>')[0]\n"
    "banque.recevoir(caisse.pk, 'r.xml', rapport(groupe='<GrpSts>ACCP</GrpSts>', ordre=ordre), v)\n"
    "comptabilite.clore(caisse.pk, timezone.localdate() - datetime.timedelta(days=1), v)\n"
)
