"""The `dealwire` command."""
