"""A contract, its events, its states and its acts."""
