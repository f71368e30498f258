"""Plays the AT Protocol of Bluesky: the account's server, the reading service, and the video service."""
