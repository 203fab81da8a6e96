"""Sessions: they end by themselves, are listed to whoever they belong to, and are closed one by one or all at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from binome import francais
from binome.dossiers.models import Utilisateur
from binome.site.comptes.journal import Quoi, noter
from binome.site.socle.disque import malgre_un_disque_plein

#: In the session: when it was opened, and when its owner last asked for something (seconds).
OUVERTE, VUE = "ouverte_le", "vue_le"
#: Seconds between two marks of activity: reading pages writes no more than this.
ENTRE_DEUX_MARQUES = 60


def marquer(requete: HttpRequest) -> None:
    """A session has just been opened."""
    requete.session[OUVERTE] = requete.session[VUE] = int(time.time())


def ouverte_depuis(requete: HttpRequest) -> float:
    """Seconds since the log-in; without end where it is not known."""
    return time.time() - float(requete.session.get(OUVERTE, 0))


class SessionBornee:
    """Closes a session that is too old, or that nobody uses. A visitor has none: nothing is read nor written."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer."""
        if settings.SESSION_COOKIE_NAME in requete.COOKIES and requete.user.is_authenticated:
            self._borner(requete)
        return self.suite(requete)

    @staticmethod
    def _borner(requete: HttpRequest) -> None:
        inactive = time.time() - float(requete.session.get(VUE, 0))
        if ouverte_depuis(requete) > settings.SESSION_COOKIE_AGE:
            pourquoi = f"{francais.nombre(settings.SESSION_COOKIE_AGE // 3600)} heures après votre connexion"
        elif inactive > settings.INACTIVITE * 60:
            pourquoi = f"après {francais.nombre(settings.INACTIVITE)} minutes sans activité"
        else:
            if inactive > ENTRE_DEUX_MARQUES:
                la_mienne = UserSession.objects.filter(session_key=requete.session.session_key)
                # In that order: a session that is not changed is not written when the answer leaves.
                with malgre_un_disque_plein(requete, "l'activité d'une session"):
                    la_mienne.update(last_seen_at=timezone.now())
                    requete.session[VUE] = int(time.time())
            return
        noter(Quoi.EXPIREE, requete, requete.user, detail=pourquoi)  # type: ignore[arg-type]
        UserSession.objects.filter(session_key=requete.session.session_key).delete()
        logout(requete)
        messages.info(requete, f"Votre session s'est fermée {pourquoi}. Connectez-vous de nouveau.")


def sessions_de(utilisateur: Utilisateur) -> list[UserSession]:
    """The open sessions of an account, the last used first."""
    ouvertes: list[UserSession] = UserSession.objects.purge_and_list(utilisateur)
    return sorted(ouvertes, key=lambda session: session.last_seen_at, reverse=True)


def fermer_les_sessions(utilisateur: Utilisateur, *, sauf: str | None = None) -> int:
    """Close every session of an account but one, listed or not. How many were closed."""
    fermees = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=sauf).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(utilisateur.pk):
            session.delete()
            fermees += 1
    UserSession.objects.filter(user=utilisateur).exclude(session_key=sauf).delete()
    return fermees


def changer_de_cle(requete: HttpRequest) -> None:
    """Give a session another key; the list follows."""
    ancienne = requete.session.session_key
    requete.session.cycle_key()
    UserSession.objects.filter(session_key=ancienne).update(session_key=requete.session.session_key)
