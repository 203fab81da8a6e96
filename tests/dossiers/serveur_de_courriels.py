"""A mail server on this machine: it keeps what it receives, refuses, waits or falls silent as a test asks."""

from __future__ import annotations

import email.policy
import socketserver
import threading
from email.message import EmailMessage
from typing import Any


class _Entretien(socketserver.StreamRequestHandler):
    server: Serveur

    def repondre(self, ligne: str) -> None:
        self.wfile.write(f"{ligne}\r\n".encode())

    def handle(self) -> None:
        if self.server.muet.is_set():
            self.server.fini.wait(30)
            return
        self.repondre("220 essai")
        while mot := self.rfile.readline().decode().strip():
            match mot.split()[0].upper():
                case "RCPT" if any(refusee in mot for refusee in self.server.refusees):
                    self.repondre("550 inconnu ici")
                case "DATA":
                    self.repondre("354 dites")
                    self.recevoir()
                case "QUIT":
                    self.repondre("221 bien")
                    return
                case _:
                    self.repondre("250 bien")

    def recevoir(self) -> None:
        lignes = []
        while (ligne := self.rfile.readline()) not in {b".\r\n", b""}:
            lignes.append(ligne)
        message = email.message_from_bytes(b"".join(lignes), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.recus.append(message)
        self.server.arrive.set()
        self.server.avant_de_repondre()
        self.repondre("250 pris")


class Serveur(socketserver.ThreadingTCPServer):
    """Listens as soon as it is made; answers once it is entered."""

    daemon_threads, allow_reuse_address, block_on_close = True, True, False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Entretien)
        self.recus: list[EmailMessage] = []
        #: Addresses that it does not take.
        self.refusees: set[str] = set()
        #: Set: it takes connections and says nothing.
        self.muet = threading.Event()
        #: Set once a message is received.
        self.arrive = threading.Event()
        self.fini = threading.Event()
        #: What it does between the message received and its answer.
        self.avant_de_repondre: Any = lambda: None

    def __enter__(self) -> Serveur:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.fini.set()
        self.shutdown()
        self.server_close()

    def regler(self, reglages: Any) -> None:
        """Make it the site's."""
        reglages.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        reglages.EMAIL_HOST, reglages.EMAIL_PORT = self.server_address[:2]
        reglages.EMAIL_HOST_USER = reglages.EMAIL_HOST_PASSWORD = ""
        reglages.EMAIL_TIMEOUT = 20
