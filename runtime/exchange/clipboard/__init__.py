"""Blocks of cells on the clipboard, as other programs write and read them."""
