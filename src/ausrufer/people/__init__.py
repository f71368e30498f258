"""Users, offices and roles, and the append-only record of what they did."""
