"""The shell: composition root, windows, start page, settings and the command line."""

VERSION = "0.1.0"
"""Of the program; the same as in pyproject.toml."""
