"""MOVES changes between workspaces and a server; no Qt. Not built yet: a workspace is local so far."""
