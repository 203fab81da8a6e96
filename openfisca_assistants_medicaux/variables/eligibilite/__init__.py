"""The conditions of eligibility."""
