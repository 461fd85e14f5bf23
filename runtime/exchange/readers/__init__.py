"""Readers of files: a cheap look, then a child process that parses with limits and sends rows."""
