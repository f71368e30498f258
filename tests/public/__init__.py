"""The city's own channel."""
