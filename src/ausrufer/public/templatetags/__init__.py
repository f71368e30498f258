"""What templates of the own pages need."""
