"""The conversation: questions, addresses, the result page and its fragments."""
