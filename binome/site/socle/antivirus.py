"""An antivirus, where one is configured: ClamAV's daemon looks at each file as it enters, whatever it is for."""

from __future__ import annotations

import io
import logging
import socket
from typing import Any

from clamdpy import ClamdNetworkSocket, ClamdUnixSocket
from clamdpy.exceptions import ClamdException
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError

journal = logging.getLogger("binome.antivirus")

#: Bytes sent at once; seconds that the daemon has to answer.
MORCEAU, ATTENTE = 65_536, 25.0
ATTENDU = "« unix:/chemin/clamd.ctl » ou « tcp:hôte:port » attendu"


class ParFichier(ClamdUnixSocket):
    """The daemon behind a socket of this machine. The library leaves open a socket that could not connect."""

    def _acquire_socket(self) -> socket.socket:
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            prise.settimeout(self.timeout)
            prise.connect(str(self.socket_path))
        except OSError:
            prise.close()
            raise
        return prise


class ParReseau(ClamdNetworkSocket):
    """The daemon of another machine, whatever the kind of its address."""

    def _acquire_socket(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=self.timeout)


def daemon(adresse: str, attente: float = ATTENTE) -> ClamdNetworkSocket:
    """The daemon at an address, « unix:/path » or « tcp:host:port ». Raises ImproperlyConfigured."""
    sorte, _, reste = adresse.partition(":")
    hote, _, port = reste.rpartition(":")
    if sorte == "unix" and reste.startswith("/"):
        return ParFichier(reste, timeout=attente, max_chunk_size=MORCEAU)
    if sorte == "tcp" and hote and port.isascii() and port.isdecimal():
        return ParReseau(hote, int(port), timeout=attente, max_chunk_size=MORCEAU)
    raise ImproperlyConfigured(f"BINOME_CLAMAV « {adresse} » : {ATTENDU}")


def examiner(nom: str, fichier: Any) -> None:
    """Have a file looked at; it is left at its beginning. Raises ValidationError: a virus, or nobody to look at it.

    Without an antivirus nothing is asked; one that does not answer closes the door, unless the setting leaves it open.
    """
    if not settings.CLAMAV:
        return
    try:
        fichier.seek(0)
        lu = daemon(settings.CLAMAV).instream(io.BytesIO(fichier.read()))
        if lu.status == "ERROR":
            raise ClamdException(lu.reason)
    except (ClamdException, OSError) as erreur:
        journal.error("antivirus muet", extra={"erreur": type(erreur).__name__, "accepte": not settings.CLAMAV_EXIGE})
        if settings.CLAMAV_EXIGE:
            raise ValidationError(
                f"« {nom} » n'a pas pu être examiné par l'antivirus : rien n'est gardé ; renvoyez-le plus tard"
            ) from erreur
        return
    finally:
        fichier.seek(0)
    if lu.status == "FOUND":
        journal.warning("fichier refusé par l'antivirus", extra={"raison": lu.reason})
        raise ValidationError(f"« {nom} » : refusé par l'antivirus ({lu.reason})")


def etat() -> str:
    """What the health page says: « répond », « ne répond pas », or « non configuré »."""
    if not settings.CLAMAV:
        return "non configuré"
    try:
        repond = daemon(settings.CLAMAV, attente=3).ping().strip() == "PONG"
    except (ClamdException, OSError):
        repond = False
    return "répond" if repond else "ne répond pas"
