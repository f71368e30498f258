"""Pictures, videos, captions: taken in piece by piece, looked at, made anew; nothing stays as it was uploaded."""
