"""Plays a Facebook page."""
