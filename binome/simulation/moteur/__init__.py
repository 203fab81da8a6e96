"""One run of the law: columns in, arrays out, with their reasons."""
