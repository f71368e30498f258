"""Plays Instagram."""
