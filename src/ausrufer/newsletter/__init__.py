"""The newsletter: who reads it, what a mailing is, and handing it over to the relay."""
