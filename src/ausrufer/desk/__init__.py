"""What the press office sees: compose, publish, board, list."""
