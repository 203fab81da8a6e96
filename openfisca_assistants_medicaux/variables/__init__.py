"""The variables of the law, one file per legal topic."""
