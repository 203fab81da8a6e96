"""The public API, version 1: the same models and the same refusals as the command line, over HTTP."""
