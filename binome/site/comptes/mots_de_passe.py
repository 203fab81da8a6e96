"""What a password must not be, beside short, known of all or like its owner: a sign repeated, or a row of keys."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

#: Different signs that a password has at least.
SIGNES_DIFFERENTS = 6
#: Rows that fingers follow, and the words that everybody thinks of here.
SUITES = ("abcdefghijklmnopqrstuvwxyz", "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "0123456789")
MOTS = ("binome", "binôme", "motdepasse", "password", "assistantmedical", "assurancemaladie", "cpam", "ameli")
#: Signs that are left once rows and words are taken away.
SIGNES_PROPRES = 8
LONGUEUR_DE_SUITE = 4


class SansSuite:
    """Refuses what is only repeated signs, rows of keys and the words of this site."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        del user
        if len(set(password.lower())) < SIGNES_DIFFERENTS:
            raise ValidationError(
                f"Ce mot de passe répète les mêmes signes : {SIGNES_DIFFERENTS} différents au moins sont attendus.",
                code="signes_repetes",
            )
        if len(_propre(password.lower())) < SIGNES_PROPRES:
            raise ValidationError(
                "Ce mot de passe n'est fait que de suites de touches et de mots attendus ici : ajoutez-en d'autres.",
                code="suite",
            )

    def get_help_text(self) -> str:
        """What is expected."""
        return "Une phrase à vous, ni suite de touches, ni signe répété, ni le nom de ce site."


def _propre(texte: str) -> str:
    """What is left without the expected words and the rows of four signs or more, written either way."""
    for mot in MOTS:
        texte = texte.replace(mot, "")
    for suite in (s for sens in SUITES for s in (sens, sens[::-1])):
        for longueur in range(len(suite), LONGUEUR_DE_SUITE - 1, -1):
            for debut in range(len(suite) - longueur + 1):
                texte = texte.replace(suite[debut : debut + longueur], "")
    return texte
