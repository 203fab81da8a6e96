"""The operator's values: what a fund or the Cnam reads in texts that we could not, laid over the law's parameters."""
