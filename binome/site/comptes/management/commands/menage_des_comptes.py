"""Erases what the accounts no longer need: sessions and counts that ended, the journal beyond its keeping period."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from binome.site.comptes import journal


class Command(BaseCommand):
    """See the module."""

    help = "Efface les sessions finies et le journal des connexions au-delà de sa garde"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        finies = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
        self.stdout.write(f"{finies} session(s) finie(s), {journal.purger()} ligne(s) de journal effacées")
