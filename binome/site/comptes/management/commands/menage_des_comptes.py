"""Erases what the accounts no longer need: the sessions that ended."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Efface les sessions finies"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        finies = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
        self.dire(f"{finies} session(s) finie(s) effacée(s)")
