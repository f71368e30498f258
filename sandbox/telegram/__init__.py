"""A stand-in for the Bot API and the public page of a channel."""
