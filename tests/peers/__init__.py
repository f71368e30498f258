"""Tests against servers nobody here wrote, and how those are started. `make test-peers` runs them."""
