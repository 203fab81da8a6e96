"""The fund's files: contracts, events, deadlines, evaluations, payments. Plain functions on thin models."""
