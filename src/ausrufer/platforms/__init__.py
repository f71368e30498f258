"""One file (or small folder) per platform; found by `config.wiring`, known to nobody else."""
