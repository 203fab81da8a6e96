"""Transfers, as banks exchange them (ISO 20022): what is sent, and what comes back."""
