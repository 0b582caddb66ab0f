"""One module a command: what the commands do, without the command line."""
