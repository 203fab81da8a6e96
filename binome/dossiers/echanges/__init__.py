"""What is received from doctors and written to them."""
