"""Binôme."""
