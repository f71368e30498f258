"""For letters."""
