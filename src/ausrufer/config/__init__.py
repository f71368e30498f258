"""Settings, command line, supervisor and wiring: the only place that knows everybody."""
