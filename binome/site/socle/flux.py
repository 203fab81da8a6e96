"""What a streamed answer holds for as long as it is sent, and gives back at its end, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class Flux(Iterator[bytes]):
    """The pieces of an answer; `a_la_fin` is called once: when they are all sent, when one fails, or when it is closed.

    A generator would not do: closed before its first piece, it runs nothing of what it holds.
    """

    def __init__(self, morceaux: Iterable[bytes], a_la_fin: Callable[[], None]) -> None:
        self._morceaux = iter(morceaux)
        self._a_la_fin: Callable[[], None] | None = a_la_fin

    def __next__(self) -> bytes:
        """The next piece."""
        try:
            return next(self._morceaux)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End, whatever is left."""
        a_la_fin, self._a_la_fin = self._a_la_fin, None
        if a_la_fin is not None:
            a_la_fin()

    def __del__(self) -> None:
        self.close()
