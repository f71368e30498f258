"""The channel concept as data."""
