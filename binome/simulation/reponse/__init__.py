"""From a situation to its whole answer."""
