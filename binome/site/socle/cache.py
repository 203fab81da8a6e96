"""The cache that every process and every restart share: a table of the database."""

from __future__ import annotations

import base64
import pickle

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction


class CacheDansLaBase(DatabaseCache):
    """Django's, whose counts are exact when several processes count at once, and keep the end of their period."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a count. Raises ValueError when there is none."""
        base = router.db_for_write(self.cache_model_class)
        connexion = connections[base]
        table = connexion.ops.quote_name(self._table)  # type: ignore[attr-defined]
        verrou = " FOR UPDATE" if connexion.features.has_select_for_update else ""
        interne = self.make_and_validate_key(key, version=version)
        # On SQLite the transaction takes the lock as it opens; on PostgreSQL the row is locked.
        with transaction.atomic(using=base), connexion.cursor() as curseur:
            curseur.execute(f"SELECT 1 FROM {table} WHERE cache_key = %s{verrou}", [interne])  # noqa: S608 - our table
            valeur = self.get(key, version=version)
            if valeur is None:
                raise ValueError(f"« {key} » n'est pas dans le cache")
            somme = int(valeur) + delta
            ecrit = base64.b64encode(pickle.dumps(somme, self.pickle_protocol)).decode("latin1")
            curseur.execute(f"UPDATE {table} SET value = %s WHERE cache_key = %s", [ecrit, interne])  # noqa: S608
        return somme
