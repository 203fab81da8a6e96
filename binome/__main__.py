"""`python -m binome`."""

from binome.cli import principal

if __name__ == "__main__":
    principal()
