"""What the agents of a fund work in every day."""
