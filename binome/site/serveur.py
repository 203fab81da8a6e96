"""Gunicorn's settings: `gunicorn --config python:binome.site.serveur binome.site.wsgi:application`."""

from __future__ import annotations

import os
from typing import Any

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
#: Threads, so that a long batch does not hold up the pages; a batch of the largest size lasts some two minutes.
worker_class = "gthread"
threads = 4
timeout = 300
#: A connection kept open with part of a body unread holds a thread until its client leaves: a few refused requests
#: would hold them all. The proxy in front keeps the clients' connections.
keepalive = 0
#: Addresses hold situations: no log of the server writes them, ours does without their parameters.
accesslog = None
#: A group's situation is long; its address is too.
limit_request_line = 8190


def post_worker_init(worker: Any) -> None:
    """Draw a first chart, which is slow, before the first visitor. After the fork: the drawing engine has threads."""
    del worker
    from binome.documents import graphiques

    graphiques.prechauffer()
