"""What the guide keeps from one page to the next: forgotten as soon as the law of the process is another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar

from binome.simulation import apports_du_processus

T = TypeVar("T")


class Gardee(Generic[T]):
    """A function of the law and of its arguments, whose answers are kept for each law."""

    def __init__(self, calcul: Callable[..., T], maxsize: int) -> None:
        self._gardees = lru_cache(maxsize=maxsize)(lambda _apports, *arguments: calcul(*arguments))
        update_wrapper(self, calcul)

    def __call__(self, *arguments: Hashable) -> T:
        """The answer under the law of the process."""
        return self._gardees(apports_du_processus(), *arguments)

    def cache_clear(self) -> None:
        """Forget all."""
        self._gardees.cache_clear()


def selon_la_loi(maxsize: int) -> Callable[[Callable[..., T]], Gardee[T]]:
    """Keep the last `maxsize` answers of a function that reads the law of the process."""

    def decorer(calcul: Callable[..., Any]) -> Gardee[Any]:
        return Gardee(calcul, maxsize)

    return decorer
