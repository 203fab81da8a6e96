"""The typed model: what is asked, what is answered, and how a fault is said."""
