"""Tests that use the program as a person or a script does."""
