"""Commands that a timer runs: with « -v 0 » they say only what is wrong, since cron sends whatever it reads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand


class Discrete(BaseCommand):
    """A command that says what it did, unless it is asked to say only what is wrong."""

    _parle = True

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run, at the verbosity asked."""
        self._parle = options["verbosity"] > 0
        return super().execute(*args, **options)

    def dire(self, texte: str) -> None:
        """Say what was done."""
        if self._parle:
            self.stdout.write(texte)
