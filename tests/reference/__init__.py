"""Independent exact reference, used only by the tests."""
