"""Records as files that spreadsheets open."""
