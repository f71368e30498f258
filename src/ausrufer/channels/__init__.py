"""Configured accounts on platforms: their secrets, holds, pauses and limits last read."""
