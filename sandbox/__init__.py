"""Stand-ins: local programs that play a platform. They import nothing of Ausrufer."""
