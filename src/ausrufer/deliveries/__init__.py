"""The engine: release, dispatch, deliver, look, and the receipt that proves it."""
