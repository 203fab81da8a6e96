"""Writing of the fund's pages."""
