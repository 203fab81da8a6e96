"""A commit says what part it changes and why: « partie: titre », then a body.

Called by git with the file that holds the message; exits 1, and says what is expected, when it is not so.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TITRE = re.compile(r"[a-zà-ÿ][a-zà-ÿ, -]{1,40}: \S.*")
LONGUEUR = 120


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


if __name__ == "__main__":
    trouvees = fautes(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if trouvees:
        print("\n".join(trouvees))
        sys.exit(1)
