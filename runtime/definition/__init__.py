"""What an app is: an immutable value of nodes, the edits that make a new value, and its file format; no Qt, no store."""
