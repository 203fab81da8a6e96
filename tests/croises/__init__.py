"""The law and the exact reference, run on the same cases."""
