"""The same rules over tables of doctors."""
