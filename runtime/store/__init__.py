"""The workspace on disk: keys, schema, THE door (`records`), queries, history, undo; the only place with SQL tables."""
