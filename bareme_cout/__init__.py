"""Draws, from OpenFisca-France, the data that price the assistant (docs/adr/0008). Never imported by Binôme."""
