"""Who is there, in what role, and what each address is open to."""
