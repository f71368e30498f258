"""The subcommands of `ausrufer`, one module each: `add_arguments(parser)` and `run(arguments) -> exit status`."""
