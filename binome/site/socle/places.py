"""How many heavy answers a process prepares at a time, so that they never hold all its threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Complet(Exception):
    """No place left, and none freed in time."""


class Places:
    """A few places, and a short queue before them.

    `simultanees` is read at each demand (a setting may change it); at most `en_attente` demands wait, each for
    `patience` seconds: the others are told at once to come back, and hold no thread.
    """

    def __init__(self, simultanees: Callable[[], int], en_attente: int = 0, patience: float = 0.0) -> None:
        self._libre = threading.Condition()
        self._simultanees, self._file, self._patience = simultanees, en_attente, patience
        self._prises = self._attendent = 0

    def prendre(self) -> None:
        """Take a place. Raises Complet."""
        with self._libre:
            if not self._reste() and not self._attendre():
                raise Complet
            self._prises += 1

    def rendre(self) -> None:
        """Give it back."""
        with self._libre:
            self._prises -= 1
            self._libre.notify()

    @contextmanager
    def une(self) -> Iterator[None]:
        """Hold a place for the time of a block. Raises Complet."""
        self.prendre()
        try:
            yield
        finally:
            self.rendre()

    def _reste(self) -> bool:
        return self._prises < self._simultanees()

    def _attendre(self) -> bool:
        if self._attendent >= self._file:
            return False
        self._attendent += 1
        try:
            return self._libre.wait_for(self._reste, timeout=self._patience)
        finally:
            self._attendent -= 1
