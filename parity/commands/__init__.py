"""The command line: one subcommand a file, over the public API."""
