"""Ausrufer: the information channel of a town hall."""
