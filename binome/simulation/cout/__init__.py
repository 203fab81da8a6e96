"""What the assistant costs: salary, contributions, taxe sur les salaires, and what is left after the aid."""
