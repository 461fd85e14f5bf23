"""Rows of files into forms: where they go, what each of them does there, and what was refused."""
