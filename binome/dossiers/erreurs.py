"""Why something was refused, in words for whoever asked."""

from __future__ import annotations

from binome.erreurs import BinomeErreur


class Refus(BinomeErreur):
    """A request that cannot be met: every reason, in French. Nothing was changed."""

    def __init__(self, *raisons: str) -> None:
        super().__init__(" ; ".join(raisons))
        self.raisons = raisons
