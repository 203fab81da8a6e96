"""The two pages that a doctor takes to the appointment with the CPAM."""

from binome.documents.pdf.rendu import rendre

__all__ = ["rendre"]
