"""The tests; they mirror the tree, and `support` holds what they share."""
