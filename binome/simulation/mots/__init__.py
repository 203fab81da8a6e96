"""Words and figures for a reader."""
