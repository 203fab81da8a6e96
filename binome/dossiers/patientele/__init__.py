"""Doctors and their patient lists: imports, screening, steering."""
