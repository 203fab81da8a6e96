"""Commands of the fund's files."""
