"""What an app is: an immutable value of nodes, the edits that make a new one, and its file format; no Qt, no store."""
