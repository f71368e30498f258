"""What the desk's templates say beyond Django."""
