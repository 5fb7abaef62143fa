"""The `assay` command, one file per subcommand."""
