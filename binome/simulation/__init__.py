"""The simulation model: `Situation` in, `Resultat` out; the same rules for one doctor and for a table of them.

Its public names are those of `__init__.pyi`, each loaded when it is first asked for: a refusal, or the help of the
command line, does not wait for the engine.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
