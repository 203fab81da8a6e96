"""What a doctor sees of their contract."""
