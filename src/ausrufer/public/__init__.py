"""The city's own channel: pages, feeds and the live stream."""
