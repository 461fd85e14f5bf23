"""Spreadsheets in and out: reading in a child process, understanding into an `ImportPlan`, writing through the door."""
