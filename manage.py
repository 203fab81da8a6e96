#!/usr/bin/env python
"""Django's commands: `python manage.py check`, `migrate`, `collectstatic`…"""

import os
import re
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

#: How django-environ says that a setting is missing.
ABSENTE = re.compile(r"Set the (\w+) environment variable")


def principal() -> int:
    """Run a command; a setting that is missing is named in a sentence, and ends with 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binome.site.reglages")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as erreur:
        absente = ABSENTE.search(str(erreur))
        dit = f"{absente[1]} : attendue dans l'environnement" if absente else str(erreur)
        print(f"{dit} (docs/exploitation.md)", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(principal())
