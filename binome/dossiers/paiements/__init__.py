"""What is due, what is paid, and how the bank answers."""
