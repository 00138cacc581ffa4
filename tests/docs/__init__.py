"""The documentation is run: its commands, its Python, its tables and its links."""
