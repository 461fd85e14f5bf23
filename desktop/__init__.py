"""The shell: composition root, windows, start page, settings and the command line."""
