"""Binôme: the open system of the French *aide à l'emploi d'assistants médicaux*."""
