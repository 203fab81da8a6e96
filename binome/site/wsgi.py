"""Entry point of the servers. The law is loaded here, before the first visitor."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binome.site.reglages")

application = get_wsgi_application()

from binome.simulation import loi_du_processus  # noqa: E402 - once the site is ready

loi_du_processus()
