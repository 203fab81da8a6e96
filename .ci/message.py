"""A commit says what part it changes and why: « partie: titre », then a body.

Called by git with the file that holds the message; without a file (`make lint`), looks at the commits not yet released.
Exits 1, and says what is expected, when it is not so.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TITRE = re.compile(r"[a-zà-ÿ][a-zà-ÿ, -]{1,40}: \S.*")
LONGUEUR = 120
#: Messages were not all checked until this commit; after it, each is. A release tag moves the beginning further.
DEPUIS = "b915757e9763"


def fautes(message: str) -> list[str]:
    """What is wrong with a message; empty when nothing is. Merges and reverts, which git words itself, pass."""
    lignes = [ligne for ligne in message.splitlines() if not ligne.startswith("#")]
    titre, suite = (lignes[0] if lignes else ""), lignes[1:]
    if titre.startswith(("Merge ", "Revert ", "fixup! ", "squash! ")):
        return []
    trouvees = []
    if not TITRE.fullmatch(titre):
        trouvees.append(f"titre « {titre} » : « partie: ce qui change » attendu (law:, site:, dossiers:, tests:…)")
    if len(titre) > LONGUEUR:
        trouvees.append(f"titre de {len(titre)} signes : au plus {LONGUEUR} attendus")
    if suite and suite[0].strip():
        trouvees.append("une ligne vide est attendue après le titre")
    if not any(ligne.strip() for ligne in suite):
        trouvees.append("un corps qui dit pourquoi est attendu")
    return trouvees


def messages(depot: Path, depuis: str = DEPUIS) -> list[tuple[str, str]]:
    """(commit, message) of what is not released: since the last tag and `depuis`; the last alone in a shallow copy.

    Empty outside a repository: an archive has no history.
    """

    def git(*mots: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", "-C", str(depot), *mots], capture_output=True, text=True, check=False)  # noqa: S603, S607

    if git("rev-parse", "--verify", "--quiet", "HEAD").returncode:
        return []
    connu = git("cat-file", "-e", f"{depuis}^{{commit}}").returncode == 0
    lu = git("log", "--format=%h%x00%B%x01", "HEAD", *(["--not", depuis, "--tags"] if connu else ["--max-count=1"]))
    entrees = (entree.strip("\n").partition("\0") for entree in lu.stdout.split("\1"))
    return [(commit, texte) for commit, _, texte in entrees if commit]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        trouvees = fautes(Path(sys.argv[1]).read_text(encoding="utf-8"))
    else:
        trouvees = [f"{commit} : {faute}" for commit, texte in messages(Path.cwd()) for faute in fautes(texte)]
    if trouvees:
        print("\n".join(trouvees))
        sys.exit(1)
