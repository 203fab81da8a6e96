"""The simulation model: `Situation` in, `Resultat` out; the same rules for one doctor and for a table of them."""
